import Foundation
import TestKit

/// A text file of the project.
struct ProjectFile: CustomStringConvertible {
  /// Below the project's top folder, with `/`.
  let path: String
  let lines: [String]

  var description: String { path }

  /// Its folder below `Sources/`, which is its module's name.
  var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  init(path: String, lines: [String]) {
    self.path = path
    self.lines = lines
  }

  init(_ path: String) throws {
    self.path = path
    let text = try String(contentsOf: SharedData.projectFolder.appending(path: path), encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The files below `folder` whose names end so, in the order of their paths.
  static func all(in folder: String, endings: [String]) throws -> [ProjectFile] {
    let top = SharedData.projectFolder.appending(path: folder)
    guard let paths = FileManager.default.enumerator(atPath: top.path) else { return [] }
    return try paths.compactMap { $0 as? String }
      .filter { path in endings.contains { path.hasSuffix($0) } }
      .sorted()
      .filter { try !isFolder(folder + "/" + $0) }
      .map { try ProjectFile(folder + "/" + $0) }
  }

  private static func isFolder(_ path: String) throws -> Bool {
    try SharedData.projectFolder.appending(path: path).resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
  }

  /// The folders directly below `folder`.
  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      at: SharedData.projectFolder.appending(path: folder), includingPropertiesForKeys: [.isDirectoryKey]
    ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }.map(\.lastPathComponent).sorted()
  }

  /// The modules that a Swift file imports, each with its line number.
  var imports: [(line: Int, module: String)] {
    let statement =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
    return lines.enumerated().compactMap { index, line in
      line.firstMatch(of: statement).map { (index + 1, String($0.1)) }
    }
  }
}
