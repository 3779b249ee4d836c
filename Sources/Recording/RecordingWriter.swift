import Glibc
import Motion

/// The file, its two threads, and what they share with the program: all behind one mutex, which nobody holds while the
/// disk works.
final class RecordingWriter: @unchecked Sendable {
  /// To be used between `enter` and `leave` only.
  var encoder: RecordingEncoder

  private let disk: RecordingDisk
  private let waitingLimit: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var threads: [pthread_t] = []
  private var finishing = false
  private var closed = false
  /// Writing failed: nothing is taken any more.
  private var stopped = false
  /// Bytes that the thread is writing at this moment.
  private var inWriting = 0
  private var written = 0
  /// When the write began that is under way, ns on the monotonic clock; nil when none is.
  private var writingSince: Int?
  private var failure: RecordingFailure?
  private var failureTold = false

  private static let writeInterval = 100_000_000
  private static let syncInterval = 800_000_000

  init(path: String, header: RecordingHeader, overwriting: Bool, waitingLimit: Int) throws(RecordingFailure) {
    encoder = RecordingEncoder(header)
    self.waitingLimit = waitingLimit
    disk = RecordingDisk(creating: path, overwriting: overwriting)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
    guard disk.creationError == 0 else {
      closed = true
      throw RecordingFailure(attempt: .create, path: path, errorNumber: disk.creationError, bytesKept: 0)
    }
    // The head is written here, so that a disk that takes nothing is known before the session starts.
    var head: [UInt8] = []
    encoder.takeOutput(into: &head)
    var error = write(head)
    if error == 0 { error = disk.sync() }
    if error == 0 { error = startThreads() }
    guard error == 0 else {
      _ = disk.close()
      closed = true
      throw RecordingFailure(attempt: .create, path: path, errorNumber: error, bytesKept: written)
    }
    disk.syncFolder()
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  // MARK: - The program's side

  /// Takes the mutex for an entry of this size; false, and the mutex free, when the entry has to be dropped.
  func enter(_ size: Int) -> Bool {
    pthread_mutex_lock(mutex)
    if !stopped && encoder.pendingBytes + inWriting + size <= waitingLimit { return true }
    encoder.skipEntry()
    pthread_mutex_unlock(mutex)
    return false
  }

  func leave() { pthread_mutex_unlock(mutex) }

  func takeFailure() -> RecordingFailure? {
    locked {
      guard let failure, !failureTold else { return nil }
      failureTold = true
      return failure
    }
  }

  var droppedEntries: UInt64 { locked { encoder.skippedEntries } }

  /// What waits for the disk, and for how long the disk has not answered, s.
  var waiting: (bytes: Int, seconds: Double) {
    locked {
      (encoder.pendingBytes + inWriting, writingSince.map { Double(Self.now() - $0) * 1e-9 } ?? 0)
    }
  }

  /// Ends both threads and closes the file. A second call changes nothing.
  func finish() -> RecordingSummary {
    let threads = locked {
      finishing = true
      pthread_cond_broadcast(changed)
      defer { self.threads = [] }
      return self.threads
    }
    for thread in threads { pthread_join(thread, nil) }
    if !closed {
      closed = true
      note(.sync, disk.sync())
      checkName()
      if failure?.attempt == .keep { failure?.rescuedTo = RemovedFile.rescue(disk.descriptor, disk.path) }
      note(.close, disk.close())
    }
    let first = encoder.firstInstant, last = encoder.lastInstant
    return RecordingSummary(
      path: disk.path, bytes: written, entries: encoder.entries, droppedEntries: encoder.skippedEntries,
      duration: first.flatMap { first in last?.seconds(since: first) } ?? 0, failure: failure)
  }

  // MARK: - The threads

  private func startThreads() -> Int32 {
    // Signals are for the program's own threads: these two get none.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    for entry in [RecordingWriter.writeEntry, RecordingWriter.syncEntry] {
      var thread = pthread_t()
      let error = pthread_create(&thread, nil, entry, Unmanaged.passRetained(self).toOpaque())
      guard error == 0 else {
        Unmanaged.passUnretained(self).release()
        locked {
          finishing = true
          pthread_cond_broadcast(changed)
        }
        for thread in threads { pthread_join(thread, nil) }
        return error
      }
      threads.append(thread)
    }
    return 0
  }

  private typealias ThreadEntry = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?

  private static let writeEntry: ThreadEntry = { argument in
    if let argument { Unmanaged<RecordingWriter>.fromOpaque(argument).takeRetainedValue().writeLoop() }
    return nil
  }

  private static let syncEntry: ThreadEntry = { argument in
    if let argument { Unmanaged<RecordingWriter>.fromOpaque(argument).takeRetainedValue().syncLoop() }
    return nil
  }

  private func writeLoop() {
    var buffer: [UInt8] = []
    var due = Self.now()
    pthread_mutex_lock(mutex)
    while true {
      due = max(due + Self.writeInterval, Self.now())
      waitUntil(due)
      let isLast = finishing
      encoder.flushChunk()
      if isLast { encoder.finish() }
      encoder.takeOutput(into: &buffer)
      inWriting = buffer.count
      let work = stopped ? 0 : buffer.count
      writingSince = work > 0 ? Self.now() : nil
      pthread_mutex_unlock(mutex)
      if work > 0 {
        let error = write(buffer)
        if error != 0 {
          note(.write, error)
          locked { stopped = true }
        }
      }
      checkName()
      pthread_mutex_lock(mutex)
      writingSince = nil
      inWriting = 0
      if isLast { break }
    }
    pthread_mutex_unlock(mutex)
  }

  /// A thread of its own: a disk that takes long to sync does not hold up what only goes to the kernel.
  private func syncLoop() {
    var synced = 0
    var due = Self.now()
    pthread_mutex_lock(mutex)
    while !finishing {
      due = max(due + Self.syncInterval, Self.now())
      waitUntil(due)
      guard written != synced else { continue }
      synced = written
      pthread_mutex_unlock(mutex)
      note(.sync, disk.sync())
      pthread_mutex_lock(mutex)
    }
    pthread_mutex_unlock(mutex)
  }

  /// Waits with the mutex in hand until the monotonic clock shows `due`, or the recording is to end.
  private func waitUntil(_ due: Int) {
    var time = timespec(tv_sec: due / 1_000_000_000, tv_nsec: due % 1_000_000_000)
    while !finishing, pthread_cond_timedwait(changed, mutex, &time) != ETIMEDOUT {}
  }

  // MARK: - What happened

  private func write(_ bytes: [UInt8]) -> Int32 {
    disk.write(bytes) { count in locked { written += count } }
  }

  /// Nothing fails when a file's name, or its whole folder, is taken away: writing goes on, and all would be gone with the last byte.
  private func checkName() {
    if RemovedFile.isRemoved(disk.descriptor) { note(.keep, ENOENT) }
  }

  /// Keeps the first failure.
  private func note(_ attempt: RecordingFailure.Attempt, _ error: Int32) {
    guard error != 0 else { return }
    locked {
      guard failure == nil else { return }
      failure = RecordingFailure(attempt: attempt, path: disk.path, errorNumber: error, bytesKept: written)
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
