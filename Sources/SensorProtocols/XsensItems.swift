import Motion

/// What the items of MTData2 mean.
extension XsensFormat {
  /// Adds one item. One whose length does not fit its identifier is left out.
  @inline(__always)
  static func read(
    _ frame: Span<UInt8>, at index: Int, length: Int, identifier: UInt16, into sample: inout SensorSample
  ) {
    let format = Int(identifier & 3)
    let fits = { (count: Int) in length == count &* xsensWidth(format) }
    func number(_ place: Int) -> Double { xsensNumber(frame, at: index &+ place &* xsensWidth(format), format: format) }
    switch identifier & 0xFFF0 {
    case 0x0810 where fits(1):
      sample.temperature = number(0)
      sample.fields.insert(.temperature)
    case 0x1060 where length == 4:
      sample.deviceTicks = UInt64(frame.bigEndian(UInt32.self, at: index))
      sample.fields.insert(.deviceTime)
    case 0x2010 where fits(4):
      let q = Quaternion(w: number(0), x: number(1), y: number(2), z: number(3))
      sample.orientation = isDown(identifier) ? q.northWestUpFromNorthEastDown : q
      sample.fields.insert(.orientation)
    case 0x2020 where fits(9) && !sample.fields.contains(.orientation):
      // Column after column: the images of the sensor's axes.
      func column(_ place: Int) -> Vector3 { Vector3(number(place), number(place &+ 1), number(place &+ 2)) }
      if let q = Quaternion(rotationColumns: column(0), column(3), column(6)) {
        sample.orientation = isDown(identifier) ? q.northWestUpFromNorthEastDown : q
        sample.fields.insert(.orientation)
      }
    case 0x2030 where fits(3):
      sample.eulerAngles = Vector3(number(0), number(1), number(2)) * radiansPerDegree
      sample.fields.insert(.eulerAngles)
      if isDown(identifier) && !sample.fields.contains(.orientation) {
        let q = Quaternion(yaw: sample.eulerAngles.z, pitch: sample.eulerAngles.y, roll: sample.eulerAngles.x)
        sample.orientation = q.northWestUpFromNorthEastDown
        sample.fields.insert(.orientation)
      }
    case 0x4020 where fits(3):
      sample.acceleration = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.acceleration)
    case 0x4040 where fits(3) && !sample.fields.contains(.acceleration):
      sample.acceleration = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.acceleration)
    case 0x8020 where fits(3):
      sample.angularRate = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.angularRate)
    case 0x8040 where fits(3) && !sample.fields.contains(.angularRate):
      sample.angularRate = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.angularRate)
    case 0xC020 where fits(3):
      sample.magneticField = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.magneticField)
    case 0xE020 where length == 4:
      // Bits 8 to 13: an axis of the accelerometer or the gyroscope at the end of its range.
      if frame.bigEndian(UInt32.self, at: index) & 0x3F00 != 0 { sample.flags.insert(.saturated) }
    default: break
    }
  }

  /// Whether the item's earth frame is north-east-down; the other two, east-north-up and north-west-up, have z up.
  @inline(__always)
  private static func isDown(_ identifier: UInt16) -> Bool { identifier & 0xC == 0x4 }
}

let xsensMTData2: UInt8 = 0x36
/// The most data bytes that a message can have.
let xsensLongestData = 2048
let xsensMotion: SensorSample.Fields = [.acceleration, .angularRate, .orientation, .eulerAngles]

/// Bytes of a number: single precision, fixed point 12.20, fixed point 16.32, double precision.
@inline(__always)
func xsensWidth(_ format: Int) -> Int {
  switch format {
  case 2: 6
  case 3: 8
  default: 4
  }
}

@inline(__always)
func xsensNumber(_ bytes: Span<UInt8>, at index: Int, format: Int) -> Double {
  switch format {
  case 0: return bytes.bigEndianFloat(at: index)
  case 1: return Double(Int32(bitPattern: bytes.bigEndian(UInt32.self, at: index))) * 0x1p-20
  case 2:
    // The 32 bits of the fraction stand before the 16 of the whole number.
    let fraction = Int64(bytes.bigEndian(UInt32.self, at: index))
    let whole = Int64(Int16(bitPattern: bytes.bigEndian(UInt16.self, at: index &+ 4)))
    return Double(whole << 32 | fraction) * 0x1p-32
  default: return Double(bitPattern: bytes.bigEndian(UInt64.self, at: index))
  }
}
