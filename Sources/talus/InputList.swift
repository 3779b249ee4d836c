import CaptureImport
import Glibc

/// A file as the disk knows it, whatever its names: the way to see that an output would replace an input.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let node: UInt64

  /// nil where there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    node = UInt64(status.st_ino)
  }
}

/// The inputs that a path stands for: itself, or what lies in a folder that is not one capture by itself.
enum InputList {
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// Endings that captures and recordings have; other files of a folder are passed over.
  private static let endings = ["csv", "txt", "mcap", "sto", "json", "zip"]

  static func files(_ path: String) throws -> [String] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Unreadable(description: "\(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    let names = try contents(path)
    if captureFile(inFolder: names) != nil { return [path] }
    var files: [String] = []
    for name in names where !name.hasPrefix(".") {
      let full = path.hasSuffix("/") ? path + name : path + "/" + name
      guard stat(full, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if let inner = try? contents(full), captureFile(inFolder: inner) != nil { files.append(full) }
      } else if let ending = name.split(separator: ".").last, endings.contains(ending.lowercased()) {
        files.append(full)
      }
    }
    guard !files.isEmpty else { throw Unreadable(description: "\(path): no capture and no recording in this folder") }
    return files
  }

  private static func contents(_ path: String) throws -> [String] {
    guard let directory = opendir(path) else {
      throw Unreadable(description: "\(path): \(String(cString: strerror(errno)))")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }
}
