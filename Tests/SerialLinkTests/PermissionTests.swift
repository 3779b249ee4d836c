import Glibc
import SerialLink
import TestKit
import Testing

extension SerialLinkSuite {
  @Suite(.enabled(if: UnprivilegedUser.isPossible, Comment(rawValue: UnprivilegedUser.impossible)))
  struct PermissionTests {
    /// A port that belongs to a group, opened by a user without rights who acts for another.
    private func message(mode: mode_t, owner: gid_t, session: UInt32) throws -> String {
      let device = try PtyPair()
      #expect(chown(device.path, 0, owner) == 0)
      #expect(chmod(device.path, mode) == 0)
      let path = device.path
      let error = try UnprivilegedUser.run(group: session) { openingError(path) }
      guard case .permissionDenied(let advice) = error else {
        Issue.record("expected permission denied, got \(String(describing: error))")
        return ""
      }
      #expect(advice.path == path)
      return "\(error!)".replacing(path, with: "PORT")
    }

    @Test("A user outside the group gets the group's name and the command")
    func outsideTheGroup() throws {
      let dialout = try #require(getgrnam("dialout")).pointee.gr_gid
      #expect(
        try message(mode: 0o660, owner: dialout, session: UnprivilegedUser.number)
          == "PORT: permission denied; it belongs to group dialout, and user nobody is not in that group. "
          + "Run: sudo usermod -aG dialout nobody - then log out and log in again (a new terminal window is not enough)."
      )
    }

    @Test("A user who joined the group after logging in is told to log in again")
    func joinedLater() throws {
      // nobody belongs to nogroup, but this session acts for another group.
      #expect(
        try message(mode: 0o660, owner: UnprivilegedUser.number, session: 65533)
          == "PORT: permission denied; it belongs to group nogroup; user nobody has joined it, but this session began before. "
          + "Log out and log in again (a new terminal window is not enough).")
    }

    @Test("Nobody is sent into the group root, nor into a group that may not use the port either")
    func groupIsNotTheWay() throws {
      for text in [
        try message(mode: 0o660, owner: 0, session: UnprivilegedUser.number),
        try message(mode: 0o600, owner: 20, session: UnprivilegedUser.number),
      ] {
        #expect(text.contains("udev rules"))
        #expect(!text.contains("usermod"))
      }
    }

    @Test("A port that may be used gives no advice, and one that may not gives the same as opening it")
    func adviceIsTheSameEverywhere() throws {
      let device = try PtyPair()
      let path = device.path
      chmod(path, 0o600)
      let (advice, error) = try UnprivilegedUser.run { (PermissionAdvice(examining: path), openingError(path)) }
      #expect(error == advice.map { LinkError.permissionDenied($0) })
      #expect(PermissionAdvice(examining: "/dev/not-there") == nil)
    }
  }
}
