/// Milliseconds since 2000-01-01 00:00 of the device's calendar, from a WitMotion time frame: year of the century, month, day, hour,
/// minute, second, and milliseconds low byte first. Nil where the fields are no date: the clock was never set.
func witMotionMilliseconds(_ frame: Span<UInt8>) -> UInt64? {
  let year = Int(frame[2])
  let month = Int(frame[3])
  let day = Int(frame[4])
  let (hour, minute, second) = (Int(frame[5]), Int(frame[6]), Int(frame[7]))
  let milliseconds = Int(frame[8]) | Int(frame[9]) << 8
  guard let date = secondsSince2000(year: year, month: month, day: day), hour < 24, minute < 60, second < 60,
    milliseconds < 1000
  else { return nil }
  let seconds = date + hour * 3600 + minute * 60 + second
  return UInt64(seconds * 1000 + milliseconds)
}

/// Seconds from 2000-01-01 00:00 to the beginning of a day of this century, its year counted from 2000; nil for no date.
func secondsSince2000(year: Int, month: Int, day: Int) -> Int? {
  guard year >= 0, year < 100, (1...12).contains(month), day >= 1, day <= daysOf(month: month, year: year) else {
    return nil
  }
  return (daysBefore(year: year, month: month) + day - 1) * 86400
}

/// The eight data bytes of a time frame for so many milliseconds since 2000; the century is dropped.
func witMotionTimeFields(milliseconds: UInt64) -> (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) {
  let centuryMilliseconds = UInt64(daysBefore(year: 100, month: 1)) * 86_400_000
  let rest = Int(milliseconds % centuryMilliseconds)
  let day = rest / 86_400_000
  var year = day / 366
  while year < 99, daysBefore(year: year + 1, month: 1) <= day { year += 1 }
  var month = 1
  while month < 12, daysBefore(year: year, month: month + 1) <= day { month += 1 }
  let inDay = rest % 86_400_000
  let inSecond = inDay % 1000
  return (
    UInt8(year), UInt8(month), UInt8(day - daysBefore(year: year, month: month) + 1), UInt8(inDay / 3_600_000),
    UInt8(inDay / 60_000 % 60), UInt8(inDay / 1000 % 60), UInt8(inSecond & 0xFF), UInt8(inSecond >> 8)
  )
}

/// Days from 2000-01-01 to the first of the month. From 2000 to 2099 every fourth year is a leap year, 2000 among them.
private func daysBefore(year: Int, month: Int) -> Int {
  year * 365 + (year + 3) / 4 + daysBeforeMonth(month) + (month > 2 && year % 4 == 0 ? 1 : 0)
}

private func daysOf(month: Int, year: Int) -> Int {
  month == 12 ? 31 : daysBefore(year: year, month: month + 1) - daysBefore(year: year, month: month)
}

/// In a common year.
private func daysBeforeMonth(_ month: Int) -> Int {
  switch month {
  case 1: 0
  case 2: 31
  case 3: 59
  case 4: 90
  case 5: 120
  case 6: 151
  case 7: 181
  case 8: 212
  case 9: 243
  case 10: 273
  case 11: 304
  default: 334
  }
}
