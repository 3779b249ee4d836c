import Foundation
import Glibc

/// Runs code as a user without any rights, for tests of permissions and locks that root would walk through.
public enum UnprivilegedUser {
  /// The user and group `nobody`.
  public static let number: UInt32 = 65534

  /// Whether this process may become another user.
  public static var isPossible: Bool { geteuid() == 0 }

  public static let impossible = "needs root, to become a user without rights"

  /// Runs `body` on a thread of its own that has given up root and all its groups. To the kernel, user and groups belong to a
  /// thread; only the C library's wrappers change all threads at once, so the system calls are made directly.
  public static func run<Result: Sendable>(
    group: UInt32 = number, _ body: @escaping @Sendable () -> Result
  ) throws -> Result {
    let call = try systemCall()
    let outcome = Outcome<Result>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      let isDropped =
        call(setGroups, 0, 0, 0) == 0
        && call(setGroup, Int(group), Int(group), Int(group)) == 0
        && call(setUser, Int(number), Int(number), Int(number)) == 0
      if isDropped { outcome.value = body() }
      done.signal()
    }
    thread.start()
    done.wait()
    guard let value = outcome.value else { throw POSIXError(.EPERM) }
    return value
  }

  /// The command line that runs a program as this user.
  public static func commandLine(_ command: [String]) -> [String] {
    ["/usr/bin/setpriv", "--reuid=\(number)", "--regid=\(number)", "--clear-groups", "--"] + command
  }

  // Written by one thread before the semaphore, read by another after it.
  private final class Outcome<Value>: @unchecked Sendable {
    var value: Value?
  }

  private typealias SystemCall = @convention(c) (Int, Int, Int, Int) -> Int

  private static func systemCall() throws -> SystemCall {
    guard let symbol = dlsym(nil, "syscall") else { throw POSIXError(.ENOSYS) }
    return unsafeBitCast(symbol, to: SystemCall.self)
  }

  // The numbers of setgroups, setresgid and setresuid, which the C library's Swift module leaves out.
  #if arch(x86_64)
    private static let (setGroups, setGroup, setUser) = (116, 119, 117)
  #else
    private static let (setGroups, setGroup, setUser) = (159, 149, 147)
  #endif
}

/// A second program that runs until the test is done with it.
public final class SecondProgram {
  private let process = Process()
  private let output = Pipe()

  /// Starts the program; with `announces`, waits until it has printed that line.
  public init(_ command: [String], input: FileHandle? = nil, announces line: String? = nil) throws {
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardInput = input ?? FileHandle.nullDevice
    if line != nil { process.standardOutput = output }
    try process.run()
    guard let line else { return }
    var text = ""
    while !text.contains(line) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw POSIXError(.EPIPE) }
      text += String(decoding: more, as: UTF8.self)
    }
  }

  deinit { end() }

  public var processID: Int32 { process.processIdentifier }

  /// Ends the program and waits until it is gone.
  public func end() {
    guard process.isRunning else { return }
    // Not SIGTERM: the program inherits the signals that the starting thread blocks, and a dispatch queue's thread blocks that one.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
