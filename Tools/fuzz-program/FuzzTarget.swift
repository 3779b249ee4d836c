import Glibc

/// One thing that is fuzzed: takes any bytes, and ends the program when a contract does not hold.
struct FuzzTarget: Sendable {
  /// For `Tools/fuzz NAME`.
  let name: String
  /// Inputs to begin with; what `Tools/fuzz` finds in a target's corpus comes on top.
  let seeds: @Sendable () -> [[UInt8]]
  /// The input that makes the target read a sensor's stream; nil for one that reads something else.
  var inputOfStream: (@Sendable (_ stream: [UInt8]) -> [UInt8])? = nil
  /// Runs one input. Traps, and calls of `violated`, are findings.
  let run: @Sendable (Span<UInt8>) -> Void
}

/// Every target. A new one is a row here, made in a file of its own.
let fuzzTargets: [FuzzTarget] = decoderTargets + importTargets + [snifferTarget, recordingTarget]

/// Says something on standard error.
func say(_ text: String) {
  let words = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, words, words.count)
}

/// A contract does not hold for the input at hand: the fuzzer keeps the input.
func violated(_ contract: String) -> Never {
  say("violated: \(contract)")
  abort()
}

/// Reads an input's first bytes, which decide how the rest is used.
struct FuzzReader {
  /// Where the rest begins.
  private(set) var position = 0

  /// The next byte; zero when nothing is left.
  mutating func byte(_ input: Span<UInt8>) -> UInt8 {
    guard position < input.count else { return 0 }
    position += 1
    return input[position - 1]
  }

  /// The next bytes, at most so many.
  mutating func bytes(_ input: Span<UInt8>, _ count: Int) -> [UInt8] {
    let end = min(position + count, input.count)
    var bytes: [UInt8] = []
    for index in position..<end { bytes.append(input[index]) }
    position = end
    return bytes
  }
}

/// Cuts bytes into chunks whose lengths an input's byte decides.
func forEachChunk(_ bytes: Span<UInt8>, seed: UInt8, _ body: (Span<UInt8>) -> Void) {
  var state = UInt32(seed) &* 2_654_435_761 &+ 12345
  var position = 0
  while position < bytes.count {
    state = state &* 1_664_525 &+ 1_013_904_223
    let length = Int(state >> 24) % (seed < 64 ? 4 : 61) + 1
    let end = min(position + length, bytes.count)
    body(bytes.extracting(position..<end))
    position = end
  }
}
