/// Undoes deflate (RFC 1951), with a bound on what may come out.
struct Inflate {
  /// What stops it: the data are damaged, or hold more than was allowed.
  enum Failure: Error {
    case damaged
    case tooLarge
  }

  /// Codes by their lengths, canonical as the standard has them: how many of each length, and the symbols in order.
  private struct Codes {
    var counts = [UInt16](repeating: 0, count: 16)
    var symbols: [UInt16] = []

    /// - Throws: `damaged` for lengths that no code can have.
    init(lengths: ArraySlice<UInt8>) throws(Failure) {
      for length in lengths { counts[Int(length)] += 1 }
      var left = 1
      for length in 1..<16 {
        left = left * 2 - Int(counts[length])
        if left < 0 { throw .damaged }
      }
      var offsets = [Int](repeating: 0, count: 17)
      for length in 1..<16 { offsets[length + 1] = offsets[length] + Int(counts[length]) }
      symbols = [UInt16](repeating: 0, count: lengths.count)
      for (symbol, length) in lengths.enumerated() where length > 0 {
        symbols[offsets[Int(length)]] = UInt16(symbol)
        offsets[Int(length)] += 1
      }
      counts[0] = 0
    }
  }

  private static let lengthBase: [Int] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits: [Int] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBase: [Int] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12_289, 16_385, 24_577,
  ]
  private static let distanceBits: [Int] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]

  private var position: Int
  private let end: Int
  private let most: Int
  private var hold: UInt32 = 0
  private var held = 0
  private var output: [UInt8] = []

  private init(from start: Int, to end: Int, most: Int) {
    self.position = start
    self.end = end
    self.most = most
  }

  /// The bytes that `bytes[start ..< end]` stand for, `most` of them at most.
  static func bytes(
    of bytes: Span<UInt8>, from start: Int, to end: Int, most: Int
  ) throws(Failure) -> [UInt8] {
    var inflate = Inflate(from: start, to: min(end, bytes.count), most: most)
    try inflate.run(bytes)
    return inflate.output
  }

  private mutating func run(_ bytes: Span<UInt8>) throws(Failure) {
    var isLast = false
    while !isLast {
      isLast = try bits(1, bytes) == 1
      switch try bits(2, bytes) {
      case 0: try stored(bytes)
      case 1:
        var lengths = [UInt8](repeating: 8, count: 288)
        for symbol in 144..<256 { lengths[symbol] = 9 }
        for symbol in 256..<280 { lengths[symbol] = 7 }
        try compressed(bytes, Codes(lengths: lengths[...]), Codes(lengths: [UInt8](repeating: 5, count: 30)[...]))
      case 2: try dynamic(bytes)
      default: throw .damaged
      }
    }
  }

  private mutating func bits(_ count: Int, _ bytes: Span<UInt8>) throws(Failure) -> Int {
    while held < count {
      guard position < end else { throw .damaged }
      hold |= UInt32(bytes[position]) << UInt32(held)
      position += 1
      held += 8
    }
    let value = hold & ((1 << UInt32(count)) - 1)
    hold >>= UInt32(count)
    held -= count
    return Int(value)
  }

  private mutating func symbol(_ codes: Codes, _ bytes: Span<UInt8>) throws(Failure) -> Int {
    var code = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      code |= try bits(1, bytes)
      let count = Int(codes.counts[length])
      if code - count < first { return Int(codes.symbols[index + code - first]) }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw .damaged
  }

  private mutating func append(_ byte: UInt8) throws(Failure) {
    guard output.count < most else { throw .tooLarge }
    output.append(byte)
  }

  private mutating func stored(_ bytes: Span<UInt8>) throws(Failure) {
    hold = 0
    held = 0
    guard position + 4 <= end else { throw .damaged }
    let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
    let complement = Int(bytes[position + 2]) | Int(bytes[position + 3]) << 8
    position += 4
    guard length == ~complement & 0xFFFF, position + length <= end else { throw .damaged }
    for _ in 0..<length {
      try append(bytes[position])
      position += 1
    }
  }

  private mutating func dynamic(_ bytes: Span<UInt8>) throws(Failure) {
    let literals = try bits(5, bytes) + 257
    let distances = try bits(5, bytes) + 1
    let meta = try bits(4, bytes) + 4
    guard literals <= 286, distances <= 30 else { throw .damaged }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [UInt8](repeating: 0, count: 320)
    for index in 0..<meta { lengths[order[index]] = UInt8(try bits(3, bytes)) }
    let codes = try Codes(lengths: lengths[..<19])
    lengths = [UInt8](repeating: 0, count: 320)
    var index = 0
    while index < literals + distances {
      let symbol = try symbol(codes, bytes)
      if symbol < 16 {
        lengths[index] = UInt8(symbol)
        index += 1
        continue
      }
      var repeated: UInt8 = 0
      var count: Int
      switch symbol {
      case 16:
        guard index > 0 else { throw .damaged }
        repeated = lengths[index - 1]
        count = try bits(2, bytes) + 3
      case 17: count = try bits(3, bytes) + 3
      default: count = try bits(7, bytes) + 11
      }
      guard index + count <= literals + distances else { throw .damaged }
      while count > 0 {
        lengths[index] = repeated
        index += 1
        count -= 1
      }
    }
    try compressed(
      bytes, Codes(lengths: lengths[..<literals]), Codes(lengths: lengths[literals..<(literals + distances)]))
  }

  private mutating func compressed(_ bytes: Span<UInt8>, _ literals: Codes, _ distances: Codes) throws(Failure) {
    while true {
      let symbol = try symbol(literals, bytes)
      if symbol < 256 {
        try append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Self.lengthBase.count else { throw .damaged }
      let length = Self.lengthBase[symbol - 257] + (try bits(Self.lengthBits[symbol - 257], bytes))
      let code = try self.symbol(distances, bytes)
      guard code < Self.distanceBase.count else { throw .damaged }
      let distance = Self.distanceBase[code] + (try bits(Self.distanceBits[code], bytes))
      guard distance <= output.count else { throw .damaged }
      for _ in 0..<length { try append(output[output.count - distance]) }
    }
  }
}
