/// Ways to cut a byte stream into chunks, for tests that nothing may depend on them.
public enum ChunkCutter {
  /// Chunks of one size; the last may be shorter.
  public static func even(_ bytes: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
    stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
  }

  /// Chunks of random sizes from 1 to `atMost`.
  public static func random(_ bytes: [UInt8], atMost: Int, using random: inout RandomSource) -> [ArraySlice<UInt8>] {
    var chunks: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = min(start + Int.random(in: 1...atMost, using: &random), bytes.count)
      chunks.append(bytes[start..<end])
      start = end
    }
    return chunks
  }
}
