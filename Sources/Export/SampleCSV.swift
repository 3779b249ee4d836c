import DecimalText
import Motion

/// Samples as CSV: what `talus convert --to csv` writes.
///
/// The first seven columns are always there, so that every reader finds them; a quantity that a sample does not have
/// leaves its cells empty. The others come only where the input has them. Units are in the names: seconds since the first
/// sample, m/s², rad/s, µT, degrees, °C. `counter` is the device's own counter, or its clock in the unit of its protocol, as it was sent. `qw` to `qz` is the device's own orientation, Hamilton, scalar first, sensor to
/// earth; `tilt_sd_deg` is the uncertainty that the device states for it; `flags` are words with blanks between.
public struct SampleCSV: Sendable {
  /// The quantities that get columns, besides acceleration and angular rate.
  public let fields: SensorSample.Fields
  /// Whether there is a column for flags.
  public let hasFlags: Bool
  /// Whether there is a column for the sensor's number.
  public let hasStreams: Bool
  /// Whether the samples have a time; without one the cells of `t_s` stay empty.
  public let hasTimes: Bool

  /// Whether cells end at semicolons and numbers have a comma, as German spreadsheets want it.
  public let isGerman: Bool

  /// - Parameters:
  ///   - fields: the union of the fields of all samples.
  ///   - hasFlags: whether any sample has a flag.
  ///   - hasStreams: whether the samples come from several sensors.
  ///   - hasTimes: whether the samples have a time.
  ///   - isGerman: semicolons and decimal commas, in place of commas and points.
  public init(
    fields: SensorSample.Fields, hasFlags: Bool = false, hasStreams: Bool = false, hasTimes: Bool = true,
    isGerman: Bool = false
  ) {
    self.hasTimes = hasTimes
    self.isGerman = isGerman
    self.fields = fields
    self.hasFlags = hasFlags
    self.hasStreams = hasStreams
  }

  private var hasCounter: Bool { !fields.isDisjoint(with: [.counter, .deviceTime]) }

  /// The columns that these samples need.
  public init(holding samples: some Sequence<SensorSample>) {
    var fields: SensorSample.Fields = []
    var flags: SensorSample.Flags = []
    var hasStreams = false
    for sample in samples {
      fields.formUnion(sample.fields)
      flags.formUnion(sample.flags)
      if sample.stream.number > 0 { hasStreams = true }
    }
    self.init(fields: fields, hasFlags: !flags.isEmpty, hasStreams: hasStreams)
  }

  /// The line of column names, each with its unit.
  public func appendHeader(to text: inout TextBuffer) {
    guard !isGerman else { return appendGerman(to: &text) { $0.appendHeader(to: &$1) } }
    text.append("t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps")
    if fields.contains(.magneticField) { text.append(",mag_x_uT,mag_y_uT,mag_z_uT") }
    if fields.contains(.orientation) { text.append(",qw,qx,qy,qz") }
    if fields.contains(.eulerAngles) { text.append(",roll_deg,pitch_deg,yaw_deg") }
    if fields.contains(.inclinationX) { text.append(",incl_x_deg") }
    if fields.contains(.inclinationY) { text.append(",incl_y_deg") }
    if fields.contains(.tiltSD) { text.append(",tilt_sd_deg") }
    if fields.contains(.temperature) { text.append(",temp_c") }
    if hasCounter { text.append(",counter") }
    if hasFlags { text.append(",flags") }
    if hasStreams { text.append(",stream") }
    text.append("\n")
  }

  /// The line of one sample; a quantity that it does not hold leaves its cell empty.
  public func append(time: SessionTime, _ sample: SensorSample, to text: inout TextBuffer) {
    guard !isGerman else { return appendGerman(to: &text) { $0.append(time: time, sample, to: &$1) } }
    if hasTimes { text.append(secondsFromNanoseconds: time.nanoseconds) }
    let has = sample.fields
    append(sample.acceleration, has.contains(.acceleration), 6, &text)
    append(sample.angularRate, has.contains(.angularRate), 7, &text)
    if fields.contains(.magneticField) { append(sample.magneticField, has.contains(.magneticField), 4, &text) }
    if fields.contains(.orientation) {
      let q = sample.orientation
      append(q.w, has.contains(.orientation), 7, &text)
      append(Vector3(q.x, q.y, q.z), has.contains(.orientation), 7, &text)
    }
    if fields.contains(.eulerAngles) {
      append(sample.eulerAngles * degreesPerRadian, has.contains(.eulerAngles), 4, &text)
    }
    if fields.contains(.inclinationX) {
      append(sample.inclinationX * degreesPerRadian, has.contains(.inclinationX), 5, &text)
    }
    if fields.contains(.inclinationY) {
      append(sample.inclinationY * degreesPerRadian, has.contains(.inclinationY), 5, &text)
    }
    if fields.contains(.tiltSD) { append(sample.tiltSD * degreesPerRadian, has.contains(.tiltSD), 4, &text) }
    if fields.contains(.temperature) { append(sample.temperature, has.contains(.temperature), 2, &text) }
    if hasCounter {
      text.append(",")
      if !has.isDisjoint(with: [.counter, .deviceTime]) { text.append(integer: sample.deviceTicks) }
    }
    if hasFlags {
      text.append(",")
      var isFirst = true
      for (flag, name) in SampleCSV.flagNames where sample.flags.contains(flag) {
        if !isFirst { text.append(" ") }
        text.append(name)
        isFirst = false
      }
    }
    if hasStreams {
      text.append(",")
      text.append(integer: sample.stream.number)
    }
    text.append("\n")
  }

  /// No cell has a comma or a point but between cells and in numbers, so that each stands for one thing.
  private func appendGerman(to text: inout TextBuffer, _ write: (SampleCSV, inout TextBuffer) -> Void) {
    var line = TextBuffer(capacity: 256)
    write(SampleCSV(fields: fields, hasFlags: hasFlags, hasStreams: hasStreams, hasTimes: hasTimes), &line)
    text.append(
      contentsOf: line.bytes.lazy.map {
        $0 == UInt8(ascii: ",") ? UInt8(ascii: ";") : $0 == UInt8(ascii: ".") ? UInt8(ascii: ",") : $0
      })
  }

  /// The words of the `flags` column, in their order.
  public static let flagNames: [(SensorSample.Flags, StaticString)] = [
    (.saturated, "saturated"), (.stale, "stale"), (.implausible, "implausible"), (.unchecked, "unchecked"),
    (.afterLoss, "after-loss"),
  ]

  private func append(_ v: Vector3, _ isPresent: Bool, _ decimals: Int, _ text: inout TextBuffer) {
    append(v.x, isPresent, decimals, &text)
    append(v.y, isPresent, decimals, &text)
    append(v.z, isPresent, decimals, &text)
  }

  private func append(_ value: Double, _ isPresent: Bool, _ decimals: Int, _ text: inout TextBuffer) {
    text.append(",")
    if isPresent && value.isFinite { text.append(fixed: value, decimals: decimals) }
  }
}
