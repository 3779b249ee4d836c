import AnkleKinematics
import CaptureImport
import Glibc

/// A personal calibration in a file: a line that says what it is, and the calibration's own line. Small, plain text.
enum WallFile {
  /// Why a file is no calibration, in words.
  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  static let heading = "talus wall calibration 1"

  static func read(_ path: String) throws(Unusable) -> WallCalibration {
    let text: String
    do {
      let file = try MappedFile(path: path)
      text = file.withBytes { bytes in
        String(decoding: (0..<min(bytes.count, 4096)).map { bytes[$0] }, as: UTF8.self)
      }
    } catch {
      throw Unusable(description: error.description)
    }
    let lines = text.split(separator: "\n")
    guard lines.first.map(String.init) == heading, lines.count > 1, let calibration = WallCalibration(text: lines[1])
    else { throw Unusable(description: "\(path): not a calibration that talus calibrate wall wrote") }
    return calibration
  }

  static func bytes(_ calibration: WallCalibration) -> [UInt8] {
    Array("\(heading)\n\(calibration.text)\n".utf8)
  }
}
