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
  /// An IMU that its maker calibrates over temperature: about 5 mg.
  private static let calibratedAngleSD = 0.3
  /// An inclinometer is adjusted in its factory, by which its error is a fraction of an IMU's; it resolves 0.01°.
  private static let inclinometerAngleSD = 0.2

  /// Every protocol that Talus speaks.
  public static let rows: [ProtocolDescription] = [
    ProtocolDescription(
      name: "witmotion", summary: "WitMotion standard protocol (WT901, WT901SD, BWT901CL, HWT905, JY901)",
      bauds: [115_200, 9600, 921_600], hasChecksum: true, clock: .clock(bits: 64, nanosecondsPerTick: 1_000_000),
      nominalRate: 10, measurement: .imu, usualMount: imuMount, staticAngleSDDegrees: imuAngleSD,
      accelerationRange: 16 * standardGravity, angularRateRange: 2000 * radiansPerDegree,
      hardwarePage: "WitMotion.md", decoder: { FrameReader(WitMotionFormat(), stream: $0) },
      encoder: { WitMotionEncoder() }),
    ProtocolDescription(
      name: "rion", summary: "RION and BWSENSING (Bewis) inclinometers sending on their own",
      bauds: [9600, 115_200, 19200, 38400], hasChecksum: true, clock: .none, nominalRate: nil,
      measurement: .inclination, usualMount: inclinometerMount, staticAngleSDDegrees: inclinometerAngleSD,
      hardwarePage: "RION-BWSENSING.md", decoder: { FrameReader(RionFormat(), stream: $0) },
      encoder: { RionEncoder() }),
    ProtocolDescription(
      name: "dxl360s", summary: "DXL360S digital level (two axes)", bauds: [9600], hasChecksum: false, clock: .none,
      nominalRate: 10, measurement: .inclination, usualMount: inclinometerMount,
      staticAngleSDDegrees: inclinometerAngleSD, hardwarePage: "DXL360S.md",
      decoder: { FrameReader(DXL360SFormat(), stream: $0) }, encoder: { DXL360SEncoder() }),
    lines(try! ColumnMap(ColumnMap.example)),
    // Sensors of laboratories and makers of navigation systems.
    ProtocolDescription(
      name: "xsens", summary: "Xsens (Movella) MTi, MTData2 messages", bauds: [115_200, 921_600, 460_800, 230_400],
      hasChecksum: true, clock: .clock(bits: 32, nanosecondsPerTick: 100_000), nominalRate: nil, measurement: .imu,
      usualMount: imuMount, staticAngleSDDegrees: calibratedAngleSD, hardwarePage: "Xsens.md",
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
  public static let names = rows.map(\.name).filter { !$0.hasPrefix("lines:") } + ["lines:COLUMNS"]

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
    if wanted == "lines" || wanted == "lines:" {
      throw NotFound(
        description:
          "the protocol 'lines' needs the names of its columns, because bare numbers do not say what they are: "
          + "lines:\(ColumnMap.example) (known names: \(ColumnMap.names))")
    }
    if wanted.hasPrefix("lines:") {
      do {
        return lines(try ColumnMap(wanted.dropFirst("lines:".count)))
      } catch {
        throw NotFound(description: "the columns of '\(name)' can't be used: \(error.description)")
      }
    }
    throw NotFound(
      description: "there is no protocol '\(name)'; known are \(names.joined(separator: ", ")), "
        + "for example lines:\(ColumnMap.example)")
  }

  /// The row for lines with these columns.
  private static func lines(_ map: ColumnMap) -> ProtocolDescription {
    ProtocolDescription(
      name: "lines:" + map.text, summary: "Plain lines of numbers with named columns, as sketches print them",
      bauds: [115_200, 9600, 57600, 38400], hasChecksum: false, clock: map.clock, nominalRate: nil,
      measurement: map.hasAcceleration ? .imu : .inclination,
      usualMount: map.hasAcceleration ? imuMount : inclinometerMount,
      staticAngleSDDegrees: map.hasAcceleration ? imuAngleSD : inclinometerAngleSD, hardwarePage: "Plain-lines.md",
      decoder: { FrameReader(NumericLinesFormat(map), stream: $0) }, encoder: { NumericLinesEncoder(map) })
  }
}
