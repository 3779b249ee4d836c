import CaptureImport
import Motion

extension SessionInput {
  /// The part of a capture between two session times, s, as a session of its own; its first sample is its time zero.
  ///
  /// - Throws: `Unusable` for what is no capture of samples, and for a window without samples.
  public func window(_ seconds: ClosedRange<Double>) throws(Unusable) -> SessionInput {
    guard case .capture(let capture) = content else {
      throw Unusable(
        description: "\(path): windows cut captures of samples; of a recording, `talus convert` makes one",
        isUnreadable: false)
    }
    let found: Capture?
    do { found = try capture.window(seconds) } catch {
      throw Unusable(description: error.description, isUnreadable: false)
    }
    guard let part = found else {
      throw Unusable(
        description:
          "\(path): no samples from \(seconds.lowerBound) s on in a session of \(capture.isWhole ? "" : "more than ")\(capture.duration) s",
        isUnreadable: false)
    }
    var input = self
    input.content = .capture(part)
    if let later = part.seconds(after: capture, isBeside: true) { input.configuration.foot?.offset -= later }
    return input
  }
}
