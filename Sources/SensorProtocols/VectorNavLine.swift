import Motion

/// The text lines of VectorNav: `$VN` and a name, numbers between commas, `*` and the checksum (two hexadecimal digits for the XOR of all between `$` and
/// `*`, or four for the CRC), and the end of the line.
///
/// The three letters of a measurement's name spell what it holds. Lines with other names (answers to commands, errors, navigation), or with
/// another number of columns than their name has, are frames without a sample.
struct VectorNavLine: Sendable {
  private var numbers: [Double] = Array(repeating: 0, count: 16)

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    let name: StaticString = "$VN"
    for index in 1..<3 {
      guard index < head.count else { return .incomplete }
      guard head[index] == name.utf8Start[index] else { return .noFrame }
    }
    var xor: UInt8 = 0
    var crc: UInt16 = 0
    var index = 1
    while true {
      guard index < vectorNavLongestLine else { return .noFrame }
      guard index < head.count else { return .incomplete }
      let byte = head[index]
      if byte == UInt8(ascii: "*") { break }
      guard byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "$") else { return .noFrame }
      xor ^= byte
      crc = vectorNavCRC(crc, byte)
      index &+= 1
    }
    index &+= 1
    var sum: UInt16 = 0
    var digits = 0
    while true {
      guard index < head.count else { return .incomplete }
      guard let digit = hexadecimalDigit(head[index]) else { break }
      guard digits < 4 else { return .noFrame }
      sum = sum << 4 | UInt16(digit)
      digits += 1
      index &+= 1
    }
    if head[index] == 0x0D {
      index &+= 1
      guard index < head.count else { return .incomplete }
    }
    guard head[index] == 0x0A, digits == 2 || digits == 4 else { return .noFrame }
    return sum == (digits == 2 ? UInt16(xor) : crc) ? .frame(length: index &+ 1) : .badCheck
  }

  /// Whether a line is a measurement, or an answer that a host can get.
  static func isKnown(_ line: Span<UInt8>) -> Bool {
    guard line.count > 6 else { return false }
    let name = UInt32(line[3]) << 16 | UInt32(line[4]) << 8 | UInt32(line[5])
    return columns(name) != nil
      || ["RRG", "WRG", "ERR", "ASY", "WNV", "RST", "RFS", "TAR", "SGB", "KMD", "KAD", "ISE"].contains {
        (name: StaticString) in letters(name) == UInt32(line[3]) << 16 | UInt32(line[4]) << 8 | UInt32(line[5])
      }
  }

  /// Adds what a sound line says.
  mutating func read(_ line: Span<UInt8>, into sample: inout SensorSample) {
    guard line.count > 7, line[6] == UInt8(ascii: ",") else { return }
    let name = UInt32(line[3]) << 16 | UInt32(line[4]) << 8 | UInt32(line[5])
    guard let columns = Self.columns(name) else { return }
    var count = 0
    var start = 7
    var index = 7
    while true {
      let byte = line[index]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "*") {
        // Behind the measurement the sensor can be told to put a count or a time of its own, marked by a letter.
        if count == columns.count && isLetter(line[start]) { break }
        guard count < numbers.count, let number = lineNumber(line, from: start, to: index) else { return }
        numbers[count] = number
        count += 1
        start = index &+ 1
        if byte == UInt8(ascii: "*") { break }
      }
      index &+= 1
    }
    guard count == columns.count else { return }
    for place in 0..<4 { take(columns.kind(place), at: columns.start(place), into: &sample) }
  }

  private func take(_ kind: UInt8, at start: Int, into sample: inout SensorSample) {
    switch kind {
    case UInt8(ascii: "Y"):
      let (yaw, pitch, roll) = (numbers[start], numbers[start + 1], numbers[start + 2])
      VectorNavFormat.setAngles(
        yaw: yaw * radiansPerDegree, pitch: pitch * radiansPerDegree, roll: roll * radiansPerDegree, of: &sample)
    case UInt8(ascii: "Q"):
      let q = Quaternion(w: numbers[start + 3], x: numbers[start], y: numbers[start + 1], z: numbers[start + 2])
      sample.orientation = q.northWestUpFromNorthEastDown
      sample.fields.insert(.orientation)
    case UInt8(ascii: "M"):
      sample.magneticField = vector(start) * microteslasPerGauss
      sample.fields.insert(.magneticField)
    case UInt8(ascii: "A"):
      sample.acceleration = vector(start)
      sample.fields.insert(.acceleration)
    case UInt8(ascii: "G"):
      sample.angularRate = vector(start)
      sample.fields.insert(.angularRate)
    case UInt8(ascii: "T"):
      sample.temperature = numbers[start]
      sample.fields.insert(.temperature)
    default: break
    }
  }

  private func vector(_ start: Int) -> Vector3 { Vector3(numbers[start], numbers[start + 1], numbers[start + 2]) }

  /// What a line's numbers are: Y three angles, Q quaternion, M magnetic field, A acceleration, G angular rate, T temperature and pressure,
  /// N three numbers that are not read (an acceleration without gravity).
  private struct Columns {
    let kinds: UInt32

    init(_ kinds: StaticString) {
      var packed: UInt32 = 0
      for index in 0..<4 {
        packed = packed << 8 | (index < kinds.utf8CodeUnitCount ? UInt32(kinds.utf8Start[index]) : 0)
      }
      self.kinds = packed
    }

    func kind(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: kinds >> UInt32(24 - 8 * place)) }

    private func width(_ place: Int) -> Int {
      switch kind(place) {
      case 0: 0
      case UInt8(ascii: "Q"): 4
      case UInt8(ascii: "T"): 2
      default: 3
      }
    }

    func start(_ place: Int) -> Int { (0..<place).reduce(0) { $0 + width($1) } }

    var count: Int { start(4) }
  }

  private static func columns(_ name: UInt32) -> Columns? {
    switch name {
    case letters("YPR"): Columns("Y")
    case letters("YMR"): Columns("YMAG")
    case letters("YBA"), letters("YIA"): Columns("YNG")
    case letters("QTN"): Columns("Q")
    case letters("QTM"): Columns("QM")
    case letters("QTA"): Columns("QA")
    case letters("QTR"): Columns("QG")
    case letters("QMA"): Columns("QMA")
    case letters("QAR"): Columns("QAG")
    case letters("QMR"): Columns("QMAG")
    case letters("ACC"): Columns("A")
    case letters("GYR"): Columns("G")
    case letters("MAR"): Columns("MAG")
    case letters("IMU"): Columns("MAGT")
    default: nil
    }
  }

  @inline(__always)
  private static func letters(_ name: StaticString) -> UInt32 {
    UInt32(name.utf8Start[0]) << 16 | UInt32(name.utf8Start[1]) << 8 | UInt32(name.utf8Start[2])
  }
}

/// The most bytes of a line up to its `*`; the longest measurement has about 200.
private let vectorNavLongestLine = 256

@inline(__always)
private func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }

@inline(__always)
private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
  default: nil
  }
}
