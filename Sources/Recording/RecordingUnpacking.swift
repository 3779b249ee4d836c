/// Writes a recording whose chunks another program compressed anew, with plain chunks: what reads recordings reads those.
public enum RecordingUnpacking {
  /// - Parameter write: takes the new file piece by piece.
  /// - Throws: `RecordingRefusal.compressed` when the method is none of MCAP's or its library is not there; and what `write` throws.
  public static func unpack(_ bytes: Span<UInt8>, _ write: (Span<UInt8>) throws -> Void) throws {
    guard RecordingReader.isRecording(bytes) else { throw RecordingRefusal.notMCAP }
    try write(bytes.extracting(0..<Format.magic.count))
    var offset = Format.magic.count
    while let place = RecordPlace(at: offset, limit: bytes.count, of: bytes) {
      offset = place.end
      switch place.opcode {
      case Opcode.chunk:
        let chunk = try plain(place, bytes)
        try write(chunk.span)
      case Opcode.dataEnd:
        // Of the summary nothing is needed, and its places would be wrong.
        let end = ending
        try write(end.span)
        return
      case Opcode.messageIndex: break
      default: try write(bytes.extracting(place.start..<place.end))
      }
    }
  }

  /// DataEnd and Footer without checksums and without a summary, and the magic bytes.
  private static var ending: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendRecord(Opcode.dataEnd) { $0.appendInteger(UInt32(0)) }
    bytes.appendRecord(Opcode.footer) {
      $0.appendInteger(UInt64(0))
      $0.appendInteger(UInt64(0))
      $0.appendInteger(UInt32(0))
    }
    return bytes + Format.magic
  }

  /// The chunk without its compression. One that cannot be unpacked becomes one whose checksum does not hold, which is counted and stepped over
  /// where it is read.
  private static func plain(_ place: RecordPlace, _ bytes: Span<UInt8>) throws(RecordingRefusal) -> [UInt8] {
    guard let chunk = ChunkPlace(place, of: bytes, mayExceed: true), !chunk.compression.isEmpty else {
      return copy(place.start..<place.end, of: bytes)
    }
    var records: [UInt8] = []
    var crc = chunk.crc
    do throws(ChunkDecompression.Failure) {
      records = try ChunkDecompression.unpack(
        bytes.extracting(chunk.records), method: chunk.compression, size: chunk.uncompressedSize)
    } catch {
      if error == .unavailable { throw .compressed(chunk.compression) }
      crc = 1
    }
    // The times of the first and the last message stand before the lengths.
    let times = copy(place.content.lowerBound..<place.content.lowerBound + 16, of: bytes)
    var plain: [UInt8] = []
    plain.appendRecord(Opcode.chunk) {
      $0 += times
      $0.appendInteger(UInt64(records.count))
      $0.appendInteger(crc)
      $0.appendInteger(UInt32(0))
      $0.appendInteger(UInt64(records.count))
      $0 += records
    }
    return plain
  }

  private static func copy(_ range: Range<Int>, of bytes: Span<UInt8>) -> [UInt8] {
    bytes.extracting(range).withUnsafeBufferPointer { Array($0) }
  }
}
