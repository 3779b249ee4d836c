import DecimalText
import Glibc

/// The number parser against strtod: `talus-bench --numbers COUNT`. Every string has to give the same Double to the last bit.
enum NumberFigures {
  static func run(_ count: Int) {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    var text: [UInt8] = []
    func digits(_ most: UInt64) {
      for _ in 0..<(random() % most + 1) { text.append(UInt8(48 + random() % 10)) }
    }
    var different = 0
    var quick = 0
    for round in 0..<count {
      text.removeAll(keepingCapacity: true)
      switch round % 5 {
      case 0, 1:  // as captures have them
        if random() % 2 == 0 { text.append(45) }
        digits(4)
        text.append(46)
        digits(9)
      case 2:  // an exponent, and up to nineteen digits
        digits(9)
        text.append(46)
        digits(10)
        text += [101, random() % 2 == 0 ? 45 : 43]
        digits(random() % 4 == 0 ? 3 : 2)
      case 3:  // the shortest spelling of any Double
        let value = Double(bitPattern: random())
        text += Array((value.isFinite ? "\(value)" : "0").utf8)
      default:  // half way between two Doubles, more or less
        let value = Double(bitPattern: random() % 0x7FE0_0000_0000_0000)
        var buffer = [CChar](repeating: 0, count: 1200)
        withVaList([value.nextUp / 2 + value / 2]) { _ = vsnprintf(&buffer, 1200, "%.30e", $0) }
        for byte in buffer.prefix(while: { $0 != 0 }) { text.append(UInt8(bitPattern: byte)) }
      }
      let mine = parseDecimal(text.span)
      text += [0]
      let theirs = text.withUnsafeBytes { strtod($0.baseAddress!.assumingMemoryBound(to: CChar.self), nil) }
      // A number that no Double holds is none.
      if mine?.bitPattern != (theirs.isFinite ? theirs.bitPattern : nil) { different += 1 }
      var index = 0
      let scanned = scanDecimal(text.span, at: &index, mark: 46)
      if scanned.isNaN { continue }
      quick += 1
      if scanned.bitPattern != mine?.bitPattern { different += 1 }
    }
    print(
      "numbers_different \(different) (of \(count) strings, against strtod to the last bit; \(quick) of them by the quick way)"
    )
    if different > 0 { exit(1) }
  }
}
