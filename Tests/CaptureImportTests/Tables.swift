import CaptureImport
import Motion
import TestKit

/// A small table with known values, spelled in every way that files spell it.
struct TestTable {
  var header = ["t_s", "acc_x_mps2", "acc_y_mps2", "acc_z_mps2", "gyr_x_radps", "gyr_y_radps", "gyr_z_radps"]
  var rows: [[Double?]] = (0..<60).map { row in
    let row = Double(row)
    return [row / 100, 0.25 + row / 1000, -0.5, 9.75, 0.001 * row, -0.125, 0.0625]
  }

  /// - Parameters:
  ///   - separator: between cells.
  ///   - end: after each line.
  ///   - mark: the decimal mark.
  func text(
    separator: String = ",", end: String = "\n", mark: String = ".", quoted: Bool = false, finalEnd: Bool = true,
    before: String = "", trailing: Bool = false
  ) -> [UInt8] {
    func cell(_ text: String) -> String { quoted ? "\"\(text)\"" : text }
    var lines = [header.map(cell).joined(separator: separator)]
    for row in rows {
      lines.append(
        row.map { value in
          value.map { cell("\($0)".split(separator: ".").joined(separator: mark)) } ?? ""
        }.joined(separator: separator))
    }
    if trailing { lines = lines.map { $0 + separator } }
    return Array((before + lines.joined(separator: end) + (finalEnd ? end : "")).utf8)
  }
}

/// Reads bytes as one capture.
func read(_ bytes: [UInt8], name: String = "test.csv", rate: Double? = nil) throws(ImportError) -> Capture {
  let captures = try readCapture(BytesSource(name: name, bytes: bytes), options: ImportOptions(rate: rate))
  return captures[0]
}

func read(_ text: String, name: String = "test.csv", rate: Double? = nil) throws(ImportError) -> Capture {
  try read(Array(text.utf8), name: name, rate: rate)
}

/// The error that reading the text ends in; nil when it is read.
func refusal(_ text: String, name: String = "test.csv", rate: Double? = nil) -> ImportError? {
  do throws(ImportError) {
    _ = try read(text, name: name, rate: rate)
    return nil
  } catch {
    return error
  }
}

/// Everything about a capture but its notes.
func sameData(_ a: Capture, _ b: Capture) -> Bool {
  a.samples == b.samples && a.gaps == b.gaps && a.rate == b.rate && a.rejectedRows == b.rejectedRows
}

/// A text in 16-bit units, in both orders, with and without a mark.
func wide(_ text: String) -> [[UInt8]] {
  let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  return [little, [0xFF, 0xFE] + little, big, [0xFE, 0xFF] + big]
}
