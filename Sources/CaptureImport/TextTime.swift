/// Times of day and dates as loggers write them: `2018-10-03 17:23:55.4640`, `24.10.2022 18:36:24:895`, `15.26.13.153`,
/// `2020-11-04_15:24:03_784`, `14-Nov-2023 22:13:20.123`. Only differences are made of them, so that neither a zone nor the order of day and month
/// matters.
enum TextTime {
  /// Nanoseconds since some midnight; nil for what is no time.
  ///
  /// Runs of digits are taken in their order: a date where the first or the third of them has four digits, then hour, minute,
  /// second, and a fraction of the second.
  static func nanoseconds(_ bytes: Span<UInt8>, _ cell: Cell) -> Int64? {
    var values = InlineArray<7, Int64>(repeating: 0)
    var lengths = InlineArray<7, Int>(repeating: 0)
    var count = 0
    var index = cell.start
    var isAfternoon = false
    var month: Int64?
    while index < cell.end, count < 7 {
      let byte = bytes[index]
      guard byte >= 48, byte <= 57 else {
        // A word other than T (between date and time), Z and AM or PM makes it no time.
        let letter = byte | 0x20
        if letter >= 97, letter <= 122 {
          if count == 0 { return nil }
          if count == 1, month == nil { month = Self.month(bytes, index, cell.end) }
          if count >= 3, letter == 112 { isAfternoon = true }
          // A zone or a word behind the time ends it.
          if count >= 6 { break }
        }
        // The sign of a zone behind a fraction.
        if byte == 43, count >= 5 { break }
        index &+= 1
        continue
      }
      let start = index
      var value: Int64 = 0
      while index < cell.end, bytes[index] >= 48, bytes[index] <= 57 {
        if index &- start < 9 { value = value * 10 + Int64(bytes[index] &- 48) }
        index &+= 1
      }
      values[count] = value
      lengths[count] = min(index &- start, 9)
      count += 1
    }
    var first = 0
    var date: Int64? = 0
    if count >= 5, lengths[0] == 4 {
      date = Self.days(values[0], values[1], values[2])
      first = 3
    } else if count >= 5, lengths[2] == 4 {
      date = Self.days(values[2], values[1] > 12 ? values[0] : values[1], values[1] > 12 ? values[1] : values[0])
      first = 3
    } else if count >= 4, lengths[1] == 4, let month {
      date = Self.days(values[1], month, values[0])
      first = 2
    }
    guard let days = date, count - first >= 2, lengths[first] <= 2, lengths[first + 1] == 2 else { return nil }
    var hour = values[first]
    if isAfternoon, hour < 12 { hour += 12 }
    let minute = values[first + 1]
    let second = count > first + 2 ? values[first + 2] : 0
    guard hour < 25, minute < 60, second < 61 else { return nil }
    var fraction: Int64 = 0
    if count > first + 3 {
      fraction = values[first + 3]
      for _ in 0..<(9 - lengths[first + 3]) { fraction *= 10 }
    }
    return ((days * 24 + hour) * 3600 + minute * 60 + second) * 1_000_000_000 + fraction
  }

  /// The month that a word of English begins with, such as `Nov`; nil for other words.
  private static func month(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
    guard start + 3 <= end else { return nil }
    let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
    return names.withUTF8Buffer { letters in
      for month in 0..<12 where (0..<3).allSatisfy({ bytes[start + $0] | 0x20 == letters[3 * month + $0] }) {
        return Int64(month + 1)
      }
      return nil
    }
  }

  /// Days since 1970 in the civil calendar, after Hinnant's algorithm; nil for what is no date of a capture. Nanoseconds since 1970 fit in 64 bits from
  /// 1678 to 2262.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
    guard 1900...2200 ~= year, 1...12 ~= month, 1...31 ~= day else { return nil }
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
