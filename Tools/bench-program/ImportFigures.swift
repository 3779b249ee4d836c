import CaptureImport
import Glibc

/// How fast a capture is read, one core: `talus-bench --import FILE`.
enum ImportFigures {
  static func run(_ path: String) {
    do {
      let mapped = try MappedFile(path: path)
      let start = processorSeconds()
      var sum: UInt64 = 0
      mapped.withBytes { bytes in for index in bytes.indices { sum &+= UInt64(bytes[index]) } }
      let read = processorSeconds() - start
      let megabytes = Double(mapped.count) / 1e6
      print("import-bytes \(megabytes / max(read, 1e-9)) MB/s (adding up the bytes once; \(sum % 10))")
      let before = processorSeconds()
      let captures = try readCapture(FileSource(path: path))
      let took = processorSeconds() - before
      let samples = captures.reduce(0) { $0 + $1.samples.count }
      print("import \(megabytes / took) MB/s (\(samples) samples of \(path), processor time on one thread)")
    } catch {
      give(up: "\(error)")
    }
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
