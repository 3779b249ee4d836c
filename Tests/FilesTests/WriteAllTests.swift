import Files
import Foundation
import Synchronization
import Testing

@Suite("The write loop")
struct WriteAllTests {
  @Test("a full pipe that does not block is waited for, and every piece is told")
  func fullPipe() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    _ = fcntl(writing, F_SETFL, fcntl(writing, F_GETFL) | O_NONBLOCK)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    let taken = Mutex<[UInt8]>([])
    let reader = Thread {
      var buffer = [UInt8](repeating: 0, count: 10_000)
      while case let count = read(reading, &buffer, buffer.count), count > 0 {
        taken.withLock { $0 += buffer[..<count] }
      }
    }
    reader.start()
    var told: [Int] = []
    let error = writeAll(bytes.span, to: writing) { told.append($0) }
    #expect(error == 0)
    close(writing)
    while !reader.isFinished { usleep(1000) }
    close(reading)
    #expect(told.count > 1 && told.reduce(0, +) == bytes.count)
    #expect(taken.withLock { $0 } == bytes)
  }

  private func reason(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 { writeAll(bytes.span, to: descriptor) }

  @Test("the system's reason is answered, and nothing is written of nothing")
  func reasons() {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    #expect(reason([1], full) == ENOSPC)
    #expect(reason([], full) == 0)
    close(full)
    #expect(reason([1], -1) == EBADF)
  }
}
