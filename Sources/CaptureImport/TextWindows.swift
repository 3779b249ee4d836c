/// A text of any size, given in windows of whole lines: what is in memory of it is one window. A copy is a place to which one can return.
struct TextWindows: Sendable {
  /// A line of text in 16-bit units that is longer than this is cut, because it has to be turned into another array.
  private static let longestWideLine = 1 << 24

  private let bytes: CaptureBytes
  private let order: WideText.Order?
  /// Bytes of a window; a line that is longer makes a longer one.
  private let size: Int
  /// Where the next window begins in the file.
  private var position = 0
  /// How much of the text's beginning is still to be passed over.
  private var skipped: Int
  private let count: Int

  /// - Parameters:
  ///   - start: where in the text, in UTF-8, the first window begins.
  ///   - size: bytes of a window.
  init(_ bytes: CaptureBytes, from start: Int, size: Int) {
    self.bytes = bytes
    self.size = max(size, 16) & ~1
    (order, count) = bytes.withBytes { (WideText.order($0), $0.count) }
    skipped = start
    if order == nil {
      position = min(start, count)
      skipped = 0
    }
  }

  var isAtEnd: Bool { position >= count }

  /// The part of the file that is behind, 0 to 1.
  var share: Double { count > 0 ? Double(position) / Double(count) : 1 }

  /// Calls `body` with the next window; nil at the end.
  mutating func next<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    guard !isAtEnd else { return nil }
    let start = position
    let result: Result
    if let order {
      let text = wideWindow(order)
      result = body(text.span.extracting(min(skipped, text.count)..<text.count))
      skipped = max(0, skipped - text.count)
    } else {
      var end = start
      result = bytes.withBytes { [size] bytes in
        end = Self.end(of: bytes, from: start, size, unit: 1) { bytes[$0] }
        return body(bytes.extracting(start..<end))
      }
      position = end
    }
    bytes.release(start..<position)
    return result
  }

  private mutating func wideWindow(_ order: WideText.Order) -> [UInt8] {
    let start = position
    var text: [UInt8] = []
    bytes.withBytes { bytes in
      let most = bytes.extracting(0..<min(bytes.count, start + Self.longestWideLine))
      let end = Self.end(of: most, from: start, size, unit: 2) { index in
        let (low, high) = order == .little ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
        return high == 0 ? low : 0
      }
      WideText.append(bytes, from: start, to: end, order, to: &text)
      position = end
    }
    return text
  }

  /// Where a window that begins at `start` ends: behind the last LF in it, or the last CR that is not part of a longer line end, or
  /// where there is none in a window, in the next ones.
  private static func end(
    of bytes: Span<UInt8>, from start: Int, _ size: Int, unit: Int, _ letter: (Int) -> UInt8
  ) -> Int {
    let count = bytes.count - (bytes.count - start) % unit
    guard count > start else { return bytes.count }
    var looked = start
    var end = start
    while looked < count {
      end = min(looked + size, count)
      if end == count { return bytes.count }
      var index = end - unit
      while index >= looked {
        if letter(index) == 10 { return index + unit }
        index -= unit
      }
      index = end - unit
      while index > looked {
        if letter(index - unit) == 13, letter(index) != 13 { return index }
        index -= unit
      }
      looked = end
    }
    return bytes.count
  }
}
