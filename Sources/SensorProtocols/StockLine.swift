import Motion
import RealModule

/// One kind of line that a stock sketch prints.
struct StockLine: Sendable {
  let pattern: [UInt8]
  let meaning: Meaning

  init(_ pattern: String, _ meaning: Meaning) {
    self.pattern = Array(pattern.utf8)
    self.meaning = meaning
  }

  /// What the numbers of a line are, from the left.
  enum Meaning: Hashable, Sendable {
    /// Nothing that is read; the line is known.
    case quiet
    /// i2cdevlib: yaw, pitch, roll in degrees, where pitch is positive with the x axis up.
    case i2cdevlibAngles
    /// Razor AHRS: yaw, pitch, roll in degrees, axes forward, right and down.
    case razorAngles
    /// Roll about x, pitch about y, heading about z in degrees.
    case angles
    /// BNO055 in Adafruit's library: heading, the angle about y, the angle about x, in degrees.
    case bno055
    /// Angles in the order that the user has named: places of roll, pitch and heading.
    case named(roll: Int, pitch: Int, heading: Int)
    case quaternion
    /// x, y and z of a unit quaternion whose w is not negative.
    case quaternionWithoutW
    /// Words at the factory ranges of an MPU-6050: 16384 to one g, 131 to one °/s.
    case rawBoth
    case rawWithTemperature
    case rawAcceleration
    case rawRate
    /// m/s² and rad/s.
    case both
    case bothWithField
    case acceleration
    case rate
    /// mg, °/s, µT, °C.
    case scaled
    /// MotionCal: 8192 to one g, 16 to one °/s, 10 to one µT.
    case motionCal
  }

  /// The order matters only for speed: no line fits two patterns with different meanings.
  static let all: [StockLine] = [
    StockLine("ypr~#~#~#", .i2cdevlibAngles), StockLine("quat~#~#~#~#", .quaternion),
    StockLine("#YPR=#,#,#", .razorAngles).escaped,
    // Razor's single sensors: what their numbers are in depends on the sketch's settings.
    StockLine("#A-C=#,#,#", .quiet).escaped, StockLine("#M-C=#,#,#", .quiet).escaped,
    StockLine("#G-C=#,#,#", .quiet).escaped, StockLine("#A-R=#,#,#", .quiet).escaped,
    StockLine("#M-R=#,#,#", .quiet).escaped, StockLine("#G-R=#,#,#", .quiet).escaped,
    StockLine("a/g: #~#~#~#~#~#", .rawBoth),
    StockLine("AcX = # | AcY = # | AcZ = # | Tmp = # | GyX = # | GyY = # | GyZ = #", .rawWithTemperature),
    StockLine("accel x,y,z : #, #, # ", .rawAcceleration), StockLine("accel x,y,z : #, #, # ,", .rawAcceleration),
    StockLine("gyro x,y,z : #, #, # ", .rawRate), StockLine("gyro x,y,z : #, #, # ,", .rawRate),
    StockLine("Acceleration X: #, Y: #, Z: # m/s^2", .acceleration),
    StockLine("Rotation X: #, Y: #, Z: # rad/s", .rate), StockLine("Temperature: # degC", .quiet),
    StockLine("AccelX:#,AccelY:#,AccelZ:#, GyroX:#,GyroY:#,GyroZ:#", .both),
    StockLine("Accel X: #~Y: #~Z: # m/s^2", .acceleration), StockLine("Gyro X: #~Y: #~Z: # radians/s", .rate),
    StockLine("Temperature # deg C", .quiet),
    StockLine("Scaled. Acc (mg) [ #, #, # ], Gyr (DPS) [ #, #, # ], Mag (uT) [ #, #, # ], Tmp (C) [ # ]", .scaled),
    StockLine("Q1:#~Q2:#~Q3:#~Accuracy:#", .quaternionWithoutW), StockLine("Q1:#~Q2:#~Q3:#", .quaternionWithoutW),
    StockLine("{\"quat_w\":#, \"quat_x\":#, \"quat_y\":#, \"quat_z\":#}", .quaternion),
    StockLine("X: #~Y: #~Z: #", .bno055), StockLine("X: #~Y: #~Z: #~Sys:#~G:#~A:#~M:#", .bno055),
    StockLine("X: #~Y: #~Z: #~!~Sys:#~G:#~A:#~M:#", .bno055),
    StockLine("X: #~Y: #~Z: #~CALIBRATION: Sys=#~Gyro=#~Accel=#~Mag=#", .bno055),
    StockLine("CALIBRATION: Sys=#~Gyro=#~Accel=#~Mag=#", .quiet), StockLine("Quaternion: #, #, #, #", .quaternion),
    StockLine("Raw:#,#,#,#,#,#,#,#,#", .motionCal), StockLine("Uni:#,#,#,#,#,#,#,#,#", .bothWithField),
    StockLine("X~: #~Y~: #~Z~: #", .angles), StockLine("ANGLE~X: #~Y: #~Z: #", .angles),
    StockLine("euler~#~#~#", .quiet), StockLine("areal~#~#~#", .quiet), StockLine("aworld~#~#~#", .quiet),
  ]

  /// A pattern that begins with a `#` that stands for itself. A number can't stand there, so it is told apart.
  private var escaped: StockLine {
    var copy = self.pattern
    copy[0] = StockLine.literalHash
    return StockLine(pattern: copy, meaning: meaning)
  }

  private init(pattern: [UInt8], meaning: Meaning) {
    self.pattern = pattern
    self.meaning = meaning
  }

  /// Stands in a pattern for the character `#` itself.
  static let literalHash: UInt8 = 0x01

  /// The lines of sketches that print `Orientation:`, for an order such as `heading,pitch,roll`; nil when it names not each once.
  static func orientation(order: some StringProtocol) -> [StockLine]? {
    let names = order.split(separator: ",", omittingEmptySubsequences: false)
    guard names.count == 3, let roll = names.firstIndex(of: "roll"), let pitch = names.firstIndex(of: "pitch"),
      let heading = names.firstIndex(of: "heading")
    else { return nil }
    let meaning = Meaning.named(roll: roll, pitch: pitch, heading: heading)
    return [
      StockLine("Orientation: #~#~#", meaning), StockLine("Orientation: #, #, #", meaning),
      StockLine("# - Orientation: #~#~#", meaning), StockLine("# - Orientation: #, #, #", meaning),
    ]
  }
}

extension StockLine.Meaning {
  var isAccelerationAlone: Bool { self == .acceleration || self == .rawAcceleration }
  var isRateAlone: Bool { self == .rate || self == .rawRate }

  /// Whether a working sensor can have sent the numbers: no dead one's zeros, and a quaternion of about unit length, which
  /// one from a misaligned buffer has not.
  func isSound(_ n: StockNumbers) -> Bool {
    switch self {
    case .quaternion:
      let norm = n.quaternion(0).lengthSquared
      return norm > 0.9 && norm < 1.1
    case .quaternionWithoutW: return n.vector(0).lengthSquared <= 1.02
    case .rawBoth, .rawWithTemperature, .rawAcceleration, .acceleration, .both, .bothWithField, .scaled, .motionCal:
      return n.vector(0) != .zero
    default: return true
    }
  }

  /// Sets the quantities in SI units, and the flag of a raw word at its end.
  func fill(_ n: StockNumbers, _ sample: inout SensorSample) {
    switch self {
    case .rawBoth, .rawWithTemperature, .rawAcceleration, .rawRate:
      for index in 0..<n.count where n[index] >= 32767 || n[index] <= -32768 { sample.flags.insert(.saturated) }
    default: break
    }
    switch self {
    case .quiet: break
    case .i2cdevlibAngles, .razorAngles: setAngles(Vector3(n[2], n[1], n[0]), &sample)
    case .angles: setAngles(n.vector(0), &sample)
    case .bno055: setAngles(Vector3(n[2], n[1], n[0]), &sample)
    case .named(let roll, let pitch, let heading):
      // A time in milliseconds may stand before the three.
      let first = n.count - 3
      setAngles(Vector3(n[first + roll], n[first + pitch], n[first + heading]), &sample)
      if first == 1, n[0] >= 0, n[0] < 0x1p53 {
        sample.deviceTicks = UInt64(n[0].rounded())
        sample.fields.insert(.deviceTime)
      }
    case .quaternion: set(n.quaternion(0), &sample)
    case .quaternionWithoutW:
      let v = n.vector(0)
      set(Quaternion(w: max(0, 1 - v.lengthSquared).squareRoot(), x: v.x, y: v.y, z: v.z), &sample)
    case .rawBoth:
      setAcceleration(n.vector(0), standardGravity / 16384, &sample)
      setRate(n.vector(3), radiansPerDegree / 131, &sample)
    case .rawWithTemperature:
      setAcceleration(n.vector(0), standardGravity / 16384, &sample)
      setTemperature(n[3], &sample)
      setRate(n.vector(4), radiansPerDegree / 131, &sample)
    case .rawAcceleration: setAcceleration(n.vector(0), standardGravity / 16384, &sample)
    case .rawRate: setRate(n.vector(0), radiansPerDegree / 131, &sample)
    case .both, .bothWithField:
      setAcceleration(n.vector(0), 1, &sample)
      setRate(n.vector(3), 1, &sample)
      if self == .bothWithField { setField(n.vector(6), 1, &sample) }
    case .acceleration: setAcceleration(n.vector(0), 1, &sample)
    case .rate: setRate(n.vector(0), 1, &sample)
    case .scaled:
      setAcceleration(n.vector(0), standardGravity / 1000, &sample)
      setRate(n.vector(3), radiansPerDegree, &sample)
      setField(n.vector(6), 1, &sample)
      setTemperature(n[9], &sample)
    case .motionCal:
      setAcceleration(n.vector(0), standardGravity / 8192, &sample)
      setRate(n.vector(3), radiansPerDegree / 16, &sample)
      setField(n.vector(6), 0.1, &sample)
    }
  }

  /// The angles as they were sent (roll, pitch, yaw in degrees); where their signs are not those of the turns about z, y and x, also the
  /// orientation that they mean, because that is what an angle is made from.
  private func setAngles(_ degrees: Vector3, _ sample: inout SensorSample) {
    sample.eulerAngles = degrees * radiansPerDegree
    sample.fields.insert(.eulerAngles)
    let a = sample.eulerAngles
    switch self {
    case .i2cdevlibAngles:
      // With its z axis down the library gives pitch beyond 90°; the sine is right both ways, and roll has its own sign.
      let up = Vector3(
        Double.sin(a.y), Double.sin(a.x) * abs(Double.cos(a.y)), Double.cos(a.x) * abs(Double.cos(a.y)))
      let pitch = Double.atan2(y: -up.x, x: (up.y * up.y + up.z * up.z).squareRoot())
      set(Quaternion(yaw: a.z, pitch: pitch, roll: a.x), &sample)
    case .razorAngles:
      // Half a turn about x takes the earth frame with z down to one with z up.
      let q = Quaternion(yaw: a.z, pitch: a.y, roll: a.x)
      set(Quaternion(w: -q.x, x: q.w, y: -q.z, z: q.y), &sample)
    default: break
    }
  }

  private func set(_ q: Quaternion, _ sample: inout SensorSample) {
    sample.orientation = q
    sample.fields.insert(.orientation)
  }

  private func setAcceleration(_ v: Vector3, _ unit: Double, _ sample: inout SensorSample) {
    sample.acceleration = v * unit
    sample.fields.insert(.acceleration)
  }

  private func setRate(_ v: Vector3, _ unit: Double, _ sample: inout SensorSample) {
    sample.angularRate = v * unit
    sample.fields.insert(.angularRate)
  }

  private func setField(_ v: Vector3, _ unit: Double, _ sample: inout SensorSample) {
    sample.magneticField = v * unit
    sample.fields.insert(.magneticField)
  }

  private func setTemperature(_ celsius: Double, _ sample: inout SensorSample) {
    sample.temperature = celsius
    sample.fields.insert(.temperature)
  }
}
