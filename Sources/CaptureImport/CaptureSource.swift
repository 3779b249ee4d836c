import Glibc

/// Where a capture's bytes come from: a file with the other files of its folder, or a folder as a whole.
public protocol CaptureSource {
  /// What a person calls it, for messages: the path as it was given.
  var label: String { get }
  /// The file's name inside its folder; nil when the folder itself was given.
  var file: String? { get }
  /// The names of the plain files in the folder, sorted.
  func filesInFolder() throws(ImportError) -> [String]
  /// The bytes of a file of the folder.
  func open(_ file: String) throws(ImportError) -> CaptureBytes
}

extension CaptureSource {
  /// Calls `body` with the bytes of a file of the folder.
  func withBytes<Result>(
    of file: String, _ body: (Span<UInt8>) throws(ImportError) -> Result
  ) throws(ImportError) -> Result {
    try open(file).withBytes(body)
  }
}

/// A capture on disk.
public struct FileSource: CaptureSource, Sendable {
  public let label: String
  public let file: String?
  private let folder: String

  /// - Throws: `ImportError` of kind `unreadable` when nothing is at the path or it can't be looked at.
  public init(path: String) throws(ImportError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw ImportError(unreadable: path, errno: errno) }
    self.label = path
    if status.st_mode & S_IFMT == S_IFDIR {
      self.file = nil
      self.folder = path
    } else if let slash = path.lastIndex(of: "/") {
      self.file = String(path[path.index(after: slash)...])
      self.folder = slash == path.startIndex ? "/" : String(path[..<slash])
    } else {
      self.file = path
      self.folder = "."
    }
  }

  public func filesInFolder() throws(ImportError) -> [String] {
    guard let directory = opendir(folder) else { throw ImportError(unreadable: folder, errno: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      if stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG { names.append(name) }
    }
    return names.sorted()
  }

  public func open(_ file: String) throws(ImportError) -> CaptureBytes {
    do {
      return try CaptureBytes(path: "\(folder)/\(file)")
    } catch {
      throw ImportError(unreadable: error.path, errno: error.errno)
    }
  }
}

/// A capture in memory: what a recording carries inside it, or a test.
public struct BytesSource: CaptureSource, Sendable {
  public let label: String
  public let file: String?
  private let files: [String: [UInt8]]

  /// The files of one folder by name, and the one that was given; nil for the folder.
  public init(label: String, files: [String: [UInt8]], file: String?) {
    self.label = label
    self.files = files
    self.file = file
  }

  /// One file alone.
  public init(name: String, bytes: [UInt8]) {
    self.init(label: name, files: [name: bytes], file: name)
  }

  public func filesInFolder() throws(ImportError) -> [String] { files.keys.sorted() }

  public func open(_ file: String) throws(ImportError) -> CaptureBytes {
    guard let bytes = files[file] else { throw ImportError(unreadable: file, errno: ENOENT) }
    return CaptureBytes(bytes)
  }
}
