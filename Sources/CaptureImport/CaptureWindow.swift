import Motion

extension Capture {
  /// The samples between two session times, s, both included, with the first of them at time zero; nil where there are none.
  ///
  /// - Throws: `ImportError` when the rows on the way there cannot be read.
  public func window(_ seconds: ClosedRange<Double>) throws(ImportError) -> Capture? {
    let end = SessionTime(nanoseconds: Int64(min(seconds.upperBound * 1e9, 9e18)))
    var part = self
    part.samples = samples.filter { seconds.contains($0.time.seconds) }
    if var rest {
      rest.end = end
      // Nothing of the beginning is in it: the first samples that are.
      var batch = SampleBatch()
      while part.samples.isEmpty, try rest.next(into: &batch) {
        part.samples = batch.samples.filter { seconds.contains($0.time.seconds) }
        part.gaps = batch.gaps
      }
      part.rest = rest
    }
    guard let first = part.samples.first?.time.nanoseconds, let last = part.samples.last?.time.nanoseconds else {
      return nil
    }
    part.rest?.rebase(by: first)
    for index in part.samples.indices { part.samples[index].time.nanoseconds -= first }
    part.gaps = part.gaps.filter { $0.start.nanoseconds >= first && $0.end.nanoseconds <= last }.map {
      var gap = $0
      gap.start.nanoseconds -= first
      gap.end.nanoseconds -= first
      return gap
    }
    part.start = start.map { $0 + Double(first) * 1e-9 }
    let from = (Double(first) / 1e6).rounded() / 1e3
    let to = (Double(last) / 1e6).rounded() / 1e3
    part.notes.append(
      "the part from \(from) s to \(part.isWhole ? "\(to) s" : "at most \(seconds.upperBound) s") of the file")
    return part
  }
}
