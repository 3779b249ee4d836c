import Motion

/// Goes through the samples of a capture in the order of time: those that are held, and then those that are still in the file.
public struct CaptureWalk: Sendable {
  /// What is known only when the last row was read.
  public struct Ending: Sendable {
    /// What a user has to know of the rows after the beginning.
    public var notes: [String] = []
    /// As in the capture, of all rows.
    public var rejectedRows: Int
  }

  private var batch: SampleBatch
  private var rest: SampleStream?
  private let rejectedRows: Int
  private var place = 0
  private var nextGap = 0
  /// The last sample of the batch before.
  private var lastBefore: SensorSample?
  /// A limb that turns faster than this never repeats its values to the bit, rad/s; at rest the rounded values of a file may.
  private static let turning = 0.1
  /// The part of the input that lies before the samples in hand, and the part that they are.
  private var sharePassed = 0.0
  private var shareInHand: Double

  /// Begins before the first sample.
  public init(_ capture: Capture) {
    batch = SampleBatch(samples: capture.samples, gaps: capture.gaps)
    rest = capture.rest
    rejectedRows = capture.rejectedRows
    shareInHand = capture.rest?.share ?? 1
  }

  /// The part of the input that is behind, 0 to 1.
  public var share: Double {
    sharePassed + shareInHand * Double(place) / Double(max(batch.samples.count, 1))
  }

  /// The next sample, with the hole that ends at it; nil at the end. It is flagged `stale` where in motion it repeats the one before: a radio sent that
  /// again for one that was lost.
  ///
  /// - Throws: `ImportError` when at the end more of the rows after the beginning were wrong than right.
  @inline(__always)
  public mutating func next() throws(ImportError) -> TimedSample? {
    if place == batch.samples.count, try !refill() { return nil }
    var timed = TimedSample(time: batch.samples[place].time, sample: batch.samples[place].sample)
    place &+= 1
    if timed.sample.angularRate.lengthSquared > Self.turning * Self.turning,
      place > 1
        ? timed.sample.repeats(batch.samples[place - 2].sample) : lastBefore.map(timed.sample.repeats) ?? false
    {
      timed.sample.flags.insert(.stale)
    }
    if nextGap < batch.gaps.count, batch.gaps[nextGap].end <= timed.time {
      timed.gapBefore = batch.gaps[nextGap]
      nextGap &+= 1
    }
    return timed
  }

  private mutating func refill() throws(ImportError) -> Bool {
    guard rest != nil else { return false }
    sharePassed += shareInHand
    lastBefore = batch.samples.last?.sample
    place = 0
    nextGap = 0
    guard try rest!.next(into: &batch) else {
      batch.removeAll()
      shareInHand = 0
      _ = try rest!.ending()
      return false
    }
    shareInHand = max(rest!.share - sharePassed, 0)
    return true
  }

  /// What is known of the rows that were read so far.
  public var ending: Ending {
    guard let rest, let ending = try? rest.ending() else { return Ending(rejectedRows: rejectedRows) }
    return ending
  }
}
