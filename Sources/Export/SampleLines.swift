import DecimalText
import Motion

/// Samples as JSON Lines: what `talus convert --to jsonl` writes, one object a line with the quantities that the sample has.
/// Vectors are arrays of three, the quaternion of four (scalar first, sensor to earth); units are in the names.
public enum SampleLines {
  /// The line of one sample.
  public static func append(time: SessionTime, _ sample: SensorSample, to text: inout TextBuffer) {
    text.append("{\"t_s\":")
    text.append(secondsFromNanoseconds: time.nanoseconds)
    let has = sample.fields
    if has.contains(.acceleration) { append("acc_mps2", sample.acceleration, 6, &text) }
    if has.contains(.angularRate) { append("gyr_radps", sample.angularRate, 7, &text) }
    if has.contains(.magneticField) { append("mag_uT", sample.magneticField, 4, &text) }
    if has.contains(.orientation) {
      let q = sample.orientation
      append("quat", [q.w, q.x, q.y, q.z], 7, &text)
    }
    if has.contains(.eulerAngles) { append("euler_deg", sample.eulerAngles * degreesPerRadian, 4, &text) }
    if has.contains(.inclinationX) { append("incl_x_deg", sample.inclinationX * degreesPerRadian, 5, &text) }
    if has.contains(.inclinationY) { append("incl_y_deg", sample.inclinationY * degreesPerRadian, 5, &text) }
    if has.contains(.temperature) { append("temp_c", sample.temperature, 2, &text) }
    var isFirst = true
    for (flag, name) in SampleCSV.flagNames where sample.flags.contains(flag) {
      text.append(isFirst ? ",\"flags\":[\"" : ",\"")
      text.append(name)
      text.append("\"")
      isFirst = false
    }
    if !isFirst { text.append("]") }
    if sample.stream.number > 0 {
      text.append(",\"stream\":")
      text.append(integer: sample.stream.number)
    }
    text.append("}\n")
  }

  private static func append(_ name: StaticString, _ v: Vector3, _ decimals: Int, _ text: inout TextBuffer) {
    append(name, [v.x, v.y, v.z], decimals, &text)
  }

  private static func append(_ name: StaticString, _ value: Double, _ decimals: Int, _ text: inout TextBuffer) {
    key(name, &text)
    number(value, decimals, &text)
  }

  private static func append(_ name: StaticString, _ values: [Double], _ decimals: Int, _ text: inout TextBuffer) {
    key(name, &text)
    for (index, value) in values.enumerated() {
      text.append(index == 0 ? "[" : ",")
      number(value, decimals, &text)
    }
    text.append("]")
  }

  private static func key(_ name: StaticString, _ text: inout TextBuffer) {
    text.append(",\"")
    text.append(name)
    text.append("\":")
  }

  /// JSON has no words for what is no number.
  private static func number(_ value: Double, _ decimals: Int, _ text: inout TextBuffer) {
    if value.isFinite { text.append(fixed: value, decimals: decimals) } else { text.append("null") }
  }
}
