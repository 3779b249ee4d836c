import CSerial
import DecimalText
import Export
import Glibc
import LiveView
import Motion
import Pipeline
import Synchronization

/// The mailbox between the thread that runs the engine and the thread that shows what it says. What crosses it crosses in chunks.
///
/// For a program at the other end of a pipe the lines wait here; for a person only the newest state does.
final class OutputHub: Sendable {
  /// What happens when the reader of the lines is slower than the engine.
  enum WhenFull {
    /// The engine waits: a replay has time.
    case wait
    /// The newest lines are left out and counted: a live sensor does not wait, and the recording is not disturbed.
    case drop
  }

  private struct State: Sendable {
    var text = TextBuffer(capacity: 1 << 16)
    var live: LiveState
    var droppedLines: UInt64 = 0
    var isFinished = false
    /// What explains each trial's uncertainty; nil where nobody asked.
    var explanation: Explanation?
  }

  /// Lines that may wait, in bytes.
  private static let limit = 64 << 20

  private let state: Mutex<State>
  private let showsLines: Bool
  private let whenFull: WhenFull
  private let stop = Atomic<Bool>(false)
  /// Becomes readable when lines wait or the session is over.
  let wake: Int32

  init(live: LiveState, showsLines: Bool, whenFull: WhenFull, explanation: Explanation? = nil) {
    state = Mutex(State(live: live, explanation: explanation))
    self.showsLines = showsLines
    self.whenFull = whenFull
    var made: Int32 = -1
    cserial_event_fd(&made)
    wake = made
  }

  deinit { close(wake) }

  /// Someone wants the session to end.
  func requestStop() { stop.store(true, ordering: .relaxed) }

  var isStopRequested: Bool { stop.load(ordering: .relaxed) }

  /// Leaves what the engine said, and how the sensors stand: the shank's, and the foot's if there is one.
  func post(_ emissions: [Emission], status: SensorStatus, foot: SensorStatus?) {
    guard !emissions.isEmpty || !showsLines else { return }
    if whenFull == .wait {
      while showsLines && !isStopRequested && state.withLock({ $0.text.bytes.count > 4 << 20 }) { usleep(500) }
    }
    let notify = state.withLock { state in
      if showsLines {
        guard state.text.bytes.count < Self.limit else {
          state.droppedLines += UInt64(emissions.count)
          return false
        }
        let wasEmpty = state.text.isEmpty
        for emission in emissions {
          JSONLines.append(emission, to: &state.text)
          if let budget = state.explanation?.take(emission), case .trial(let trial) = emission {
            JSONLines.append(budget, of: trial, to: &state.text)
          }
        }
        return wasEmpty
      }
      state.live.take(emissions)
      state.live.sensor = status
      state.live.foot = foot
      return false
    }
    if notify { signalWake() }
  }

  /// Leaves lines that are made already.
  func post(_ write: (inout TextBuffer) -> Void) {
    state.withLock { write(&$0.text) }
    signalWake()
  }

  func change(_ change: (inout LiveState) -> Void) { state.withLock { change(&$0.live) } }

  var live: LiveState { state.withLock { $0.live } }

  var droppedLines: UInt64 { state.withLock { $0.droppedLines } }

  func finish() {
    state.withLock { $0.isFinished = true }
    signalWake()
  }

  var isFinished: Bool { state.withLock { $0.isFinished } }

  /// Takes the waiting lines in exchange for an empty buffer; false once nothing waits and nothing will come.
  func take(_ buffer: inout TextBuffer) -> Bool {
    buffer.removeAll()
    var count: UInt64 = 0
    read(wake, &count, 8)
    return state.withLock { state in
      swap(&state.text, &buffer)
      return !(state.isFinished && buffer.isEmpty)
    }
  }

  private func signalWake() {
    var one: UInt64 = 1
    write(wake, &one, 8)
  }
}
