import CSerial
import Glibc

/// One thread of the operating system, for work that waits in system calls.
public struct OSThread: ~Copyable, Sendable {
  private let handle: pthread_t

  private final class Work {
    let name: String
    let body: () -> Void
    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread. Debuggers and top show the first 15 bytes of its name.
  public init(name: String, body: sending @escaping () -> Void) throws(LinkError) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    let failure = pthread_create(
      &thread, nil,
      { argument in
        let work = Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue()
        cserial_name_thread(work.name)
        work.body()
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      work.release()
      throw .system(path: "thread \(name)", action: "starting", errorNumber: failure)
    }
    handle = thread
  }

  /// Waits until the thread has ended.
  public consuming func join() {
    pthread_join(handle, nil)
    discard self
  }

  /// A thread that nobody waits for runs on by itself.
  deinit { pthread_detach(handle) }
}
