import DecimalText
import Export
import Motion
import Recording
import SensorProtocols

// What is told of an input: as JSON, and as lines for people.

extension InputFacts {
  private static let quantityNames: [(SensorSample.Fields, StaticString)] = [
    (.acceleration, "acceleration"), (.angularRate, "angular-rate"), (.magneticField, "magnetic-field"),
    (.orientation, "orientation"), (.eulerAngles, "euler-angles"), (.inclinationX, "inclination-x"),
    (.inclinationY, "inclination-y"), (.temperature, "temperature"), (.counter, "counter"),
    (.deviceTime, "device-time"),
  ]

  private var quantityWords: [StaticString] {
    Self.quantityNames.filter { quantities.contains($0.0) }.map(\.1)
  }

  /// - Parameter foot: the same of the sensor on the foot, which becomes a member.
  func writeJSON(to text: inout TextBuffer, foot: InputFacts? = nil) {
    text.appendJSON { json in
      json.beginObject()
      writeMembers(to: &json)
      if let foot {
        json.key("foot")
        json.beginObject()
        foot.writeMembers(to: &json)
        json.endObject()
      }
      json.endObject()
    }
    text.append("\n")
  }

  private func writeMembers(to json: inout JSONWriter) {
    json.member("file", text: path)
    json.member("kind", text: kind)
    json.member("protocol", text: protocolName.isEmpty ? nil : protocolName)
    if let recordedOn {
      json.member("recorded_on", text: recordedOn)
      json.member("utc_uncertainty_s", utcUncertainty, decimals: 6)
    }
    json.member("confidence", recognised?.confidence, decimals: 3)
    json.member("evidence", text: recognised?.evidence)
    json.member("samples", integer: samples)
    json.member("first_time_s", firstTime, decimals: 6)
    json.member("last_time_s", lastTime, decimals: 6)
    json.member("first_device_time_s", firstDeviceTime, decimals: 6)
    json.member("last_device_time_s", lastDeviceTime, decimals: 6)
    json.member("rate_hz", rate, decimals: 3)
    json.member("rate_sd_hz", rateSpread, decimals: 6)
    json.member("duration_s", duration, decimals: 6)
    json.member("gaps", integer: gaps.count)
    json.member("missing_samples", integer: gaps.missing)
    json.key("quantities")
    json.beginArray()
    for word in quantityWords { json.string(word) }
    json.endArray()
    json.key("messages")
    json.beginArray()
    for message in messages {
      json.beginObject()
      json.member("name", text: message.name)
      json.member("known", bool: message.isKnown)
      json.member("count", integer: message.count)
      json.member("rate_hz", rate(of: message), decimals: 3)
      json.endObject()
    }
    json.endArray()
    json.member("unknown_messages", integer: unknownMessages)
    json.key("counters")
    json.beginObject()
    json.member("bytes_in", integer: counters.bytesIn)
    json.member("framed", integer: counters.framed)
    json.member("skipped", integer: counters.skipped)
    json.member("held", integer: counters.held)
    json.member("frames", integer: counters.frames)
    json.member("checksum_failures", integer: counters.checksumFailures)
    json.member("resynchronisations", integer: counters.resynchronisations)
    json.member("saturated", integer: flagged.saturated)
    json.member("stale", integer: flagged.stale)
    json.member("implausible", integer: flagged.implausible)
    json.endObject()
    json.member("ending", text: ending.map(endingWords))
    json.key("notes")
    json.beginArray()
    for note in notes { json.string(text: note) }
    json.endArray()
  }

  func writeText(to text: inout TextBuffer) {
    func row(_ name: StaticString, _ value: String) {
      text.append("  ")
      text.append(name)
      for _ in name.utf8CodeUnitCount..<20 { text.append(" ") }
      text.append(text: value)
      text.append("\n")
    }
    text.append(text: path + "\n")
    row("kind", kind)
    if !protocolName.isEmpty { row("protocol", protocolName) }
    if let recognised {
      row("recognised by", "\(recognised.evidence) (confidence \(decimal(recognised.confidence, 3)))")
    }
    if let device, !device.port.isEmpty { row("recorded from", device.port) }
    if let recordedOn {
      let uncertainty = utcUncertainty.map { ", within \(decimal($0, 3)) s" } ?? ", uncertainty unknown"
      row("recorded on", recordedOn + uncertainty)
    }
    row("samples", "\(samples)")
    row("rate", rate.map { RateWords.text($0, rateSpread) } ?? "unknown (the input carries no time; say --rate HZ)")
    if let firstTime, let lastTime {
      row("first and last", "\(decimal(firstTime, 3)) s and \(decimal(lastTime, 3)) s of session time")
    }
    if let firstDeviceTime, let lastDeviceTime {
      row("device clock", "\(decimal(firstDeviceTime, 3)) s to \(decimal(lastDeviceTime, 3)) s")
    }
    row("duration", duration.map { decimal($0, 3) + " s" } ?? "unknown")
    row("quantities", quantityWords.map(\.description).joined(separator: ", "))
    row("gaps", gapWords)
    for (index, message) in messages.enumerated() {
      let rate = rate(of: message).map { ", \(decimal($0, 1)) a second" } ?? ""
      row(
        index == 0 ? "messages" : "",
        "\(message.name): \(message.count)\(rate)" + (message.isKnown ? "" : ", not known"))
    }
    if unknownMessages > 0 { row("unknown messages", "\(unknownMessages), stepped over as frames") }
    if counters.bytesIn > 0 {
      row("bytes in", "\(counters.bytesIn)")
      row("  framed", "\(counters.framed) in \(counters.frames) frames")
      row("  skipped", "\(counters.skipped)")
      row("  held", "\(counters.held)")
      row("checksum failures", "\(counters.checksumFailures)")
    }
    if flagged.saturated > 0 { row("saturated", "\(flagged.saturated) samples at the end of the sensor's range") }
    if flagged.stale > 0 { row("stale", "\(flagged.stale) samples repeat the one before") }
    if flagged.implausible > 0 { row("implausible", "\(flagged.implausible) samples") }
    if let ending { row("ending", endingWords(ending)) }
    for note in notes { row("note", note) }
  }

  /// Messages of a kind in a second of the input; nil where nothing gives a time.
  private func rate(of message: MessageTally.Row) -> Double? {
    guard let duration, duration > 0, samples > 1 else { return nil }
    // n samples span n − 1 intervals.
    return Double(message.count) / duration * Double(samples - 1) / Double(samples)
  }

  private var unknownMessages: UInt64 { messages.filter { !$0.isKnown }.reduce(0) { $0 + $1.count } }

  private var gapWords: String {
    guard gaps.count > 0 else { return "none" }
    let missing =
      gaps.uncounted == gaps.count
      ? "an unknown number of samples missing"
      : "\(gaps.missing) samples missing" + (gaps.uncounted > 0 ? " and those of \(gaps.uncounted) gaps" : "")
    return "\(gaps.count) (\(missing), longest \(decimal(gaps.longest, 3)) s)"
  }

  private func endingWords(_ ending: RecordingEnd) -> String {
    switch ending {
    case .complete: "complete"
    case .truncated(let bytes): "cut off after \(bytes) bytes; everything before was read"
    case .damaged(let offset, let reason): "damaged at byte \(offset): \(reason)"
    }
  }
}
