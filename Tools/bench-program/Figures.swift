import DecimalText
import Glibc

/// Prints one figure: name, value, unit, what was measured.
func figure(_ name: String, _ value: Double, decimals: Int = 1, _ unit: String, _ what: String) {
  print("\(name) \(fixed(value, decimals)) \(unit) (\(what))")
  fflush(nil)
}

/// Ends the program: a figure of a run that went wrong is none.
func give(up reason: String) -> Never {
  fflush(nil)
  let words = Array("talus-bench: \(reason)\n".utf8)
  write(STDERR_FILENO, words, words.count)
  exit(1)
}

/// Processor time of this thread, ns: another program on the machine takes turns, and is not to be counted.
func threadNanoseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The median time of several passes, ns.
func median(of passes: Int, _ body: () -> Void) -> Double {
  var times: [Double] = []
  for _ in 0..<passes {
    let start = threadNanoseconds()
    body()
    times.append(threadNanoseconds() - start)
  }
  return times.sorted()[passes / 2]
}

/// Keeps a value from being optimised away.
@inline(never)
func keep<T>(_ value: borrowing T) {}

func fixed(_ value: Double, _ decimals: Int) -> String {
  var text = TextBuffer()
  text.append(fixed: value, decimals: decimals)
  return text.string
}
