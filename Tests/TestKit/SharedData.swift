import Foundation

/// The real captures beside the project, where a checkout has them. A user's clone has none: tests that read them are
/// disabled there with `.enabled(if: SharedData.isPresent, SharedData.absent)`.
public enum SharedData {
  /// The top folder of the project.
  public static let projectFolder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  public static let folder = projectFolder.deletingLastPathComponent().appending(path: "shared/data")

  public static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  public static let absent = "needs the captures in ../shared/data, which this checkout does not have"

  /// The file's bytes.
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }

  /// The file's JSON lines, each as a dictionary.
  public static func jsonLines(_ path: String) throws -> [[String: Any]] {
    try String(decoding: bytes(path), as: UTF8.self).split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }
}
