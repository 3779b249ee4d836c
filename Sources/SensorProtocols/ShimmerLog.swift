import Motion

/// The log that a Shimmer3 writes on its card: a header of 256 bytes with rate, sensors and calibrations, then packets of a 24-bit time
/// (32768 Hz) and the channels of the sensors in a fixed order.
///
/// There is no sync mark and no checksum. A packet is taken when its time is later than the one before by no more than 64 of its
/// periods; elsewhere only when the packet behind it follows in the same way. Logs of several synchronised devices have other blocks and
/// are not read.
struct ShimmerLogFormat: FrameFormat {
  let longestFrame = 256
  let hasChecksum = false

  private var layout: ShimmerLayout?
  private var calibrations = ShimmerCalibrations()
  private var period: UInt32 = 0
  private var lastTicks: UInt32?

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard let layout else {
      guard head.count >= 256 else { return .incomplete }
      return readHeader(head) ? .frame(length: 256) : .noFrame
    }
    let length = 3 + layout.size
    guard head.count >= length else { return .incomplete }
    let ticks = shimmerTicks(head, at: 0)
    if let lastTicks, !shimmerFollows(ticks, lastTicks, period: period) {
      guard head.count >= length + 3 else { return .incomplete }
      guard shimmerFollows(shimmerTicks(head, at: length), ticks, period: period) else { return .noFrame }
    }
    lastTicks = ticks
    return .frame(length: length)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let isHeader = frame.count == 256 && lastTicks == nil
    tally.count(isHeader ? 1 : 0, isHeader ? "header" : "packet")
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard let layout, frame.count == 3 + layout.size, lastTicks != nil else { return }
    draft.add(arrived: arrived)
    calibrations.fill(frame, 3, layout, &draft.sample)
    guard !draft.sample.fields.isEmpty else {
      draft.abandon()
      return
    }
    draft.sample.deviceTicks = UInt64(shimmerTicks(frame, at: 0))
    draft.sample.fields.insert(.deviceTime)
    draft.emit(into: &samples)
  }

  private mutating func readHeader(_ head: Span<UInt8>) -> Bool {
    period = UInt32(head[0]) | UInt32(head[1]) << 8
    // Hardware 3, no synchronised trial, a rate from 1 to 8192 Hz.
    guard period >= 4, period <= 32768, head[0x1E] == 0, head[0x1F] == 3, head[0x10] & 0x04 == 0 else { return false }
    let sensors = UInt32(head[3]) | UInt32(head[4]) << 8 | UInt32(head[5]) << 16
    var found = ShimmerLayout()
    for group in shimmerLogGroups where sensors & (1 << group.bit) != 0 {
      for channel in group.first..<(group.first + group.count) {
        guard found.append(channel) else { return false }
      }
    }
    let unread = shimmerLogGroups.reduce(sensors) { $0 & ~(1 << $1.bit) }
    guard found.size > 0, found.size <= 128, unread == 0 else { return false }
    calibrations.wideRange = ShimmerCalibration(head, at: 0x4C, gainUnit: 1)
    calibrations.rate = ShimmerCalibration(head, at: 0x61, gainUnit: 0.01)
    calibrations.field = ShimmerCalibration(head, at: 0x76, gainUnit: 1)
    calibrations.lowNoise = ShimmerCalibration(head, at: 0x8B, gainUnit: 1)
    layout = found
    return true
  }
}

/// The bit of a sensor in the header and its channels, in the order of a packet. Sensors whose channels are not known to be
/// widths are left out: a log that has one is not read.
private let shimmerLogGroups: [(bit: UInt32, first: UInt8, count: UInt8)] = [
  (7, 0x00, 3), (13, 0x03, 1), (1, 0x0D, 1), (0, 0x0E, 1), (11, 0x0F, 1), (9, 0x11, 1), (8, 0x12, 1), (23, 0x13, 1),
  (15, 0x27, 2), (10, 0x10, 1), (2, 0x1C, 1), (6, 0x0A, 3), (12, 0x04, 3), (5, 0x07, 3), (18, 0x1A, 2), (4, 0x1D, 3),
  (3, 0x20, 3),
]
