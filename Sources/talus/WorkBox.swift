import Motion
import SerialLink

/// Carries the parts that have one owner to the thread that will own them.
final class WorkBox {
  private var session: LiveSession
  private var loop: IngestLoop

  init(session: consuming LiveSession, loop: consuming IngestLoop) {
    self.session = session
    self.loop = loop
  }

  func run(heard: [(stream: StreamID, arrived: HostInstant, bytes: [UInt8])], output: OutputSession) {
    for chunk in heard { session.take(chunk.bytes.span, from: chunk.stream, arrived: chunk.arrived) }
    do {
      _ = try loop.run(&session)
      let summary = session.finish()
      if let refusal = session.refusal {
        output.end(failing: .usage, refusal, summary: summary)
      } else {
        output.end(with: summary)
      }
    } catch {
      let summary = session.finish()
      output.end(failing: .inputOutput, "\(error)", summary: summary)
    }
  }
}
