import Motion

/// Some samples in the order of time, with the holes between them that are known without looking at other steps.
struct SampleBatch {
  var samples: [Capture.Sample] = []
  var gaps: [Gap] = []
  /// The line of each sample, as long as its row's own time stands in it.
  var lines: [Int] = []

  mutating func removeAll() {
    samples.removeAll(keepingCapacity: true)
    gaps.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
  }

  mutating func removeFirst(_ count: Int) {
    samples.removeFirst(count)
    lines.removeFirst(count)
  }
}

/// What became of rows that gave no sample.
struct RowCounts: Sendable {
  /// Rows whose time repeated or ran backwards, and the first one's line.
  var outOfOrder = 0
  var firstOutOfOrder: Int?
  /// Rows with text in place of a number, without a time, or cut off.
  var unreadable = 0
  var firstUnreadable: ImportError.Position?
  /// Rows that have a time and nothing of this sensor: it was not seen, or was not ready.
  var empty = 0
  /// Rows of another table that was read with this one.
  var beside = 0

  /// All of them.
  var rejected: Int { outOfOrder + unreadable + empty + beside }

  /// What a person has to know of them.
  var notes: [String] {
    var notes: [String] = []
    if outOfOrder > 0 {
      notes.append(
        "\(outOfOrder) rows left out: their time repeats or runs backwards"
          + (firstOutOfOrder.map { ", first in line \($0)" } ?? ""))
    }
    if empty > 0 { notes.append("\(empty) rows left out: nothing of this sensor stands in them") }
    if let firstUnreadable {
      notes.append("\(unreadable) rows left out: they could not be read, first at \(firstUnreadable)")
    }
    return notes
  }

  /// - Parameter samples: how many rows gave a sample.
  /// - Throws: `noSamples` or `unusableTime` when more rows are wrong than right.
  func check(samples: Int) throws(ImportError) {
    guard samples > 0, unreadable <= samples else {
      throw ImportError(
        .noSamples, at: firstUnreadable,
        samples == 0
          ? unreadable == 0 && empty > 0
            ? "all \(empty) rows are empty or NaN in this sensor's columns: was it switched on, and is it the right one?"
            : "none of \(unreadable + empty) rows could be read; --columns says which columns hold what"
          : "\(unreadable) rows could not be read and \(samples) could: text stands in place of numbers; export it again, or say the columns with --columns"
      )
    }
    guard outOfOrder <= samples else {
      throw ImportError(
        .unusableTime, at: firstOutOfOrder.map { ImportError.Position(line: $0) },
        "the time runs backwards and does not recover: \(outOfOrder) rows are earlier than a row before them")
    }
  }
}
