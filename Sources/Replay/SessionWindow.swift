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
    guard let part = capture.window(seconds) else {
      throw Unusable(
        description: "\(path): no samples from \(seconds.lowerBound) s on in a session of \(capture.duration) s",
        isUnreadable: false)
    }
    var input = self
    input.content = .capture(part)
    if let first = capture.samples.first(where: { seconds.contains($0.time.seconds) }) {
      input.configuration.foot?.offset -= first.time.seconds
    }
    return input
  }
}
