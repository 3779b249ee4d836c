import CaptureImport
import Foundation
import TestKit
import Testing

@Suite struct SharedCaptureTests {
  /// Prints what every file gives; the table below is checked against it by eye when it changes.
  @Test(.enabled(if: SharedData.isPresent && ProcessInfo.processInfo.environment["TALUS_PRINT_CAPTURES"] != nil))
  func printAll() throws {
    let root = SharedData.folder
    let files = FileManager.default.enumerator(atPath: root.path)!.compactMap { $0 as? String }.sorted()
    for path in files where path.hasPrefix("csv/") || path.hasPrefix("shank/") || path.hasPrefix("orientation/broad/02") {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root.path + "/" + path, isDirectory: &isFolder)
      if path.hasSuffix("SOURCE.txt") || isFolder.boolValue { continue }
      for rate in [nil, 100.0] as [Double?] {
        do {
          let c = try readCapture(FileSource(path: root.path + "/" + path), options: ImportOptions(rate: rate))[0]
          print("OK   \(path) rate=\(rate ?? 0): \(c.format) n=\(c.samples.count) fields=\(c.fields.rawValue) hz=\(c.rate ?? -1) \(c.timeSource) gaps=\(c.gaps.count)/\(c.gaps.compactMap(\.missingSamples).reduce(0, +)) rej=\(c.rejectedRows) dur=\(c.duration) files=\(c.files) notes=\(c.notes)")
          if rate == nil { break }
        } catch {
          print("FAIL \(path) rate=\(rate ?? 0): \(error.kind) \(error)")
        }
      }
    }
  }
}
