import Glibc
import Motion
import SerialLink
import Synchronization
import TestKit
import Testing

/// Keeps everything that a loop says, and can act on it.
private struct Recorder: IngestHandler {
  var bytes: [StreamID: [UInt8]] = [:]
  var arrivals: [HostInstant] = []
  var events: [String] = []
  var reasons: [String] = []
  var ticks: [HostInstant] = []
  var wakes = 0
  /// Called after each arrival with the number of bytes of all streams so far.
  var onArrival: (Int) -> Void = { _ in }
  var onTick: (Int, inout IngestPorts) -> Void = { _, _ in }

  mutating func received(
    _ chunk: Span<UInt8>, from stream: StreamID, arrived: HostInstant, ports: inout IngestPorts
  ) {
    chunk.withUnsafeBufferPointer { bytes[stream, default: []] += $0 }
    arrivals.append(arrived)
    onArrival(bytes.values.reduce(0) { $0 + $1.count })
  }

  mutating func linkChanged(_ event: LinkEvent, of stream: StreamID, at instant: HostInstant, reason: String) {
    events.append("\(stream.number) \(event.rawValue)")
    if !reason.isEmpty { reasons.append(reason) }
  }

  mutating func tick(at instant: HostInstant, ports: inout IngestPorts) {
    ticks.append(instant)
    onTick(ticks.count, &ports)
  }

  mutating func woken(at instant: HostInstant, ports: inout IngestPorts) { wakes += 1 }
}

extension SerialLinkSuite {
  @Suite(.timeLimit(.minutes(1))) struct IngestLoopTests {
    /// A loop over the devices, numbered from 0.
    private func loop(
      _ devices: [PtyPair], _ control: LoopControl, tickInterval: Int64? = nil
    ) throws -> IngestLoop {
      var ports = IngestPorts()
      for (index, device) in devices.enumerated() {
        ports.add(
          try SerialPort.open(device.path, SerialSettings(baud: 115_200)), as: StreamID(UInt16(index)))
      }
      return IngestLoop(ports: ports, control: control, tickInterval: tickInterval)
    }

    private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
      var random = RandomSource(seed: seed)
      return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test("A hang-up ends the loop with every byte delivered, and stamps never run backwards")
    func hangUp() throws {
      let device = try PtyPair()
      var loop = try loop([device], LoopControl())
      let sent = noise(200_000, seed: 1)
      var handler = Recorder()
      handler.onArrival = { if $0 == sent.count { device.hangUp() } }
      let began = HostClock.now()
      let writer = try OSThread(name: "device") { device.write(sent) }
      #expect(try loop.run(&handler) == .allPortsGone)
      writer.join()
      #expect(handler.bytes == [StreamID(0): sent])
      #expect(handler.events == ["0 opened", "0 unplugged"])
      #expect(handler.reasons == ["the port hung up"])
      #expect(zip(handler.arrivals, handler.arrivals.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(handler.arrivals.first! >= began && handler.arrivals.last! <= HostClock.now())
    }

    @Test("Two ports: each stream's bytes stay in order, one that goes leaves the other running")
    func twoPorts() throws {
      let devices = [try PtyPair(), try PtyPair()]
      var loop = try loop(devices, LoopControl())
      let sent = [noise(20_000, seed: 2), noise(30_000, seed: 3)]
      var handler = Recorder()
      handler.onArrival = { total in
        if total == sent[0].count { devices[0].hangUp() }
        if total == sent[0].count + sent[1].count { devices[1].hangUp() }
      }
      let writer = try OSThread(name: "devices") {
        ScriptedByteSource(sent[0], pieceSize: 1000, every: 100_000).play(into: devices[0])
        usleep(20_000)
        ScriptedByteSource(sent[1], pieceSize: 1000, every: 100_000).play(into: devices[1])
      }
      #expect(try loop.run(&handler) == .allPortsGone)
      writer.join()
      #expect(handler.bytes == [StreamID(0): sent[0], StreamID(1): sent[1]])
      #expect(handler.events == ["0 opened", "1 opened", "0 unplugged", "1 unplugged"])
      #expect(zip(handler.arrivals, handler.arrivals.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("A sensor that sends faster than its bytes are worked on does not keep a stop waiting")
    func stopBehind() throws {
      let device = try PtyPair()
      let control = try LoopControl()
      var loop = try loop([device], control)
      let data = noise(4000, seed: 6)
      let stop = StopFlag()
      let writer = try OSThread(name: "writer") {
        while !stop.isSet { device.write(data, within: 0.02) }
      }
      var handler = Recorder()
      // There are always bytes again when the work on the last ones is done.
      handler.onArrival = { _ in usleep(30_000) }
      let stopper = try OSThread(name: "stopper") {
        usleep(200_000)
        control.stop()
      }
      let start = HostClock.now()
      #expect(try loop.run(&handler) == .stopped)
      #expect(HostClock.now().seconds(since: start) < 4)
      stop.set()
      writer.join()
      stopper.join()
    }

    @Test("A stop request from another thread ends a silent loop, and what has arrived is delivered first")
    func stop() throws {
      let device = try PtyPair()
      let control = try LoopControl()
      var loop = try loop([device], control)
      let sent = noise(3000, seed: 4)
      #expect(device.write(sent) == sent.count)
      usleep(20_000)
      // Asked for before the loop runs: it must not be lost either.
      control.stop()
      var handler = Recorder()
      #expect(try loop.run(&handler) == .stopped)
      #expect(handler.bytes[StreamID(0)] == sent)
      #expect(handler.events == ["0 opened", "0 closed"])
      // The port was closed, and is free again.
      #expect(openingError(device.path) == nil)

      var second = try self.loop([device], control)
      let stopper = try OSThread(name: "stopper") {
        usleep(50_000)
        control.wake()
        usleep(50_000)
        control.stop()
      }
      var silent = Recorder()
      #expect(try second.run(&silent) == .stopped)
      stopper.join()
      #expect(silent.wakes == 1)
      #expect(silent.bytes.isEmpty)
    }

    @Test("Ticks come at their interval, during silence and during a flood")
    func ticks() throws {
      let device = try PtyPair()
      let control = try LoopControl()
      var loop = try loop([device], control, tickInterval: 5_000_000)
      var handler = Recorder()
      handler.onTick = { count, _ in if count == 20 { control.stop() } }
      let data = noise(4000, seed: 5)
      let began = HostClock.now()
      try withFlood(device, data) {
        let end = try loop.run(&handler)
        #expect(end == .stopped)
      }
      #expect(handler.ticks.count >= 20)
      // Not earlier than asked for; how much later is the machine's business.
      #expect(handler.ticks[19].seconds(since: began) >= 0.0999)
    }

    private func withFlood(
      _ device: PtyPair, _ data: [UInt8], _ body: () throws -> Void
    ) throws {
      let stop = StopFlag()
      let writer = try OSThread(name: "flood") {
        while !stop.isSet { device.write(data, within: 0.05) }
      }
      let result = Result { try body() }
      stop.set()
      writer.join()
      try result.get()
    }

    @Test("A handler can answer the device from a tick")
    func answersDevice() throws {
      let device = try PtyPair()
      let control = try LoopControl()
      var loop = try loop([device], control, tickInterval: 1_000_000)
      var handler = Recorder()
      handler.onTick = { count, ports in
        #expect((try? ports.send([0x68, 0x04].span, to: StreamID(0))) == true)
        #expect((try? ports.send([1].span, to: StreamID(9))) == false)
        control.stop()
      }
      #expect(try loop.run(&handler) == .stopped)
      #expect(device.read(2) == [0x68, 0x04])
    }

    @Test(
      "The first SIGINT or SIGTERM ends the loop, the second would end the program",
      arguments: [SIGINT, SIGTERM, SIGHUP])
    func signals(number: Int32) throws {
      let device = try PtyPair()
      let control = try LoopControl()
      var loop = try loop([device], control)
      var before = sigaction()
      sigaction(number, nil, &before)
      do {
        let signals = try StopSignals(stopping: control)
        #expect(throws: LinkError.self) { _ = try StopSignals(stopping: control) }
        #expect(signals.received == nil)
        let sender = try OSThread(name: "sender") {
          usleep(20_000)
          kill(getpid(), number)
        }
        var handler = Recorder()
        #expect(try loop.run(&handler) == .stopped)
        sender.join()
        #expect(signals.received == number)
        var after = sigaction()
        sigaction(number, nil, &after)
        #expect(unsafeBitCast(after.__sigaction_handler.sa_handler, to: Int.self) == 0, "the default action is back")
      }
      var restored = sigaction()
      sigaction(number, nil, &restored)
      #expect(
        unsafeBitCast(restored.__sigaction_handler.sa_handler, to: Int.self)
          == unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self))
    }
  }

  @Suite struct ClockTests {
    @Test("The anchor lies between two looks at the clock, and agrees with the calendar")
    func anchor() {
      let before = HostClock.now()
      let anchor = UTCAnchor.take()
      let after = HostClock.now()
      #expect(before <= anchor.host && anchor.host <= after)
      // CLOCK_REALTIME and time() are the same clock; a second is the grain of the latter.
      #expect(abs(Double(anchor.utcNanoseconds) * 1e-9 - Double(time(nil))) < 2)
    }
  }
}

private final class StopFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}
