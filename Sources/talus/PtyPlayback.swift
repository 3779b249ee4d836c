import CaptureImport
import Glibc
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import SerialLink

/// Plays an input's bytes out of a virtual serial port with their recorded timing, so that any program sees the device. Samples go through the
/// encoder of a protocol first.
struct PtyPlayback {
  private let input: SessionInput
  private let wire: ProtocolDescription
  private let factor: Double?

  /// - Parameter protocolName: what the port is to speak, for captures of samples; nil for what fits them.
  init(_ input: SessionInput, protocolName: String?, speed: ReplayCommand.Speed) throws {
    self.input = input
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

  func run() throws {
    let control: LoopControl
    var terminal: PseudoTerminal
    do {
      control = try LoopControl()
      terminal = try PseudoTerminal()
    } catch { throw failure(.inputOutput, error.description) }
    let signals = try stopSignals(control)
    writeAll(STDOUT_FILENO, Array((terminal.path + "\n").utf8).span)
    printError("talus: \(wire.name) on \(terminal.path); waiting for a program to open it, such as")
    printError("  talus stream --port \(terminal.path) --protocol \(wire.name)")
    guard waitForReader(terminal, signals) else { return }
    var played = 0
    var lost = 0
    let start = HostClock.now()
    try forEachPiece { bytes, time in
      while let factor, signals.received == nil {
        let left = time / factor - HostClock.now().seconds(since: start)
        guard left > 0.0002 else { break }
        usleep(UInt32(min(left, 0.05) * 1e6))
      }
      let taken = terminal.write(bytes, within: 2_000_000_000)
      played += taken
      lost += bytes.count - taken
      return signals.received == nil && terminal.hasReader
    }
    // A hang-up throws away what the reader has not taken yet.
    // A hang-up throws away what the reader has not taken yet, and nothing tells when it has: a busy machine gets a second.
    usleep(1_000_000)
    printError("talus: \(played) bytes played" + (lost > 0 ? "; \(lost) were not taken, the reader was too slow" : ""))
  }

  private func waitForReader(_ terminal: borrowing PseudoTerminal, _ signals: borrowing StopSignals) -> Bool {
    while !terminal.waitForReader(within: 100_000_000) {
      if signals.received != nil { return false }
    }
    return true
  }

  /// Every piece of bytes with the time (s) at which it is due.
  private func forEachPiece(_ body: (Span<UInt8>, Double) -> Bool) throws {
    switch input.content {
    case .recording:
      let file = try input.map()
      try file.withBytes { bytes in
        var first: HostInstant?
        do {
          _ = try RecordingReader.forEachEntry(in: bytes) { entry, payload in
            guard case .bytes(_, let arrived, .received) = entry else { return }
            let origin = first ?? arrived
            first = origin
            if !body(payload, arrived.seconds(since: origin)) { throw Ended() }
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
          if !body(piece, time) { return }
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
          if !bytes.isEmpty, !body(bytes.span, timed.time.seconds) { throw Ended() }
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
