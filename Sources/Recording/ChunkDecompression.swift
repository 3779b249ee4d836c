import Glibc

/// Undoes the compressions that MCAP names, with the system's own libraries, which are loaded when a file asks for them: every Debian has both.
enum ChunkDecompression {
  /// Why a chunk cannot be unpacked.
  enum Failure: Error, Hashable {
    /// No such method, or its library is not there.
    case unavailable
    case damaged
  }

  /// A chunk that says it is larger than this is not unpacked.
  private static let mostBytes: UInt64 = 1 << 28

  private typealias ZstdDecompress =
    @convention(c) (
      UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int
    ) -> Int
  private typealias ZstdIsError = @convention(c) (Int) -> UInt32
  private typealias LZ4Create = @convention(c) (UnsafeMutablePointer<OpaquePointer?>?, UInt32) -> Int
  private typealias LZ4Free = @convention(c) (OpaquePointer?) -> Int
  private typealias LZ4Decompress =
    @convention(c) (
      OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?, UnsafeRawPointer?,
      UnsafeMutablePointer<Int>?,
      UnsafeRawPointer?
    ) -> Int

  /// What the bytes were before.
  ///
  /// - Parameters:
  ///   - method: its name in the chunk.
  ///   - size: how many bytes that were.
  /// - Throws: `unavailable` for a method that MCAP does not name, and without its library.
  static func unpack(_ bytes: Span<UInt8>, method: String, size: UInt64) throws(Failure) -> [UInt8] {
    let isZstd = method == "zstd"
    guard isZstd || method == "lz4", let library = dlopen(isZstd ? "libzstd.so.1" : "liblz4.so.1", RTLD_NOW) else {
      throw .unavailable
    }
    defer { dlclose(library) }
    guard size <= mostBytes else { throw .damaged }
    var output = [UInt8](repeating: 0, count: Int(size))
    let written = isZstd ? try zstd(library, bytes, &output) : try lz4(library, bytes, &output)
    guard written == output.count else { throw .damaged }
    return output
  }

  private static func function<Function>(
    _ library: UnsafeMutableRawPointer, _ name: String, _ type: Function.Type
  ) throws(Failure) -> Function {
    guard let address = dlsym(library, name) else { throw .unavailable }
    return unsafeBitCast(address, to: Function.self)
  }

  private static func zstd(
    _ library: UnsafeMutableRawPointer, _ bytes: Span<UInt8>, _ output: inout [UInt8]
  ) throws(Failure) -> Int {
    let decompress = try function(library, "ZSTD_decompress", ZstdDecompress.self)
    let isError = try function(library, "ZSTD_isError", ZstdIsError.self)
    let written = bytes.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { decompress($0.baseAddress, $0.count, input.baseAddress, input.count) }
    }
    guard isError(written) == 0 else { throw .damaged }
    return written
  }

  private static func lz4(
    _ library: UnsafeMutableRawPointer, _ bytes: Span<UInt8>, _ output: inout [UInt8]
  ) throws(Failure) -> Int {
    let create = try function(library, "LZ4F_createDecompressionContext", LZ4Create.self)
    let free = try function(library, "LZ4F_freeDecompressionContext", LZ4Free.self)
    let decompress = try function(library, "LZ4F_decompress", LZ4Decompress.self)
    var context: OpaquePointer?
    // The version of the frame format that the library is asked for.
    guard create(&context, 100) == 0 else { throw .unavailable }
    defer { _ = free(context) }
    var written = 0
    let isWhole = bytes.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { output in
        var read = 0
        while read < input.count {
          var taken = input.count - read
          var given = output.count - written
          let hint = decompress(
            context, output.baseAddress.map { $0 + written }, &given, input.baseAddress.map { $0 + read }, &taken, nil)
          // Errors are the last numbers below zero; 0 ends a frame.
          if hint < 0 || (taken == 0 && given == 0) { return false }
          read += taken
          written += given
          if hint == 0 { return true }
        }
        return false
      }
    }
    guard isWhole else { throw .damaged }
    return written
  }
}
