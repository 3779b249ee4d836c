import Recording

extension SessionInput {
  /// What was noted about the session afterwards: the pairs of each note, sorted by key, in the order in which they were made.
  public var annotations: [[(key: String, value: String)]] {
    remarks.filter { $0.kind == "annotation" }.map { remark in
      remark.pairs.pairs.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
  }
}
