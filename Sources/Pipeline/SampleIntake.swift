import Motion
import SensorProtocols
import Timebase

/// The way of one sensor's bytes to samples with session time: decoder and clock, and nothing that depends on how the samples are used.
public struct SampleIntake: Sendable {
  private var decoder: any FrameDecoder
  private var clock: SessionClock
  private var decoded: [SensorSample] = []

  /// - Parameters:
  ///   - sensorProtocol: how the bytes are to be read.
  ///   - fixedRate: Hz; given where the bytes carry no time and have no arrivals.
  public init(_ sensorProtocol: ProtocolDescription, stream: StreamID = StreamID(0), fixedRate: Double? = nil) {
    decoder = sensorProtocol.makeDecoder(stream: stream)
    let source: SessionClock.Source =
      fixedRate.map { .rate($0, sensorProtocol.clock) } ?? .arrivals(sensorProtocol.clock, nominalRate: nil)
    clock = SessionClock(stream: stream, source: source)
    decoded.reserveCapacity(512)
  }

  /// What became of the bytes.
  public var counters: DecoderCounters { decoder.counters }

  /// The learned rate, Hz; nil before it is known.
  public var rate: Double? { clock.rate }

  /// How exactly it is known, Hz, one standard deviation; nil before it is known, and for a stated rate.
  public var rateSpread: Double? { clock.rateSpread }

  /// Times at which the device's clock or counter began anew.
  public var resets: Int { clock.resets }

  /// Where session time zero of this sensor lies on the host's clock; nil before it is known.
  public var zero: HostInstant? { clock.zero }

  /// Samples whose device clock ran backwards or stood still.
  public var timeRepairs: UInt64 { clock.repairs }

  /// Takes the next bytes, and appends the samples whose time is known now.
  public mutating func receive(_ bytes: Span<UInt8>, arrived: HostInstant, into output: inout [TimedSample]) {
    decoder.consume(bytes, arrived: arrived, into: &decoded)
    drain(into: &output)
  }

  /// From here on the kinds of message are counted.
  public mutating func beginTally() { decoder.beginTally() }

  /// The kinds of message since then; nil where nobody asked.
  public var messages: MessageTally? { decoder.messages }

  /// Takes note of what was sent to the sensor: some answers can't be read without their question.
  public mutating func sent(_ bytes: Span<UInt8>) { decoder.sent(bytes) }

  /// The port went away: what is missing from here on has that cause.
  public mutating func unplugged() { clock.expectGap(.unplugged) }

  /// The stream has ended: nothing waits any longer.
  public mutating func finish(into output: inout [TimedSample]) {
    decoder.finish(into: &decoded)
    drain(into: &output)
    clock.finish(into: &output)
  }

  private mutating func drain(into output: inout [TimedSample]) {
    // Moved out while its samples are worked on, so that they need not be copied out of it one by one.
    var batch: [SensorSample] = []
    swap(&batch, &decoded)
    do {
      let samples = batch.span
      for index in samples.indices { clock.admit(samples[index], into: &output) }
    }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &decoded)
  }
}
