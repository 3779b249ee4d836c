/// The CRC-32 of zlib and Ethernet, sixteen bytes at a step (the slicing method of Kounavis and Berry, 2005).
public struct CRC32: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~state }

  /// Before the first byte.
  public init() {}

  /// Takes the next bytes in.
  public mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let count = bytes.count
    var crc = state
    var i = 0
    Self.tables.withUnsafeBufferPointer { t in
      while count &- i >= 16 {
        let a = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)) ^ UInt64(crc)
        let b = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self))
        // The first byte has the longest way to go: it takes the last table.
        let c0 = t[3840 &+ Int(a & 255)] ^ t[3584 &+ Int((a >> 8) & 255)]
        let c1 = t[3328 &+ Int((a >> 16) & 255)] ^ t[3072 &+ Int((a >> 24) & 255)]
        let c2 = t[2816 &+ Int((a >> 32) & 255)] ^ t[2560 &+ Int((a >> 40) & 255)]
        let c3 = t[2304 &+ Int((a >> 48) & 255)] ^ t[2048 &+ Int(a >> 56)]
        let c4 = t[1792 &+ Int(b & 255)] ^ t[1536 &+ Int((b >> 8) & 255)]
        let c5 = t[1280 &+ Int((b >> 16) & 255)] ^ t[1024 &+ Int((b >> 24) & 255)]
        let c6 = t[768 &+ Int((b >> 32) & 255)] ^ t[512 &+ Int((b >> 40) & 255)]
        let c7 = t[256 &+ Int((b >> 48) & 255)] ^ t[Int(b >> 56)]
        crc = ((c0 ^ c1) ^ (c2 ^ c3)) ^ ((c4 ^ c5) ^ (c6 ^ c7))
        i &+= 16
      }
      while i < count {
        crc = (crc >> 8) ^ t[Int((crc ^ UInt32(bytes[i])) & 255)]
        i &+= 1
      }
    }
    state = crc
  }

  /// Table k at 256 k: the effect of a byte that k more bytes follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 16 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
      tables[byte] = crc
    }
    for i in 256..<tables.count {
      let before = tables[i - 256]
      tables[i] = (before >> 8) ^ tables[Int(before & 255)]
    }
    return tables
  }()
}
