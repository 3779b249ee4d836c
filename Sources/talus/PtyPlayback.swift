import CaptureImport
import Files
import Glibc
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import SerialLink

/// Plays an input's bytes out of a virtual serial port for each of its sensors, with their recorded timing and in their recorded order, so
/// that any program sees the devices. Samples go through the encoder of a protocol first.
struct PtyPlayback {
  private let input: SessionInput
  private let wire: ProtocolDescription
  private let factor: Double?
  private let loop: Bool

  /// - Parameters:
  ///   - protocolName: what the port is to speak, for captures of samples; nil for what fits them.
  ///   - loop: begin again at the end.
  init(_ input: SessionInput, protocolName: String?, speed: ReplayCommand.Speed, loop: Bool) throws {
    self.input = input
    self.loop = loop
    factor = speed.factor
    let name: String
    if case .capture(let capture) = input.content {
      let isInclination = capture.samples.first.map { $0.sample.fields.contains(.inclinationX) } ?? false
      name = protocolName ?? (isInclination ? "dxl360s" : "witmotion")
    } else {
      name = input.configuration.protocolName
    }
    do { wire = try ProtocolCatalogue.find(name) } catch { throw failure(.usage, error.description) }
  }

  /// A sensor's virtual port.
  private final class Port {
    let stream: StreamID
    var terminal: PseudoTerminal
    /// Its reader has gone.
    var isOver = false

    init(_ stream: StreamID) throws(LinkError) {
      self.stream = stream
      terminal = try PseudoTerminal()
    }
  }

  func run() throws {
    let control: LoopControl
    let ports: [Port]
    do {
      control = try LoopControl()
      ports = try streams().map { try Port($0) }
    } catch { throw failure(.inputOutput, "\(error)") }
    let signals = try stopSignals(control)
    writeAll(Array(ports.map { $0.terminal.path + "\n" }.joined().utf8).span, to: STDOUT_FILENO)
    if ports.count > 1 {
      printError("talus: \(ports.count) ports, in the order of the sensors; waiting until all of them are open")
    } else {
      let path = ports[0].terminal.path
      printError("talus: \(wire.name) on \(path); waiting for a program to open it, such as")
      printError("  talus stream --port \(path) --protocol \(wire.name)")
    }
    for port in ports {
      while !port.terminal.waitForReader(within: 100_000_000) {
        if signals.received != nil { return }
      }
    }
    var played = 0
    var lost = 0
    var hasPlayed = false
    repeat {
      let start = HostClock.now()
      hasPlayed = false
      try forEachPiece { stream, bytes, time in
        while let factor, signals.received == nil {
          let left = time / factor - HostClock.now().seconds(since: start)
          guard left > 0.0002 else { break }
          usleep(UInt32(min(left, 0.05) * 1e6))
        }
        if let port = ports.first(where: { $0.stream == stream }), !port.isOver {
          let taken = port.terminal.write(bytes, within: 2_000_000_000)
          played += taken
          lost += bytes.count - taken
          hasPlayed = true
          port.isOver = !port.terminal.hasReader
        }
        return signals.received == nil && !ports.allSatisfy(\.isOver)
      }
    } while loop && hasPlayed && signals.received == nil && !ports.allSatisfy(\.isOver)
    // A hang-up throws away what the reader has not taken yet, and nothing tells when it has: a busy machine gets a second.
    usleep(1_000_000)
    printError("talus: \(played) bytes played" + (lost > 0 ? "; \(lost) were not taken, the reader was too slow" : ""))
  }

  /// The sensors whose bytes are there; one port in any case.
  private func streams() throws -> [StreamID] {
    guard case .recording = input.content else { return [StreamID(0)] }
    var streams: Set<StreamID> = []
    let file = try input.map()
    try file.withBytes { bytes in
      var released = 0
      _ = try RecordingReader.forEachEntry(in: bytes, passed: { file.release(before: $0, released: &released) }) {
        entry, _ in
        if case .bytes(let stream, _, .received) = entry { streams.insert(stream) }
      }
    }
    return streams.isEmpty ? [StreamID(0)] : streams.sorted()
  }

  /// Every piece of bytes of a sensor with the time (s) at which it is due.
  private func forEachPiece(_ body: (StreamID, Span<UInt8>, Double) -> Bool) throws {
    switch input.content {
    case .recording:
      let file = try input.map()
      try file.withBytes { bytes in
        var first: HostInstant?
        var released = 0
        do {
          _ = try RecordingReader.forEachEntry(in: bytes, passed: { file.release(before: $0, released: &released) }) {
            entry, payload in
            guard case .bytes(let stream, let arrived, .received) = entry else { return }
            let origin = first ?? arrived
            first = origin
            if !body(stream, payload, arrived.seconds(since: origin)) { throw Ended() }
          }
        } catch is Ended {}
      }
    case .bytes:
      // Bytes without arrivals are due when their samples are.
      let file = try input.map()
      file.withBytes { bytes in
        var intake = SampleIntake(wire, fixedRate: input.configuration.fixedRate)
        var samples: [TimedSample] = []
        var time = 0.0
        var start = 0
        while start < bytes.count {
          let end = min(start + 32, bytes.count)
          let piece = bytes.extracting(start..<end)
          intake.receive(piece, arrived: HostInstant(nanoseconds: 0), into: &samples)
          if let last = samples.last { time = last.time.seconds }
          samples.removeAll(keepingCapacity: true)
          if !body(StreamID(0), piece, time) { return }
          start = end
        }
      }
    case .capture:
      guard var encoder = wire.makeEncoder() else {
        throw failure(.usage, "--protocol \(wire.name): it can be read and not written")
      }
      var bytes: [UInt8] = []
      var written = 0
      do {
        _ = try input.forEachSample { timed in
          bytes.removeAll(keepingCapacity: true)
          encoder.encode(timed.sample, into: &bytes)
          written += bytes.count
          if !bytes.isEmpty, !body(StreamID(0), bytes.span, timed.time.seconds) { throw Ended() }
        }
      } catch is Ended {}
      if written == 0 {
        throw failure(
          .badData, "\(input.path): these samples do not have what \(wire.name) sends; choose another --protocol")
      }
    }
  }

  private struct Ended: Error {}
}
