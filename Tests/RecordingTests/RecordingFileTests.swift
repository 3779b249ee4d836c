import Foundation
import Motion
import TestKit
import Testing

@testable import Recording

@Suite("Recording to a file")
struct RecordingFileTests {
  /// A folder of the test's own, which goes away with it.
  final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "/talus-recording-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name))) }
  }

  static func now() -> HostInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return HostInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static func append(_ logged: LoggedEntry, to file: borrowing RecordingFile) -> Bool {
    switch logged.entry {
    case .bytes(let stream, let arrived, let direction):
      file.append(bytes: logged.payload.span, stream: stream, arrived: arrived, direction: direction)
    case .operatorEvent(let instant, let event): file.append(event, at: instant)
    case .link(let instant, let stream, let event): file.append(event, stream: stream, at: instant)
    case .remark(let instant, let remark): file.append(remark, at: instant)
    }
  }

  @Test("everything is in the file when it is finished")
  func finished() throws {
    let folder = try Folder()
    var random = RandomSource(seed: 21)
    let log = SampleLog.random(count: 3000, atMost: 300, using: &random)
    let file = try RecordingFile(creating: folder.path + "/a.mcap", header: SampleLog.header)
    for entry in log {
      let taken = Self.append(entry, to: file)
      #expect(taken)
    }
    let summary = file.finish()
    let bytes = try folder.bytes("a.mcap")
    #expect(summary.bytes == bytes.count)
    #expect(summary.entries == 3000)
    #expect(summary.droppedEntries == 0)
    #expect(summary.failure == nil)
    let seconds = try #require(log.last).entry.instant.seconds(since: try #require(log.first).entry.instant)
    #expect(summary.duration == seconds)
    let read = try readLog(bytes)
    #expect(read.log == log)
    #expect(read.end == .complete)
  }

  @Test("a file that is forgotten is finished all the same")
  func forgotten() throws {
    let folder = try Folder()
    do {
      let file = try RecordingFile(creating: folder.path + "/a.mcap", header: SampleLog.header)
      file.append(.marker("last"), at: HostInstant(nanoseconds: 5))
    }
    let read = try readLog(folder.bytes("a.mcap"))
    #expect(read.end == .complete)
    #expect(read.log == [LoggedEntry(.operatorEvent(HostInstant(nanoseconds: 5), .marker("last")))])
  }

  @Test("at any moment the file holds all but the last quarter second")
  func killedAnyTime() throws {
    // The file as another process sees it is what a kill leaves: what the program still has in memory is not in it.
    let folder = try Folder()
    let file = try RecordingFile(creating: folder.path + "/a.mcap", header: SampleLog.header)
    let start = Self.now()
    var sent = 0
    var looks = 0
    var ages: [Double] = []
    var nextLook = 0.31
    while Self.now().seconds(since: start) < 3 {
      let payload = Array("\(sent)".utf8)
      // 1.2 s of silence in the middle: what came before it must not wait for what comes after it.
      let elapsed = Self.now().seconds(since: start)
      if !(1.0..<2.2).contains(elapsed) {
        file.append(bytes: payload.span, stream: StreamID(0), arrived: Self.now(), direction: .received)
        sent += 1
      }
      if elapsed >= nextLook {
        nextLook = elapsed + 0.137
        looks += 1
        let seen = Self.now()
        let read = try readLog(folder.bytes("a.mcap"))
        let last = read.log.last.map { String(decoding: $0.payload, as: UTF8.self) }
        // A busy machine may not have come to the first chunk yet.
        #expect(last == (read.log.isEmpty ? nil : String(read.log.count - 1)))
        if elapsed > 2.0 && elapsed < 2.15 { #expect(read.log.count == sent, "all that came before the silence") }
        if let instant = read.log.last?.entry.instant, !(1.0..<2.6).contains(elapsed) {
          ages.append(seen.seconds(since: instant))
        }
      }
      usleep(4000)
    }
    #expect(looks > 10)
    // How late it is depends on what else the machine does: `Tools/faults kill` measures that.
    #expect(ages.max() ?? 9 < 5, "\(ages)")
    let summary = file.finish()
    #expect(summary.entries == UInt64(sent))
  }

  @Test("a disk that stalls holds nobody up; what does not fit is dropped and counted")
  func stalledDisk() throws {
    // A pipe that nobody reads is a disk that does not answer.
    let folder = try Folder()
    let path = folder.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    try #require(reader >= 0)
    defer { close(reader) }
    let file = try RecordingFile(
      creating: path, header: SampleLog.header, overwriting: true, waitingLimit: 300_000)
    var log: [LoggedEntry] = []
    var dropped = 0
    var worst = 0.0
    for i in 0..<800 {
      let entry = LoggedEntry(
        .bytes(stream: StreamID(0), arrived: HostInstant(nanoseconds: Int64(i)), direction: .received),
        [UInt8](repeating: UInt8(truncatingIfNeeded: i), count: 1000))
      let before = Self.now()
      if Self.append(entry, to: file) { log.append(entry) } else { dropped += 1 }
      worst = max(worst, Self.now().seconds(since: before))
      if i % 100 == 0 { usleep(60_000) }
    }
    #expect(dropped > 100)
    #expect(log.count > 200)
    // An append that waited for the disk would wait for ever; a machine that runs other things may be late.
    #expect(worst < 5)
    let droppedSoFar = file.droppedEntries
    #expect(droppedSoFar == UInt64(dropped))
    // The disk answers again: all that was taken arrives, and the gap is known.
    let drain = Drain(reader)
    usleep(500_000)
    let last = LoggedEntry(.operatorEvent(HostInstant(nanoseconds: 900), .marker("after the stall")))
    let taken = Self.append(last, to: file)
    #expect(taken)
    let summary = file.finish()
    let bytes = drain.finish()
    #expect(summary.failure == nil)
    #expect(summary.droppedEntries == UInt64(dropped))
    #expect(summary.bytes == bytes.count)
    let read = try readLog(bytes)
    #expect(read.end == .complete)
    #expect(read.log == log + [last])
    #expect(read.tally.missingEntries == UInt64(dropped))
  }

  /// Reads a pipe to its end, on a thread of its own.
  final class Drain: @unchecked Sendable {
    private var bytes: [UInt8] = []
    private let done = DispatchSemaphore(value: 0)

    init(_ descriptor: Int32) {
      _ = fcntl(descriptor, F_SETFL, 0)
      Thread.detachNewThread { [self] in
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
          let count = read(descriptor, &buffer, buffer.count)
          if count <= 0 { break }
          bytes += buffer[..<count]
        }
        done.signal()
      }
    }

    func finish() -> [UInt8] {
      done.wait()
      return bytes
    }
  }

  @Test("an existing file is not overwritten unless that is said")
  func overwriting() throws {
    let folder = try Folder()
    let path = folder.path + "/a.mcap"
    try Data("precious".utf8).write(to: URL(filePath: path))
    let failure = #expect(throws: RecordingFailure.self) {
      _ = try RecordingFile(creating: path, header: SampleLog.header)
    }
    #expect(failure?.errorNumber == EEXIST)
    #expect(failure?.description == "\(path) exists already and is not overwritten")
    #expect(try folder.bytes("a.mcap") == Array("precious".utf8))
    _ = try RecordingFile(creating: path, header: SampleLog.header, overwriting: true).finish()
    #expect(try readLog(folder.bytes("a.mcap")).end == .complete)
  }

  @Test("a place that takes nothing is known before the session starts")
  func cannotCreate() throws {
    let folder = try Folder()
    let missing = #expect(throws: RecordingFailure.self) {
      _ = try RecordingFile(creating: folder.path + "/no/a.mcap", header: SampleLog.header)
    }
    #expect(missing?.description == "cannot create the recording \(folder.path)/no/a.mcap: No such file or directory")
    let full = #expect(throws: RecordingFailure.self) {
      _ = try RecordingFile(creating: "/dev/full", header: SampleLog.header, overwriting: true)
    }
    #expect(full?.errorNumber == ENOSPC)
  }

  @Test(
    "a disk that fills up is reported once, and what fits is kept",
    .enabled(if: geteuid() == 0, "needs root, to mount a small file system"))
  func fullDisk() throws {
    let folder = try Folder()
    try #require(mount("tmpfs", folder.path, "tmpfs", 0, "size=256k") == 0, "mount: errno \(errno)")
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    let file = try RecordingFile(creating: folder.path + "/a.mcap", header: SampleLog.header)
    var log: [LoggedEntry] = []
    var refused = 0
    var failures: [RecordingFailure] = []
    for i in 0..<120 {
      let entry = LoggedEntry(
        .bytes(stream: StreamID(0), arrived: HostInstant(nanoseconds: Int64(i)), direction: .received),
        [UInt8](repeating: UInt8(i), count: 5000))
      log.append(entry)
      if !Self.append(entry, to: file) { refused += 1 }
      if let failure = file.takeFailure() { failures.append(failure) }
      usleep(15_000)
    }
    let summary = file.finish()
    #expect(failures.count == 1)
    let failure = try #require(failures.first)
    #expect(failure.attempt == .write && failure.errorNumber == ENOSPC)
    let bytes = try folder.bytes("a.mcap")
    #expect(failure.bytesKept == bytes.count)
    #expect(summary.bytes == bytes.count)
    #expect(summary.failure == failure)
    #expect(
      failure.description
        == "recording to \(folder.path)/a.mcap stopped: No space left on device; the first \(bytes.count) bytes are kept"
    )
    #expect(refused > 0 && summary.droppedEntries == UInt64(refused))
    let read = try readLog(bytes)
    #expect(read.log.count >= 20)
    #expect(read.log == Array(log[..<read.log.count]))
    #expect(bytes.count >= 250_000)
    guard case .truncated = read.end else {
      Issue.record("\(read.end)")
      return
    }
  }
}
