/// A small table of text, such as a list of sessions: names in the first row, then rows. Any separator that captures have.
public struct TextTable: Sendable {
  /// The names, in lower case and without blanks around them.
  public let names: [String]
  /// The rows below, each as long as the names.
  public let rows: [[String]]
  /// Rows that are read; a list of sessions has no more.
  private static let mostRows = 10_000

  /// - Throws: `ImportError` when the file cannot be read or has no row of names.
  public init(path: String) throws(ImportError) {
    let source = try FileSource(path: path)
    guard let file = source.file else { throw ImportError(.unknownFormat, file: path, "a folder, and not a table") }
    (names, rows) = try source.withBytes(of: file) { (bytes) throws(ImportError) in try Self.parse(bytes, path) }
  }

  private static func parse(_ bytes: Span<UInt8>, _ path: String) throws(ImportError) -> ([String], [[String]]) {
    let start = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    // The separator that cuts the first row into most cells.
    var best: (separator: UInt8, cells: Int) = (44, 0)
    for separator in [UInt8](arrayLiteral: 44, 59, 9) {
      var reader = RowReader(dialect: Dialect(separator: .each(separator)), from: start, to: bytes.count)
      if reader.advance(bytes), reader.cells.count > best.cells { best = (separator, reader.cells.count) }
    }
    var reader = RowReader(dialect: Dialect(separator: .each(best.separator)), from: start, to: bytes.count)
    var names: [String] = []
    var rows: [[String]] = []
    while rows.count < mostRows, reader.advance(bytes) {
      guard !reader.cells.isEmpty else { continue }
      let cells = reader.cells.map { reader.text(bytes, $0) }
      if cells[0].hasPrefix("#") { continue }
      if names.isEmpty {
        names = cells.map { $0.lowercased() }
      } else {
        rows.append(names.indices.map { $0 < cells.count ? cells[$0] : "" })
      }
    }
    guard !names.isEmpty else { throw ImportError(.empty, file: path, "no row of names in it") }
    return (names, rows)
  }
}
