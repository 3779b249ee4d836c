import Motion

/// What a host sends so that a device measures; devices that send on their own have none.
///
/// It is a value: who owns the port sends what `DialogueRun` says, and hands the same bytes to the decoder and the recording.
public struct DeviceDialogue: Sendable {
  /// Sent once, in this order, each when the one before was answered.
  public var opening: [[UInt8]] = []
  /// Requests for a measurement: the first is sent over and over. Where one of several kinds of device answers, they are tried in turn until one
  /// is answered, and only that one is sent from then on.
  public var polls: [[UInt8]] = []
  /// Sent at the end of the session.
  public var closing: [[UInt8]] = []
  /// The least time between two polls, ns.
  public var pollInterval: Int64 = 20_000_000
  /// Silence after which polls begin, ns: a device that sends on its own is not asked. Zero where it never does.
  public var silence: Int64 = 0
  /// What is sent, in words for the person at the keyboard.
  public var words: String
}

extension DeviceDialogue {
  /// Asks for registers of a Modbus device.
  static func modbus(address: UInt8, register: UInt16, count: UInt16, interval: Int64, _ words: String) -> Self {
    Self(
      polls: [ModbusRequest.read(address: address, register: register, count: count)], pollInterval: interval,
      words: words)
  }

  /// Starts the stream of a Shimmer3, after asking what its packets hold and what its words mean.
  static var shimmer: Self {
    Self(
      opening: [
        ShimmerCommand.stop, ShimmerCommand.firmware, ShimmerCommand.inquire, ShimmerCommand.calibrations,
        ShimmerCommand.start,
      ],
      closing: [ShimmerCommand.stop],
      words: "asks for its firmware, channels and calibrations, starts its stream, and stops it at the end")
  }

  /// Asks RION and BWSENSING inclinometers that do not send on their own.
  static var rion: Self {
    Self(
      polls: [RionCommand.readAll(.rion), RionCommand.readAll(.bwsensing)] + RionCommand.readAllOfLongAddress,
      pollInterval: 40_000_000, silence: 1_500_000_000,
      words: "asks for its angles, because it sends nothing on its own")
  }

  /// Asks Jewell inclinometers that do not send on their own.
  static var jewell: Self {
    Self(
      polls: [Array("*9900XY\r\n".utf8)], pollInterval: 100_000_000, silence: 1_500_000_000,
      words: "asks for its angles, because it sends nothing on its own")
  }
}

/// Where a dialogue stands. Like a decoder it has no clock: time comes with the calls.
public struct DialogueRun: Sendable {
  /// How long an answer is waited for, ns.
  public static let patience: Int64 = 300_000_000
  /// How often an opening message is sent before the next one is tried.
  static let attempts = 3

  /// What is sent.
  public let dialogue: DeviceDialogue
  /// Requests that were sent, and those that nothing answered in time.
  public private(set) var requests = 0
  public private(set) var unanswered = 0
  /// Whether the present poll was ever answered.
  private var isSettled = false
  private var begun: HostInstant?
  private var step = 0
  private var attempt = 0
  private var poll = 0
  private var isPolling = false
  private var lastSent: HostInstant?
  /// The request that waits for its answer: when it was sent, and what the decoder had counted then.
  private var waiting: (since: HostInstant, counted: DecoderCounters, length: Int)?
  /// A lone acknowledgement can be part of a longer answer, so that the decoder holds it: after this time it is taken for the answer, ns.
  private static let settling: Int64 = 100_000_000

  public init(_ dialogue: DeviceDialogue) { self.dialogue = dialogue }

  /// The device is being asked: what is silent before that is only listened to.
  public var isAsking: Bool { requests > 0 }

  /// What is to be sent now; nil for nothing. To be asked after bytes came, and every few milliseconds.
  ///
  /// - Parameter counters: of the device's decoder.
  public mutating func next(at now: HostInstant, _ counters: DecoderCounters) -> [UInt8]? {
    let start = begun ?? now
    begun = start
    if let waiting {
      guard isAnswered(at: now, waiting.since, waiting.counted, waiting.length, counters) else {
        guard now.nanoseconds &- waiting.since.nanoseconds >= Self.patience else { return nil }
        fail()
        return next(at: now, counters)
      }
      succeed()
    }
    if step < dialogue.opening.count { return send(dialogue.opening[step], now, counters) }
    guard !dialogue.polls.isEmpty else { return nil }
    if !isPolling && dialogue.silence > 0 {
      // A device that sends on its own is not asked.
      guard counters.frames == 0, now.nanoseconds &- start.nanoseconds >= dialogue.silence else { return nil }
    }
    isPolling = true
    if let lastSent, now.nanoseconds &- lastSent.nanoseconds < dialogue.pollInterval { return nil }
    return send(dialogue.polls[poll], now, counters)
  }

  private mutating func send(_ bytes: [UInt8], _ now: HostInstant, _ counters: DecoderCounters) -> [UInt8] {
    waiting = (now, counters, bytes.count)
    lastSent = now
    requests += 1
    return bytes
  }

  /// Adapters for RS-485 hand the request back: a frame of its length is no answer to a poll.
  private func isAnswered(
    at now: HostInstant, _ since: HostInstant, _ before: DecoderCounters, _ length: Int, _ counters: DecoderCounters
  ) -> Bool {
    guard step < dialogue.opening.count else {
      return counters.frames > before.frames && counters.framed &- before.framed != UInt64(length)
    }
    return counters.frames > before.frames
      || (counters.bytesIn > before.bytesIn && now.nanoseconds &- since.nanoseconds >= Self.settling)
  }

  private mutating func succeed() {
    waiting = nil
    attempt = 0
    if step < dialogue.opening.count { step += 1 } else { isSettled = true }
  }

  private mutating func fail() {
    waiting = nil
    unanswered += 1
    guard step < dialogue.opening.count else {
      if !isSettled { poll = (poll + 1) % dialogue.polls.count }
      return
    }
    attempt += 1
    if attempt == Self.attempts {
      attempt = 0
      step += 1
    }
  }
}
