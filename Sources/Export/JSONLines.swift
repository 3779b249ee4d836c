import DecimalText
import LungeTest
import Motion
import Pipeline

/// The lines of `talus stream` and `talus replay`: one JSON object a line, named by its `class`.
///
/// | class | when |
/// |---|---|
/// | `device` | once a stream, before its first reading |
/// | `recomputed` | behind `device`, where a replay was asked to compute with other settings than the recording's |
/// | `reading` | one a sample |
/// | `trial` | when a movement is over |
/// | `alignment` | when it is known how the sensor sits, or a calibrating section was refused |
/// | `gap` | when samples are missing |
/// | `marker` | when the operator set one |
/// | `counters` | at the end, and whenever asked for |
///
/// The units are in the keys: `_s` seconds since the session's first sample, `_deg` degrees, `_dps` degrees per second,
/// `_cm` centimetres, `_hz` hertz. `sd` is one standard uncertainty. What is not known is `null`. Lines of
/// the second and later sensors of a session carry `stream` with the sensor's number. The page `Samples/json-keys.md` lists
/// every key.
public enum JSONLines {
  /// Appends one emission and a line feed. Allocates nothing for a reading once the buffer has room.
  public static func append(_ emission: Emission, to text: inout TextBuffer) {
    if case .reading(let reading) = emission { return append(reading, to: &text) }
    text.appendJSON { json in
      json.beginObject()
      switch emission {
      case .reading: break  // has its own line, above
      case .trial(let trial):
        json.member("class", word: "trial")
        json.stream(trial.stream)
        json.members(of: trial)
      case .gap(let gap):
        json.member("class", word: "gap")
        json.stream(gap.stream)
        json.members(of: gap)
      case .alignment(let outcome):
        json.member("class", word: "alignment")
        json.members(of: outcome)
      case .marker(let time, let words):
        json.member("class", word: "marker")
        json.member("t_s", secondsFromNanoseconds: time.nanoseconds)
        json.member("text", text: words)
      }
      json.endObject()
    }
    text.append("\n")
  }

  /// The line of every sample: its keys are appended with all the signs around them as one literal each, for speed. What JSON has no number
  /// for is `null`, as everywhere.
  private static func append(_ reading: Reading, to text: inout TextBuffer) {
    text.append("{\"class\":\"reading\"")
    // Only sessions of several sensors need it: the first one has no such key.
    if reading.stream.number > 0 {
      text.append(",\"stream\":")
      text.append(integer: reading.stream.number)
    }
    text.append(",\"t_s\":")
    text.append(secondsFromNanoseconds: reading.time.nanoseconds)
    text.append(",\"tibial_inclination_deg\":")
    text.append(numberOrNull: reading.tibialInclination * degreesPerRadian, decimals: Decimals.angle)
    text.append(",\"sd_deg\":")
    text.append(numberOrNull: reading.inclinationSD * degreesPerRadian, decimals: Decimals.angle)
    text.append(",\"dorsiflexion_deg\":")
    text.append(numberOrNull: reading.dorsiflexion * degreesPerRadian, decimals: Decimals.angle)
    // Only sessions with a foot sensor have the keys, so that those of one sensor stay as they are.
    if reading.flags.contains(.twoSensor) {
      text.append(",\"foot_pitch_deg\":")
      text.append(numberOrNull: reading.footPitch * degreesPerRadian, decimals: Decimals.angle)
      text.append(",\"foot_sd_deg\":")
      text.append(numberOrNull: reading.footPitchSD * degreesPerRadian, decimals: Decimals.angle)
    }
    text.append(",\"ktw_cm\":")
    text.append(numberOrNull: reading.kneeToWall * 100, decimals: Decimals.distance)
    text.append(",\"flags\":[")
    if !reading.flags.isEmpty {
      var isFirst = true
      for (flag, name) in Reading.Flags.names where reading.flags.contains(flag) {
        if isFirst { text.append("\"") } else { text.append(",\"") }
        isFirst = false
        text.append(name)
        text.append("\"")
      }
    }
    text.append("]}\n")
  }

  /// Appends the line that says what one stream is and how its numbers are made.
  ///
  /// - Parameters:
  ///   - stream: the sensor: what is the foot's own is taken from its part of the configuration.
  ///   - baud: bits per second of the line; nil where there is none, such as for a file.
  ///   - rate: the nominal sample rate, Hz; nil when it is not known.
  public static func append(
    device: DeviceIdentity, stream: StreamID = StreamID(0), configuration: PipelineConfiguration, baud: Int?,
    rate: Double?, to text: inout TextBuffer
  ) {
    let foot = stream.number == 1 ? configuration.foot : nil
    let protocolName = foot?.protocolName ?? configuration.protocolName
    text.appendJSON { json in
      json.beginObject()
      json.member("class", word: "device")
      json.stream(stream)
      json.member("name", text: device.name.nonEmpty)
      json.member("vendor", text: device.vendor.nonEmpty)
      json.member("product", text: device.product.nonEmpty)
      json.member("serial_number", text: device.serialNumber.nonEmpty)
      json.member("port", text: device.port.nonEmpty)
      json.member("protocol", text: protocolName.nonEmpty)
      json.member("baud", integer: baud)
      json.member("rate_hz", rate, decimals: 3)
      json.member("mount", text: foot?.mount ?? configuration.mount)
      json.member("mount_assumed", bool: foot?.mountAssumed ?? configuration.mountAssumed)
      json.member("filter", text: configuration.filter.rawValue)
      // The foot's pitch is against its flat stance.
      json.member("zero", text: foot == nil ? configuration.zero.rawValue : "flat-stance")
      json.member("side", text: configuration.side?.rawValue)
      json.member("condition", text: configuration.condition?.rawValue)
      json.member("placement", text: foot == nil ? configuration.placement : "foot")
      if let foot {
        json.member("offset_s", foot.offset, decimals: 6)
        json.member("drift_ppm", foot.drift * 1e6, decimals: 3)
      } else {
        json.alignmentMembers(of: configuration)
      }
      json.endObject()
    }
    text.append("\n")
  }

  /// Appends the line that says that what follows is computed with other settings than the recording's.
  public static func append(overrides: [ConfigurationOverride], to text: inout TextBuffer) {
    text.appendJSON { json in
      json.beginObject()
      json.member("class", word: "recomputed")
      json.members(of: overrides)
      json.endObject()
    }
    text.append("\n")
  }

  /// Appends what one sensor lost, rejected or doubted so far, and its rate.
  public static func append(_ status: SensorStatus, stream: StreamID = StreamID(0), to text: inout TextBuffer) {
    text.appendJSON { json in
      json.beginObject()
      json.member("class", word: "counters")
      json.stream(stream)
      json.members(of: status.counters)
      json.members(ofRate: status.rate, spread: status.rateSpread)
      json.endObject()
    }
    text.append("\n")
  }
}

extension JSONWriter {
  /// Only sessions of several sensors need it: the first one has no such key.
  fileprivate mutating func stream(_ stream: StreamID) {
    if stream.number > 0 { member("stream", integer: stream.number) }
  }
}

extension TextBuffer {
  @inline(__always)
  fileprivate mutating func append(numberOrNull value: Double, decimals: Int) {
    if value.isFinite { append(fixed: value, decimals: decimals) } else { append("null") }
  }
}

extension String {
  /// nil where nothing is known.
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
