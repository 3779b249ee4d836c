import Motion

/// Gives the bytes of a stuffed body one by one.
struct XIMU3Unstuffed {
  private var index: Int
  private let end: Int
  /// A DB was not followed by DC or DD.
  private(set) var isBroken = false

  init(from start: Int, to end: Int) {
    index = start
    self.end = end
  }

  mutating func next(_ bytes: Span<UInt8>) -> UInt8? {
    guard index < end, !isBroken else { return nil }
    let byte = bytes[index]
    index &+= 1
    guard byte == 0xDB else { return byte }
    guard index < end, bytes[index] == 0xDC || bytes[index] == 0xDD else {
      isBroken = true
      return nil
    }
    index &+= 1
    return bytes[index &- 1] == 0xDC ? 0x0A : 0xDB
  }
}

/// What follows the time stamp of a message.
struct XIMU3Layout {
  let letter: UInt8
  /// So many numbers.
  let count: Int
  /// Or any text or bytes.
  let isText: Bool

  init?(_ letter: UInt8) {
    let count: Int
    switch letter {
    case UInt8(ascii: "I"): count = 6
    case UInt8(ascii: "M"), UInt8(ascii: "H"), UInt8(ascii: "A"), UInt8(ascii: "B"): count = 3
    case UInt8(ascii: "Q"), UInt8(ascii: "U"): count = 4
    case UInt8(ascii: "R"): count = 9
    case UInt8(ascii: "L"), UInt8(ascii: "E"): count = 7
    case UInt8(ascii: "T"): count = 1
    case UInt8(ascii: "W"): count = 2
    // Serial accessory, notification, error.
    case UInt8(ascii: "S"), UInt8(ascii: "N"), UInt8(ascii: "F"): count = 0
    // Newer firmware has further letters; the message is known by its shape, and not read.
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): count = 0
    default: return nil
    }
    self.letter = letter
    self.count = count
    isText = count == 0
  }

  /// What the letter stands for; nil where it is not known.
  static func name(_ letter: UInt8) -> String? {
    switch letter {
    case UInt8(ascii: "I"): "inertial"
    case UInt8(ascii: "M"): "magnetometer"
    case UInt8(ascii: "H"): "high-g accelerometer"
    case UInt8(ascii: "Q"): "quaternion"
    case UInt8(ascii: "R"): "rotation matrix"
    case UInt8(ascii: "A"): "Euler angles"
    case UInt8(ascii: "L"): "linear acceleration"
    case UInt8(ascii: "E"): "earth acceleration"
    case UInt8(ascii: "U"): "AHRS status"
    case UInt8(ascii: "T"): "temperature"
    case UInt8(ascii: "B"): "battery"
    case UInt8(ascii: "W"): "RSSI"
    case UInt8(ascii: "S"): "serial accessory"
    case UInt8(ascii: "N"): "notification"
    case UInt8(ascii: "F"): "error"
    default: nil
    }
  }
}

/// One message's numbers.
struct XIMU3Message {
  /// Nine years of microseconds. The time stamps of half a binary message are usually larger.
  static let timeLimit: UInt64 = 1 << 48

  var kind = XIMU3Format.Kind.other
  var time: UInt64 = 0
  private var letter: UInt8 = 0
  private var a = Vector3.zero
  private var b = Vector3.zero
  private var c = Vector3.zero

  mutating func set(_ index: Int, _ value: Double) {
    switch index {
    case 0: a.x = value
    case 1: a.y = value
    case 2: a.z = value
    case 3: b.x = value
    case 4: b.y = value
    case 5: b.z = value
    case 6: c.x = value
    case 7: c.y = value
    default: c.z = value
    }
  }

  mutating func take(_ layout: XIMU3Layout, _ time: UInt64) -> Bool {
    self.time = time
    letter = layout.letter
    switch letter {
    case UInt8(ascii: "I"): kind = .inertial
    case UInt8(ascii: "Q"), UInt8(ascii: "R"), UInt8(ascii: "A"), UInt8(ascii: "L"), UInt8(ascii: "E"):
      kind = .orientation
    case UInt8(ascii: "M"), UInt8(ascii: "T"): kind = .addition
    default: kind = .other
    }
    return true
  }

  /// Sets what an inertial or orientation message says.
  ///
  /// - Parameter isDown: the z axis of the device's earth frame points down.
  func fill(_ sample: inout SensorSample, isDown: Bool) {
    sample.deviceTicks = time
    sample.fields.insert(.deviceTime)
    switch letter {
    case UInt8(ascii: "I"):
      sample.angularRate = a * radiansPerDegree
      sample.acceleration = b * standardGravity
      sample.fields.formUnion([.acceleration, .angularRate])
    case UInt8(ascii: "A"):
      sample.eulerAngles = a * radiansPerDegree
      sample.fields.insert(.eulerAngles)
      let angles = sample.eulerAngles
      // What roll and pitch mean for the vertical depends on the frame; a quaternion says it.
      if isDown { set(Quaternion(yaw: angles.z, pitch: angles.y, roll: angles.x), isDown, &sample) }
    case UInt8(ascii: "R"): set(ximu3Orientation(rows: a, b, c), isDown, &sample)
    default: set(Quaternion(w: a.x, x: a.y, y: a.z, z: b.x), isDown, &sample)
    }
  }

  private func set(_ q: Quaternion, _ isDown: Bool, _ sample: inout SensorSample) {
    sample.orientation = isDown ? q.northWestUpFromNorthEastDown : q
    sample.fields.insert(.orientation)
  }

  /// Sets what goes out with the next sample: the field in the device's own unit, about one for the earth's, or the temperature.
  func add(to sample: inout SensorSample) {
    if letter == UInt8(ascii: "T") {
      sample.temperature = a.x
      sample.fields.insert(.temperature)
    } else {
      sample.magneticField = a
      sample.fields.insert(.magneticField)
    }
  }
}

/// The value of the setting `ahrs_axes_convention` in a command or reply (0 NWU, 1 ENU, 2 NED); nil where it is not in it. The device compares
/// keys without regard to case and punctuation.
func ximu3Convention(_ object: Span<UInt8>) -> Int? {
  let key: StaticString = "ahrsaxesconvention"
  var matched = 0
  var index = 0
  while index < object.count {
    let byte = object[index]
    index &+= 1
    if matched == key.utf8CodeUnitCount {
      // The digit stands behind the key's quotation mark, a colon and perhaps blanks.
      if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { return Int(byte &- UInt8(ascii: "0")) }
      if byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ":") && byte != 0x20 { matched = 0 }
      continue
    }
    let letter = byte | 0x20
    guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z"), byte >= UInt8(ascii: "A") else {
      if byte == UInt8(ascii: "\"") { matched = 0 }
      continue
    }
    matched = letter == key.utf8Start[matched] ? matched &+ 1 : letter == key.utf8Start[0] ? 1 : 0
  }
  return nil
}

/// The rotation with these rows; a quaternion of length zero, which is flagged implausible, when they are no rotation.
private func ximu3Orientation(rows x: Vector3, _ y: Vector3, _ z: Vector3) -> Quaternion {
  Quaternion(rotationColumns: Vector3(x.x, y.x, z.x), Vector3(x.y, y.y, z.y), Vector3(x.z, y.z, z.z))
    ?? Quaternion(w: 0, x: 0, y: 0, z: 0)
}
