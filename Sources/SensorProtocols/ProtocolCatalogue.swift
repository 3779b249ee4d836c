import Motion

/// All wire protocols, a row each. A new protocol is one format file, one row here, one test file and one page under Hardware.
public enum ProtocolCatalogue {
  /// An IMU below a knee: its y axis along the shank, its face forward.
  private static let imuMount = "y=proximal,z=anterior"
  /// A two-axis inclinometer measures about the level: it sits on a bracket with its base level while the person stands.
  private static let inclinometerMount = "z=proximal,x=anterior"
  /// A constant error of about 10 mg, which low-cost MEMS accelerometers have after soldering and without calibration, is 0.6°.
  private static let imuAngleSD = 0.6
  /// An IMU whose z axis points into the surface that it lies on: its x axis to the knee.
  private static let downMount = "x=proximal,z=posterior"
  /// Bare chips that a sketch reads as they left the factory: data sheets give 20 to 40 mg of offset for each axis (MPU-6050, BMI160, BMI270, LSM6DS3,
  /// LSM6DSO, ICM-20948); their root mean square of 30 mg, with 1 % of scale and axis error, is 1.8°.
  private static let bareChipAngleSD = 1.8
  /// An IMU that its maker calibrates over temperature: about 5 mg.
  private static let calibratedAngleSD = 0.3
  /// An inclinometer is adjusted in its factory, by which its error is a fraction of an IMU's; it resolves 0.01°.
  private static let inclinometerAngleSD = 0.2

  private static let rawField = "the magnetic field is in the device's own words, whose unit its maker does not say"
  private static let relativeField = "the magnetic field is in the device's own unit, in which the earth's is about one"

  /// Every protocol that Talus speaks.
  public static let rows: [ProtocolDescription] = [
    ProtocolDescription(
      name: "witmotion", summary: "WitMotion standard protocol (WT901, WT901SD, BWT901CL, HWT905, JY901)",
      bauds: [115_200, 9600, 921_600], hasChecksum: true, clock: .clock(bits: 64, nanosecondsPerTick: 1_000_000),
      nominalRate: 10, measurement: .imu, usualMount: imuMount, staticAngleSDDegrees: imuAngleSD,
      accelerationRange: 16 * standardGravity, angularRateRange: 2000 * radiansPerDegree, fieldUnit: rawField,
      hardwarePage: "WitMotion.md", decoder: { FrameReader(WitMotionFormat(), stream: $0) },
      encoder: { WitMotionEncoder() }),
    rion("rion", "RION and BWSENSING (Bewis) inclinometers", .angles),
    rion("rion-tl740", "RION TL740 in its standard-2 mode, which sends accelerations", .accelerations),
    ProtocolDescription(
      name: "dxl360s", summary: "DXL360S digital level (two axes)", bauds: [9600], hasChecksum: false, clock: .none,
      nominalRate: 10, measurement: .inclination, usualMount: inclinometerMount,
      staticAngleSDDegrees: inclinometerAngleSD, hardwarePage: "DXL360S.md",
      decoder: { FrameReader(DXL360SFormat(), stream: $0) }, encoder: { DXL360SEncoder() }),
    // Sensors of gait laboratories, and further forms of WitMotion's.
    ProtocolDescription(
      name: "ximu3", summary: "x-io x-IMU3, binary and text messages", bauds: [115_200], hasChecksum: false,
      clock: .clock(bits: 64, nanosecondsPerTick: 1000), nominalRate: 50, measurement: .imu, usualMount: imuMount,
      staticAngleSDDegrees: imuAngleSD, fieldUnit: relativeField, hardwarePage: "x-IMU3.md",
      decoder: { FrameReader(XIMU3Format(), stream: $0) }, encoder: { XIMU3Encoder(.binary) }),
    ProtocolDescription(
      name: "ximu", summary: "x-io x-IMU, the first generation", bauds: [115_200], hasChecksum: true, clock: .none,
      nominalRate: nil, measurement: .imu, usualMount: imuMount, staticAngleSDDegrees: imuAngleSD,
      hardwarePage: "x-IMU.md", decoder: { FrameReader(XIMUFormat(), stream: $0) }, encoder: { XIMUEncoder() }),
    ProtocolDescription(
      name: "witmotion-ble", summary: "WitMotion Bluetooth models, frames of 20 bytes (55 61)",
      bauds: [115_200, 9600], hasChecksum: false, clock: .none, nominalRate: 10, measurement: .imu,
      usualMount: imuMount, staticAngleSDDegrees: imuAngleSD, accelerationRange: 16 * standardGravity,
      angularRateRange: 2000 * radiansPerDegree, fieldUnit: rawField, hardwarePage: "WitMotion-Bluetooth.md",
      decoder: { FrameReader(WitMotionBluetoothFormat(), stream: $0) }, encoder: { WitMotionBluetoothEncoder() }),
    modbus(.witMotion, "witmotion-modbus", "WitMotion RS-485 models, Modbus (WT901C485, SINDT-485)"),
    modbus(.witMotionPrecise, "witmotion-modbus-32", "WitMotion HWT9053 and HWT9073, Modbus, angles of 32 bits"),
    modbus(.stabila, "stabila", "STABILA TECH 1000 DP level, Modbus"),
    shimmer("shimmer3", "Shimmer3, Bluetooth stream", .shimmer, { ShimmerEncoder() }) {
      FrameReader(ShimmerFormat(), stream: $0)
    },
    shimmer("shimmer3-log", "Shimmer3, log of its memory card", nil, { ShimmerEncoder(.log) }) {
      FrameReader(ShimmerLogFormat(), stream: $0)
    },
    // What sketches on a microcontroller send.
    ProtocolDescription(
      name: "teapot", summary: "i2cdevlib teapot packets (MPU-6050 with its motion processor)", bauds: [115_200],
      hasChecksum: false, clock: .counter(bits: 8), nominalRate: nil, measurement: .orientation, usualMount: imuMount,
      staticAngleSDDegrees: bareChipAngleSD, hardwarePage: "Teapot.md",
      decoder: { FrameReader(TeapotFormat(), stream: $0) }, encoder: { TeapotEncoder() }),
    ProtocolDescription(
      name: "sketch", summary: "Labelled lines of stock sketches (i2cdevlib, Adafruit, SparkFun, Razor AHRS)",
      bauds: [115_200, 57600, 38400, 9600], hasChecksum: false, clock: .none, nominalRate: nil, measurement: .imu,
      usualMount: imuMount, staticAngleSDDegrees: bareChipAngleSD, hardwarePage: "Sketch-lines.md",
      decoder: { FrameReader(StockLinesFormat(), stream: $0) }, encoder: { StockLineEncoder() }),
    // Inclinometers.
    meas("meas", "MEAS (TE) DPG and NS inclinometers", CharacterFormat()),
    meas("bei", "BEI inclinometers: the lines of MEAS with even parity", CharacterFormat(parity: .even)),
    ProtocolDescription(
      name: "jewell", summary: "Jewell TuffTilt inclinometers, both forms of lines", bauds: [9600],
      hasChecksum: false, clock: .none, nominalRate: nil, measurement: .inclination, usualMount: inclinometerMount,
      staticAngleSDDegrees: inclinometerAngleSD, dialogue: .jewell, hardwarePage: "Jewell.md",
      decoder: { FrameReader(JewellFormat(), stream: $0) }, encoder: { JewellEncoder() }),
    lines(try! ColumnMap(ColumnMap.example)),
    // Sensors of laboratories and makers of navigation systems.
    ProtocolDescription(
      name: "xsens", summary: "Xsens (Movella) MTi, MTData2 messages", bauds: [115_200, 921_600, 460_800, 230_400],
      hasChecksum: true, clock: .clock(bits: 32, nanosecondsPerTick: 100_000), nominalRate: nil, measurement: .imu,
      usualMount: imuMount, staticAngleSDDegrees: calibratedAngleSD, fieldUnit: relativeField,
      hardwarePage: "Xsens.md",
      decoder: { FrameReader(XsensFormat(), stream: $0) }, encoder: { XsensEncoder() }),
    ProtocolDescription(
      name: "vectornav", summary: "VectorNav VN-100, VN-200, VN-300, binary messages and text lines",
      bauds: [115_200, 921_600, 230_400, 460_800], hasChecksum: true, clock: .clock(bits: 64, nanosecondsPerTick: 1),
      nominalRate: 40, measurement: .imu, usualMount: downMount, staticAngleSDDegrees: calibratedAngleSD,
      hardwarePage: "VectorNav.md", decoder: { FrameReader(VectorNavFormat(), stream: $0) },
      encoder: { VectorNavEncoder() }),
    ProtocolDescription(
      name: "microstrain", summary: "MicroStrain (LORD, HBK) 3DM-GX, 3DM-CX and CV sensors, MIP packets",
      bauds: [115_200, 921_600, 460_800, 230_400], hasChecksum: true, clock: .clock(bits: 64, nanosecondsPerTick: 1),
      nominalRate: nil, measurement: .imu, usualMount: downMount, staticAngleSDDegrees: calibratedAngleSD,
      hardwarePage: "MicroStrain.md", decoder: { FrameReader(MicroStrainFormat(), stream: $0) },
      encoder: { MicroStrainEncoder() }),
    ProtocolDescription(
      name: "bno08x-rvc", summary: "BNO080, BNO085, BNO086 in UART-RVC mode", bauds: [115_200], hasChecksum: true,
      clock: .counter(bits: 8), nominalRate: 100, measurement: .orientation, usualMount: imuMount,
      staticAngleSDDegrees: imuAngleSD, hardwarePage: "BNO08x-RVC.md",
      decoder: { FrameReader(BNO08xRVCFormat(), stream: $0) }, encoder: { BNO08xRVCEncoder() }),
  ]

  /// The names that a user can give.
  public static let names =
    rows.map(\.name).filter { !$0.hasPrefix("lines:") } + ["orientation:ORDER", "lines:COLUMNS"]

  /// Why there is no protocol of a name, in words for the person who gave it.
  public struct NotFound: Error, Hashable, CustomStringConvertible {
    public let description: String
  }

  /// The protocol of that name; `lines:` with a column map makes its own row.
  ///
  /// - Throws: `NotFound`, with the names that exist, or with what is wrong with the columns.
  public static func find(_ name: String) throws(NotFound) -> ProtocolDescription {
    let wanted = name.lowercased()
    if let row = rows.first(where: { $0.name == wanted }) { return row }
    if let row = try modbus(addressed: wanted) { return row }
    if wanted == "lines" || wanted == "lines:" {
      throw NotFound(
        description:
          "the protocol 'lines' needs the names of its columns, because bare numbers do not say what they are: "
          + "lines:\(ColumnMap.example) (known names: \(ColumnMap.names)); only where bytes are at hand are they learned"
      )
    }
    if wanted.hasPrefix("lines:") {
      do {
        return lines(try ColumnMap(wanted.dropFirst("lines:".count)))
      } catch {
        throw NotFound(description: "the columns of '\(name)' can't be used: \(error.description)")
      }
    }
    if wanted == "orientation" || wanted.hasPrefix("orientation:") {
      guard let lines = StockLine.orientation(order: wanted.dropFirst("orientation:".count)) else {
        throw NotFound(
          description:
            "the protocol 'orientation' needs the order of its three numbers, because sketches print the word "
            + "'Orientation:' with four different ones: orientation:heading,pitch,roll, or roll, pitch and heading in "
            + "another order; tilt the sensor to see which number is which")
      }
      return orientation(wanted, lines)
    }
    throw NotFound(
      description: "there is no protocol '\(name)'; known are \(names.joined(separator: ", ")), "
        + "for example lines:\(ColumnMap.example)")
  }

  /// The row for a Modbus device whose address is not that of the factory: its name, `@` and the address, such as `stabila@33` or `stabila@0x21`.
  private static func modbus(addressed name: String) throws(NotFound) -> ProtocolDescription? {
    let parts = name.split(separator: "@", omittingEmptySubsequences: false)
    let devices: [(String, ModbusDevice)] = [
      ("witmotion-modbus", .witMotion), ("witmotion-modbus-32", .witMotionPrecise), ("stabila", .stabila),
    ]
    guard parts.count == 2, let found = devices.first(where: { $0.0 == parts[0] }),
      let row = rows.first(where: { $0.name == found.0 })
    else { return nil }
    let number = parts[1].hasPrefix("0x") ? UInt8(parts[1].dropFirst(2), radix: 16) : UInt8(parts[1])
    guard let number, (1...247).contains(number) else {
      throw NotFound(
        description:
          "the address of '\(name)' is none: give a number from 1 to 247, such as \(parts[0])@33, or \(parts[0])@0x21")
    }
    return modbus(found.1, name, row.summary, address: number)
  }

  /// The row for a device that answers Modbus requests.
  private static func modbus(
    _ device: ModbusDevice, _ name: String, _ summary: String, address: UInt8? = nil
  ) -> ProtocolDescription {
    let isLevel = device == .stabila
    let poll = device.poll
    return ProtocolDescription(
      name: name, summary: summary, bauds: isLevel ? [9600, 19200] : [9600, 115_200],
      characters: CharacterFormat(stopBits: isLevel ? 2 : 1), hasChecksum: true, clock: .none, nominalRate: nil,
      measurement: isLevel ? .inclination : .imu, usualMount: isLevel ? inclinometerMount : imuMount,
      staticAngleSDDegrees: isLevel ? inclinometerAngleSD : imuAngleSD,
      fieldUnit: device == .witMotion ? rawField : nil,
      dialogue: .modbus(
        address: address ?? device.address, register: poll.register, count: poll.count,
        interval: isLevel ? 50_000_000 : 20_000_000,
        isLevel ? "asks for its angle" : "asks for acceleration and angular rate"),
      hardwarePage: isLevel ? "STABILA.md" : "WitMotion-Modbus.md",
      decoder: { FrameReader(ModbusFormat(device, address: address ?? device.address), stream: $0) },
      encoder: { ModbusEncoder(device, address: address ?? device.address) })
  }

  /// The row for RION's frames with this content.
  private static func rion(
    _ name: String, _ summary: String, _ content: RionFormat.Content
  ) -> ProtocolDescription {
    ProtocolDescription(
      name: name, summary: summary, bauds: [9600, 115_200, 19200, 38400], hasChecksum: true, clock: .none,
      nominalRate: nil, measurement: .inclination, usualMount: inclinometerMount,
      staticAngleSDDegrees: inclinometerAngleSD, dialogue: .rion, hardwarePage: "RION-BWSENSING.md",
      decoder: { FrameReader(RionFormat(content), stream: $0) }, encoder: { RionEncoder(content) })
  }

  /// The row for the lines `X=` and `Y=`, which two makers send.
  private static func meas(_ name: String, _ summary: String, _ characters: CharacterFormat) -> ProtocolDescription {
    ProtocolDescription(
      name: name, summary: summary, bauds: [9600], characters: characters, hasChecksum: false, clock: .none,
      nominalRate: nil, measurement: .inclination, usualMount: inclinometerMount,
      staticAngleSDDegrees: inclinometerAngleSD, hardwarePage: "MEAS-BEI.md",
      decoder: { FrameReader(MEASFormat(), stream: $0) }, encoder: { MEASEncoder() })
  }

  /// The row for a form of Shimmer3 data. A tick is 1/32768 s, 30517.578 ns, taken as the next whole nanosecond.
  private static func shimmer(
    _ name: String, _ summary: String, _ dialogue: DeviceDialogue?, _ encoder: (@Sendable () -> any SampleEncoder)?,
    _ decoder: @escaping @Sendable (StreamID) -> any FrameDecoder
  ) -> ProtocolDescription {
    ProtocolDescription(
      name: name, summary: summary, bauds: [115_200], hasChecksum: false,
      clock: .clock(bits: 24, nanosecondsPerTick: 30518), nominalRate: nil, measurement: .imu, usualMount: imuMount,
      staticAngleSDDegrees: imuAngleSD, dialogue: dialogue, hardwarePage: "Shimmer3.md", decoder: decoder,
      encoder: encoder)
  }

  /// The row for `Orientation:` lines in a named order.
  private static func orientation(_ name: String, _ lines: [StockLine]) -> ProtocolDescription {
    ProtocolDescription(
      name: name, summary: "Lines of three angles behind the word Orientation, in the named order",
      bauds: [115_200, 9600], hasChecksum: false, clock: .clock(bits: 64, nanosecondsPerTick: 1_000_000),
      nominalRate: nil, measurement: .orientation, usualMount: imuMount, staticAngleSDDegrees: bareChipAngleSD,
      hardwarePage: "Sketch-lines.md", decoder: { FrameReader(StockLinesFormat(lines), stream: $0) }, encoder: nil)
  }

  /// The row for lines with these columns.
  private static func lines(_ map: ColumnMap) -> ProtocolDescription {
    ProtocolDescription(
      name: "lines:" + map.text, summary: "Plain lines of numbers with named columns, as sketches print them",
      bauds: [115_200, 9600, 57600, 38400], hasChecksum: false, clock: map.clock, nominalRate: nil,
      measurement: map.hasAcceleration ? .imu : .inclination,
      usualMount: map.hasAcceleration ? imuMount : inclinometerMount,
      staticAngleSDDegrees: map.hasAcceleration ? bareChipAngleSD : inclinometerAngleSD, hardwarePage: "Plain-lines.md",
      decoder: { FrameReader(NumericLinesFormat(map), stream: $0) }, encoder: { NumericLinesEncoder(map) })
  }
}
