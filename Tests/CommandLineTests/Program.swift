import Foundation
import Glibc

/// What a test says when the machine did not do what it has to.
struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A folder of one test's own, gone with the test.
final class Folder: Sendable {
  let path: String

  /// - Parameter name: part of the folder's name, for paths that are not plain.
  init(_ name: String = "talus-test") throws {
    var template = Array((NSTemporaryDirectory() + "/\(name)-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw Trouble("mkdtemp: \(String(cString: strerror(errno)))") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .replacingOccurrences(of: "//", with: "/")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: self(name)))
    return self(name)
  }
}

/// How a program ended, and all that it wrote.
struct Ended {
  /// The exit status; nil when a signal ended it.
  let status: Int32?
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [Substring] { text.split(separator: "\n") }
}

/// A program that runs beside the test, its outputs in files. Killed with the test, if it still runs then.
final class Program {
  /// The built `talus`, which lies beside the test bundle.
  static let talus: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return URL(filePath: own).deletingLastPathComponent().appending(path: "talus").path
  }()

  let processID: pid_t
  private let folder: Folder
  private var status: Int32?

  /// - Parameters:
  ///   - environment: changes to the test's own environment.
  ///   - output: a descriptor for its standard output; nil for a file.
  init(_ command: [String], environment: [String: String] = [:], output: Int32? = nil) throws {
    folder = try Folder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, folder("out"), O_WRONLY | O_CREAT, 0o600)
    }
    posix_spawn_file_actions_addopen(&actions, 2, folder("err"), O_WRONLY | O_CREAT, 0o600)
    // A test run in the background has Ctrl-C ignored, and a thread of the pool has it blocked: both would be handed on.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { $1 }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + settings { free(text) } }
    var id: pid_t = 0
    let failure = posix_spawnp(&id, command[0], &actions, &attributes, &arguments, &settings)
    guard failure == 0 else { throw Trouble("\(command[0]): \(String(cString: strerror(failure)))") }
    processID = id
  }

  deinit {
    guard isRunning else { return }
    kill(processID, SIGKILL)
    waitpid(processID, nil, 0)
  }

  var isRunning: Bool {
    guard status == nil else { return false }
    var got: Int32 = 0
    guard waitpid(processID, &got, WNOHANG) == processID else { return true }
    status = got
    return false
  }

  func send(_ signal: Int32) { if isRunning { kill(processID, signal) } }

  var output: [UInt8] { (try? [UInt8](Data(contentsOf: URL(filePath: folder("out"))))) ?? [] }
  var errors: String { (try? String(contentsOf: URL(filePath: folder("err")), encoding: .utf8)) ?? "" }

  /// Waits until a condition holds.
  func wait(for what: String, within seconds: Double = 20, _ condition: () -> Bool) async throws {
    for _ in 0..<Int(seconds * 100) {
      if condition() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Trouble("no \(what) within \(seconds) s; standard error: \(errors)")
  }

  /// The first whole line of its standard output.
  func firstLine() async throws -> String {
    try await wait(for: "line") { output.contains(10) }
    return String(decoding: output.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Waits until it has ended.
  func end(within seconds: Double = 40) async throws -> Ended {
    try await wait(for: "end", within: seconds) { !isRunning }
    let status = status ?? 0
    return Ended(
      status: status & 0x7f == 0 ? (status >> 8) & 0xff : nil, output: output, errors: errors)
  }
}

/// Runs `talus` with these arguments to its end.
func talus(_ arguments: String..., environment: [String: String] = [:]) async throws -> Ended {
  try await Program([Program.talus] + arguments, environment: environment).end()
}

/// The same, and it must succeed.
@discardableResult
func talusDone(_ arguments: String...) async throws -> Ended { try await talusDone(arguments) }

/// The same with a list.
@discardableResult
func talusDone(_ arguments: [String]) async throws -> Ended {
  let ended = try await Program([Program.talus] + arguments).end()
  guard ended.status == 0 else {
    throw Trouble("talus \(arguments): \(String(describing: ended.status)): \(ended.errors)")
  }
  return ended
}

func bytes(of path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

func jsonObject(_ text: some StringProtocol) throws -> [String: Any] {
  guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
    throw Trouble("no JSON object: \(text)")
  }
  return object
}
