import Glibc

/// A process that has a port open, or a lock on it.
public struct PortHolder: Hashable, Sendable, CustomStringConvertible {
  public var processID: Int32
  /// The program's name as the kernel keeps it; empty when the process is gone.
  public var command: String
  /// The beginning of its command line; empty where it may not be read.
  public var commandLine: String
  /// It holds an advisory lock (flock) on the port.
  public var hasLock: Bool

  public init(processID: Int32, command: String, commandLine: String = "", hasLock: Bool = false) {
    self.processID = processID
    self.command = command
    self.commandLine = commandLine
    self.hasLock = hasLock
  }

  public var description: String {
    command.isEmpty ? "process \(processID)" : "\(command) (process \(processID))"
  }

  /// Who holds the port, except this process. Only processes that this user may look into are seen, and beside them those of
  /// anybody that hold a lock.
  public static func holders(ofPort path: String) -> [PortHolder] { holders(ofPorts: [path])[0] }

  /// Who holds each of the ports, in one pass over the processes.
  public static func holders(ofPorts paths: [String]) -> [[PortHolder]] {
    let nodes = paths.map(NodeIdentity.init)
    var openers = [Set<Int32>](repeating: [], count: paths.count)
    let own = getpid()
    if nodes.contains(where: { $0 != nil }) {
      for process in folderEntries("/proc").compactMap({ Int32($0) }) where process != own {
        for descriptor in folderEntries("/proc/\(process)/fd") {
          var opened = stat()
          guard stat("/proc/\(process)/fd/\(descriptor)", &opened) == 0, opened.st_mode & S_IFMT == S_IFCHR else {
            continue
          }
          for (index, node) in nodes.enumerated() where node?.device == opened.st_rdev {
            openers[index].insert(process)
          }
        }
      }
    }
    let locks = String(decoding: smallFile("/proc/locks", limit: 1 << 20) ?? [], as: UTF8.self)
    return zip(nodes, openers).map { node, openers in
      guard let node else { return [] }
      let lockers = node.lockers(among: locks).subtracting([own])
      return openers.union(lockers).sorted().map { describe($0, hasLock: lockers.contains($0)) }
    }
  }

  /// What /proc says of a process.
  static func describe(_ process: Int32, hasLock: Bool) -> PortHolder {
    let command = smallFile("/proc/\(process)/comm") ?? []
    let line = (smallFile("/proc/\(process)/cmdline", limit: 4096) ?? []).prefix(160).map { $0 == 0 ? 0x20 : $0 }
    return PortHolder(
      processID: process, command: printable(String(decoding: command, as: UTF8.self)),
      commandLine: printable(String(decoding: line, as: UTF8.self)), hasLock: hasLock)
  }
}

/// What makes a device node the same one in the eyes of the kernel.
private struct NodeIdentity: Equatable {
  /// The device behind the node.
  var device: dev_t
  /// The node itself, as /proc/locks writes it.
  var lockKey: String

  init?(path: String) {
    var node = stat()
    guard stat(path, &node) == 0, node.st_mode & S_IFMT == S_IFCHR else { return nil }
    device = node.st_rdev
    lockKey = "\(hexadecimal(major(node.st_dev))):\(hexadecimal(minor(node.st_dev))):\(node.st_ino)"
  }

  /// The processes that the kernel's list of locks names for this node: `1: FLOCK ADVISORY WRITE PID MAJ:MIN:INODE 0 EOF`.
  func lockers(among list: String) -> Set<Int32> {
    var found: Set<Int32> = []
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 6, words[5] == lockKey[...], let process = Int32(words[4]), process > 0 else { continue }
      // A lock outlives the process that took it when a child has inherited the descriptor; the child is found by that.
      guard access("/proc/\(process)", F_OK) == 0 else { continue }
      found.insert(process)
    }
    return found
  }
}

private func hexadecimal(_ number: UInt64) -> String {
  let digits = String(number, radix: 16)
  return digits.utf8.count < 2 ? "0" + digits : digits
}

/// Linux's packing of device numbers, which the C library offers only as macros.
private func major(_ device: dev_t) -> UInt64 {
  let bits = UInt64(device)
  return (bits >> 8) & 0xfff | (bits >> 32) & ~0xfff
}

private func minor(_ device: dev_t) -> UInt64 {
  let bits = UInt64(device)
  return bits & 0xff | (bits >> 12) & ~0xff
}
