import Motion

extension Capture {
  /// The samples between two session times, s, both included, with the first of them at time zero; nil where there are none.
  public func window(_ seconds: ClosedRange<Double>) -> Capture? {
    let inside = samples.filter { seconds.contains($0.time.seconds) }
    guard let first = inside.first?.time.nanoseconds, let last = inside.last?.time.nanoseconds else { return nil }
    var part = self
    part.samples = inside.map {
      Sample(time: SessionTime(nanoseconds: $0.time.nanoseconds - first), sample: $0.sample)
    }
    part.gaps = gaps.filter { $0.start.nanoseconds >= first && $0.end.nanoseconds <= last }.map {
      var gap = $0
      gap.start.nanoseconds -= first
      gap.end.nanoseconds -= first
      return gap
    }
    let from = (Double(first) / 1e6).rounded() / 1e3
    let to = (Double(last) / 1e6).rounded() / 1e3
    part.notes.append("the part from \(from) s to \(to) s of the file")
    return part
  }
}
