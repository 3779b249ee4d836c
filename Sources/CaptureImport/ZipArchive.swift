import Files

/// The files of a zip archive, as captures in memory: what phone apps send as one attachment.
///
/// What was altered on the way does not fit its CRC-32, and is refused.
///
/// Bounded: at most 1000 entries are looked at and 512 MiB unpacked in all, whatever the archive says of itself.
enum ZipArchive {
  private static let mostEntries = 1000

  static func isZip(_ bytes: Span<UInt8>) -> Bool {
    bytes.count > 22 && bytes[0] == 0x50 && bytes[1] == 0x4B && bytes[2] == 3 && bytes[3] == 4
  }

  /// The tables in the archive, by path. Other files are not unpacked.
  ///
  /// - Throws: `unknownFormat` for a damaged archive, or one whose files are encrypted, packed in another way, or too large.
  static func files(_ bytes: Span<UInt8>) throws(ImportError) -> [String: [UInt8]] {
    guard let directory = directory(bytes) else {
      throw ImportError(.unknownFormat, "a zip archive without its directory: it was cut off; unpack or send it again")
    }
    var files: [String: [UInt8]] = [:]
    var position = directory.start
    var left = CaptureBytes.mostInMemory
    for _ in 0..<min(directory.entries, mostEntries) {
      guard position + 46 <= bytes.count, number(bytes, position, 4) == 0x0201_4B50 else { break }
      let flags = number(bytes, position + 8, 2)
      let method = number(bytes, position + 10, 2)
      let checksum = number(bytes, position + 16, 4)
      let packed = number(bytes, position + 20, 4)
      let size = number(bytes, position + 24, 4)
      let nameLength = number(bytes, position + 28, 2)
      let offset = number(bytes, position + 42, 4)
      guard position + 46 + nameLength <= bytes.count else { break }
      let name = text(bytes, position + 46, nameLength)
      position += 46 + nameLength + number(bytes, position + 30, 2) + number(bytes, position + 32, 2)
      guard isTable(name), !name.lowercased().contains("__macosx") else { continue }
      guard flags & 1 == 0 else { throw ImportError(.unknownFormat, "'\(name)' in the archive is encrypted") }
      guard offset + 30 <= bytes.count, number(bytes, offset, 4) == 0x0403_4B50 else { continue }
      let start = offset + 30 + number(bytes, offset + 26, 2) + number(bytes, offset + 28, 2)
      let end = start + packed
      guard start <= end, end <= bytes.count else {
        throw ImportError(.unknownFormat, "'\(name)' in the archive was cut off")
      }
      guard max(size, packed) <= left else {
        throw ImportError(
          .unknownFormat, "'\(name)' in the archive is larger than 512 MiB with the others: unpack it first")
      }
      let content = try unpack(bytes, start..<end, method, most: size, name)
      var actual = CRC32()
      actual.update(content.span)
      guard Int(actual.value) == checksum else { throw damaged(name) }
      files[name] = content
      left -= content.count
    }
    return files
  }

  private static func unpack(
    _ bytes: Span<UInt8>, _ place: Range<Int>, _ method: Int, most: Int, _ name: String
  ) throws(ImportError) -> [UInt8] {
    switch method {
    case 0:
      var copy: [UInt8] = []
      copy.reserveCapacity(place.count)
      for index in place { copy.append(bytes[index]) }
      return copy
    case 8:
      do throws(Inflate.Failure) {
        return try Inflate.bytes(of: bytes, from: place.lowerBound, to: place.upperBound, most: most)
      } catch {
        throw damaged(name)
      }
    default:
      throw ImportError(.unknownFormat, "'\(name)' in the archive is packed by method \(method), which is not read")
    }
  }

  private static func damaged(_ name: String) -> ImportError {
    ImportError(
      .unknownFormat,
      "'\(name)' in the archive is damaged: it is not what was packed; copy or send the archive again")
  }

  private static func directory(_ bytes: Span<UInt8>) -> (start: Int, entries: Int)? {
    var position = bytes.count - 22
    let first = max(0, position - 65_535)
    while position >= first {
      if number(bytes, position, 4) == 0x0605_4B50 {
        return (number(bytes, position + 16, 4), number(bytes, position + 10, 2))
      }
      position -= 1
    }
    return nil
  }

  private static func number(_ bytes: Span<UInt8>, _ position: Int, _ count: Int) -> Int {
    var value = 0
    for index in 0..<count where position + index < bytes.count { value |= Int(bytes[position + index]) << (8 * index) }
    return value
  }

  private static func text(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> String {
    var letters: [UInt8] = []
    for index in start..<(start + count) { letters.append(bytes[index]) }
    return String(decoding: letters, as: UTF8.self)
  }
}
