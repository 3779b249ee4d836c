import Glibc

/// Why this process may not open a port, and what the person at the keyboard can do about it.
public struct PermissionAdvice: Hashable, Sendable {
  /// The port's device node.
  public var path: String
  /// The group that owns the node, by name; its number where it has none.
  public var group: String
  /// The node's permission bits, as `chmod` writes them.
  public var mode: UInt32
  /// The user that this process acts for, by name; empty where the number has no name.
  public var user: String
  /// The group is one of this process's groups now.
  public var isMemberNow: Bool
  /// The group database says that the user belongs to the group: a login after that would bring it along.
  public var isMemberAfterLogin: Bool

  public init(
    path: String, group: String, mode: UInt32, user: String, isMemberNow: Bool, isMemberAfterLogin: Bool
  ) {
    self.path = path
    self.group = group
    self.mode = mode
    self.user = user
    self.isMemberNow = isMemberNow
    self.isMemberAfterLogin = isMemberAfterLogin
  }

  /// Looks at the node, this process and the group database; nil when the node is not there.
  public init?(examining path: String) {
    var node = stat()
    guard stat(path, &node) == 0 else { return nil }
    let account = Accounts.user(geteuid())
    self.init(
      path: path, group: Accounts.groupName(node.st_gid), mode: node.st_mode & 0o7777, user: account?.name ?? "",
      isMemberNow: Accounts.processGroups().contains(node.st_gid),
      isMemberAfterLogin: account.map { Accounts.groups(of: $0).contains(node.st_gid) } ?? false)
  }

  /// The command that lets the user in; nil where joining the node's group is not the way.
  public var command: String? {
    // To be in the group root is to be trusted with far more than a port.
    guard grantsGroup, group != "root", !isMemberNow, !isMemberAfterLogin, !user.isEmpty else { return nil }
    return "sudo usermod -aG \(group) \(user)"
  }

  /// What is the matter and what to do, in whole sentences without the path.
  public var text: String {
    if !grantsGroup || group == "root" {
      return "only its owner may use it (mode \(octal), group \(group)). "
        + "Install the udev rules in Hardware/udev, then unplug the device and plug it in again."
    }
    if isMemberNow {
      return "it belongs to group \(group) and this session is in that group, so something else forbids it: an access "
        + "list (getfacl \(path)), a container that was not given the device, or a security policy."
    }
    let who = user.isEmpty ? "this process" : "user \(user)"
    if isMemberAfterLogin {
      return "it belongs to group \(group); \(who) has joined it, but this session began before. "
        + "Log out and log in again (a new terminal window is not enough)."
    }
    guard let command else { return "it belongs to group \(group), and \(who) is not in that group." }
    return "it belongs to group \(group), and \(who) is not in that group. Run: \(command) "
      + "- then log out and log in again (a new terminal window is not enough)."
  }

  private var grantsGroup: Bool { mode & 0o060 == 0o060 }

  private var octal: String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// Users and groups, from the C library's databases.
enum Accounts {
  struct User {
    var name: String
    var primaryGroup: gid_t
  }

  static func user(_ number: uid_t) -> User? {
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    return withScratch { scratch in
      getpwuid_r(number, &record, scratch.baseAddress!, scratch.count, &found) == 0 && found != nil
        ? User(name: String(cString: record.pw_name), primaryGroup: record.pw_gid) : nil
    }
  }

  /// The group's name, or its number as text.
  static func groupName(_ number: gid_t) -> String {
    var record = group()
    var found: UnsafeMutablePointer<group>?
    return withScratch { scratch in
      getgrgid_r(number, &record, scratch.baseAddress!, scratch.count, &found) == 0 && found != nil
        ? String(cString: record.gr_name) : String(number)
    }
  }

  /// The groups that the calling thread acts for.
  static func processGroups() -> Set<gid_t> {
    var list = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
    let count = getgroups(Int32(list.count), &list)
    return Set(list.prefix(max(0, Int(count)))).union([getegid()])
  }

  /// The groups that the user would have after a login.
  static func groups(of user: User) -> Set<gid_t> {
    var count: Int32 = 64
    var list = [gid_t](repeating: 0, count: Int(count))
    if getgrouplist(user.name, user.primaryGroup, &list, &count) < 0 {
      list = [gid_t](repeating: 0, count: max(0, Int(count)))
      if getgrouplist(user.name, user.primaryGroup, &list, &count) < 0 { return [user.primaryGroup] }
    }
    return Set(list.prefix(max(0, Int(count))))
  }

  /// Room for the texts of one record; a group with thousands of members needs a lot.
  private static func withScratch<Result>(_ body: (UnsafeMutableBufferPointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 18, body)
  }
}
