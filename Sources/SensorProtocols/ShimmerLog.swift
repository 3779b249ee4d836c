import Motion

/// The log that a Shimmer3 or Shimmer3R writes on its card: a header with rate, sensors and calibrations (256 bytes; 384 on the Shimmer3R,
/// which lists its channels there), then packets of a time and the channels in a fixed order.
///
/// There is no sync mark and no checksum. A packet is taken when its time follows the one before; elsewhere only when two more follow it by
/// a period each. In a log of several synchronised devices every block of up to 512 bytes begins with a stamp of nine bytes, the
/// offset to the leading device's clock, which is stepped over as a frame: a session's time is that of the device.
struct ShimmerLogFormat: FrameFormat {
  let longestFrame = ShimmerLogHeader.longest
  let hasChecksum = false

  private enum Kind { case header, packet, stamp }

  private var header: ShimmerLogHeader?
  private var clock = ShimmerClock()
  private var isWidthKnown = true
  private var found = Kind.header
  /// The header ended here: what comes is a packet, whatever its time.
  private var isFirst = true
  /// Packets until the next stamp; nil after bytes were lost.
  private var packetsLeft: Int? = 0

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard let header else { return readHeader(head) }
    let verdict = look(head, header)
    if case .noFrame = verdict {
      clock.lose()
      isFirst = false
      packetsLeft = nil
    }
    return verdict
  }

  private mutating func look(_ head: Span<UInt8>, _ header: ShimmerLogHeader) -> FrameVerdict {
    let stamp = header.isSynchronised ? shimmerStampLength : 0
    if !isWidthKnown {
      let longest = 3 + header.layout.size
      guard head.count >= stamp + longest + 3 else { return .incomplete }
      var short = clock
      short.width = 2
      let isShort =
        !clock.follows(clock.read(head, at: stamp + longest), clock.read(head, at: stamp))
        && short.follows(short.read(head, at: stamp + longest - 1), short.read(head, at: stamp))
      if isShort { clock.width = 2 }
      isWidthKnown = true
    }
    let length = clock.width + header.layout.size
    if stamp > 0, packetsLeft == 0, head.count >= stamp + clock.width, isStamp(head) { return takeStamp(header) }
    guard head.count >= 2 * length + stamp + clock.width else {
      // Behind the last packets of a log there is nothing that could tell.
      guard stamp == 0 || packetsLeft ?? 0 > 0, head.count >= length, fits(clock.read(head, at: 0)) else {
        return .incomplete
      }
      return packet(clock.read(head, at: 0), length)
    }
    let time = clock.read(head, at: 0)
    let next = clock.read(head, at: length)
    if fits(time) || clock.isNext(next, time) && clock.isNext(clock.read(head, at: 2 * length), next) {
      return packet(time, length)
    }
    return stamp > 0 && isStamp(head) ? takeStamp(header) : .noFrame
  }

  private func fits(_ time: UInt32) -> Bool { isFirst || clock.fits(time) }

  private mutating func packet(_ time: UInt32, _ length: Int) -> FrameVerdict {
    clock.take(time)
    found = .packet
    isFirst = false
    if let left = packetsLeft { packetsLeft = max(0, left - 1) }
    return .frame(length: length)
  }

  /// Whether an offset with its sign stands here, and a packet behind it.
  private func isStamp(_ head: Span<UInt8>) -> Bool {
    guard head[0] <= 1 || head[0] == 0xFF else { return false }
    return clock.ticks == nil || clock.fits(clock.read(head, at: shimmerStampLength))
  }

  private mutating func takeStamp(_ header: ShimmerLogHeader) -> FrameVerdict {
    found = .stamp
    if clock.ticks == nil { isFirst = true }
    packetsLeft = (512 - shimmerStampLength) / (clock.width + header.layout.size)
    return .frame(length: shimmerStampLength)
  }

  private mutating func readHeader(_ head: Span<UInt8>) -> FrameVerdict {
    guard head.count >= ShimmerLogHeader.shortest else { return .incomplete }
    guard let length = ShimmerLogHeader.length(head) else { return .noFrame }
    guard head.count >= length else { return .incomplete }
    guard let read = ShimmerLogHeader(head) else { return .noFrame }
    header = read
    clock.period = read.period
    if let width = read.timeWidth { clock.width = width } else { isWidthKnown = false }
    isFirst = !read.isSynchronised
    return .frame(length: length)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    switch found {
    case .header: tally.count(1, "header")
    case .packet: tally.count(0, "packet")
    case .stamp: tally.count(2, "stamp of a synchronised block")
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard let header, found == .packet, let ticks = clock.ticks else { return }
    draft.add(arrived: arrived)
    header.calibrations.fill(frame, clock.width, header.layout, &draft.sample)
    guard !draft.sample.fields.isEmpty else {
      draft.abandon()
      return
    }
    draft.sample.deviceTicks = UInt64(ticks)
    draft.sample.fields.insert(.deviceTime)
    draft.emit(into: &samples)
  }
}

/// Sign and amount of an offset between two devices' clocks.
private let shimmerStampLength = 9

/// What the head of a log says.
struct ShimmerLogHeader: Hashable, Sendable {
  static let shortest = 256
  static let longest = 384

  let layout: ShimmerLayout
  let calibrations: ShimmerCalibrations
  /// Ticks between two samples.
  let period: UInt32
  /// Bytes of a packet's time; nil where the firmware's version does not tell.
  let timeWidth: Int?
  let isSynchronised: Bool

  /// Bytes of the header by the hardware's number; nil where the first 256 are none.
  static func length(_ head: Span<UInt8>) -> Int? {
    // A rate from 1 to 8192 Hz, and one of the three kinds of firmware.
    let period = head.littleEndian(UInt16.self, at: 0)
    guard period >= 4, period <= 32768, head[0x22] == 0, (1...3).contains(head[0x23]) else { return nil }
    switch head.bigEndian(UInt16.self, at: 0x1E) {
    case 3: return shortest
    case 10: return longest
    default: return nil
    }
  }

  /// Nil where a channel is of unknown width.
  init?(_ head: Span<UInt8>) {
    period = UInt32(head.littleEndian(UInt16.self, at: 0))
    isSynchronised = head[0x10] & 0x04 != 0
    let isThird = head[0x1F] == 3
    var found = ShimmerLayout(isThird ? .shimmer3 : .shimmer3R)
    if isThird {
      guard shimmerLogChannels(head, &found) else { return nil }
    } else {
      let count = Int(head[0x13A])
      guard count >= 1, count <= 40 else { return nil }
      for index in 0..<count where !found.append(head[0x13B + index]) { return nil }
    }
    guard found.size > 0, found.size <= 128 else { return nil }
    layout = found
    // LogAndStream (3) from 0.6 and BtStream (1) from 0.8 on write three bytes; of SDLog (2) the version is not known.
    let version = Int(head.bigEndian(UInt16.self, at: 0x24)) << 8 | Int(head[0x26])
    let isShort = version < (head[0x23] == 1 ? 8 : 6)
    timeWidth = !isThird ? 3 : head[0x23] == 2 ? nil : isShort ? 2 : 3
    var calibrations = ShimmerCalibrations()
    calibrations.wideRange = ShimmerCalibration(head, at: 0x4C, gainUnit: 1)
    calibrations.rate = ShimmerCalibration(head, at: 0x61, gainUnit: 0.01)
    calibrations.field = ShimmerCalibration(head, at: 0x76, gainUnit: 1)
    calibrations.lowNoise = ShimmerCalibration(head, at: 0x8B, gainUnit: 1)
    self.calibrations = calibrations
  }
}

/// Adds the channels of the sensors that a Shimmer3's header names, in the order of a packet; false where a sensor's channels are not known.
private func shimmerLogChannels(_ head: Span<UInt8>, _ layout: inout ShimmerLayout) -> Bool {
  let sensors = UInt32(head[3]) | UInt32(head[4]) << 8 | UInt32(head[5]) << 16
  // Bit 17 is a thermometer that has no channel.
  var unread = sensors & ~(1 << 17)
  for group in shimmerLogGroups where sensors & (1 << group.bit) != 0 {
    unread &= ~(1 << group.bit)
    if let status = group.status, !layout.append(status) { return false }
    for channel in group.first..<(group.first + group.count) {
      guard layout.append(channel) else { return false }
    }
  }
  return unread == 0
}

/// The bit of a sensor in the header and its channels, in the order of a packet.
private let shimmerLogGroups: [(bit: UInt32, status: UInt8?, first: UInt8, count: UInt8)] = [
  (7, nil, 0x00, 3), (13, nil, 0x03, 1), (1, nil, 0x0D, 1), (0, nil, 0x0E, 1), (11, nil, 0x0F, 1), (9, nil, 0x11, 1),
  (8, nil, 0x12, 1), (23, nil, 0x13, 1), (15, nil, 0x27, 2), (10, nil, 0x10, 1), (2, nil, 0x1C, 1), (6, nil, 0x0A, 3),
  (12, nil, 0x04, 3), (5, nil, 0x07, 3), (18, nil, 0x1A, 2), (4, 0x1D, 0x1E, 2), (20, 0x1D, 0x23, 2),
  (3, 0x20, 0x21, 2),
  (19, 0x20, 0x25, 2),
]
