import CaptureImport
import DecimalText
import Glibc

/// How fast a capture is read, one core, and what memory it takes: `talus-bench --import FILE`.
enum ImportFigures {
  static func run(_ path: String) {
    do {
      let before = processorSeconds()
      var samples = 0
      var sum = 0.0
      for capture in try readCapture(FileSource(path: path)) {
        var walk = CaptureWalk(capture)
        while let timed = try walk.next() {
          samples += 1
          sum += timed.sample.acceleration.x
        }
      }
      let took = processorSeconds() - before
      let peak = peakMemory()
      let mapped = try MappedFile(path: path)
      let megabytes = Double(mapped.count) / 1e6
      print(
        "import \(megabytes / took) MB/s (\(samples) samples with time, acceleration and angular rate; processor time on one thread; \(sum.isFinite))"
      )
      print("import_memory \(peak) MiB (peak resident memory after reading \(Int(megabytes)) MB)")
      let start = processorSeconds()
      var bytesSum: UInt64 = 0
      mapped.withBytes { bytes in for index in bytes.indices { bytesSum &+= UInt64(bytes[index]) } }
      let read = processorSeconds() - start
      print("import_bytes \(megabytes / max(read, 1e-9)) MB/s (adding up the mapped bytes once; \(bytesSum % 10))")
    } catch {
      give(up: "\(error)")
    }
  }

  /// The highest resident memory of this process so far, MiB.
  private static func peakMemory() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
