import Files
import Foundation
import Testing

@Suite("Files that are there whole or not at all")
struct AtomicFileTests {
  /// A folder of this test's own, which goes away with it.
  private final class Folder {
    let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.path + "/talus-files-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name))) }
  }

  @Test("until it is finished the old file stands, and with it the new one, with the model's permissions")
  func pieces() throws {
    let folder = try Folder()
    let (name, model) = (folder.path + "/a.txt", folder.path + "/model.txt")
    try AtomicFile.write(Array("old".utf8), to: name)
    try AtomicFile.write([], to: model)
    try #require(chmod(model, 0o640) == 0)
    let file = try AtomicFile(name, like: model)
    try file.write([1, 2].span)
    try file.write([3].span)
    #expect(try folder.bytes("a.txt") == Array("old".utf8))
    try file.finish()
    #expect(try folder.bytes("a.txt") == [1, 2, 3])
    var status = stat()
    #expect(stat(name, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try folder.names == ["a.txt", "model.txt"])
  }

  @Test("what is given up leaves nothing behind")
  func givenUp() throws {
    let folder = try Folder()
    func begin() throws {
      let file = try AtomicFile(folder.path + "/a.txt")
      try file.write([1].span)
      #expect(try folder.names.count == 1)
    }
    try begin()
    #expect(try folder.names.isEmpty)
  }

  @Test("a link's file is replaced and not the link; a device is written into")
  func linksAndDevices() throws {
    let folder = try Folder()
    let (real, link) = (folder.path + "/real.txt", folder.path + "/link.txt")
    try AtomicFile.write([0], to: real)
    try #require(symlink(real, link) == 0)
    try AtomicFile.write([1], to: link)
    try AtomicFile.write([1], to: "/dev/null")
    #expect(try folder.bytes("real.txt") == [1])
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("a failure names the path and leaves nothing")
  func failures() throws {
    let folder = try Folder()
    let missing = folder.path + "/no-such-folder/a.json"
    let failure = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write([1], to: missing) }
    #expect(failure?.description == "cannot create \(missing): No such file or directory")
    let full = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write([1], to: "/dev/full") }
    #expect(full?.description == "cannot write /dev/full: No space left on device")
    // The target is a folder: everything works but the last step.
    let inside = folder.path + "/inside"
    try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: false)
    #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write([1], to: inside) }
    #expect(try folder.names == ["inside"])
  }
}
