import Glibc
import Motion
import SensorProtocols
import SerialLink
import TestKit
import Testing

extension SerialLinkSuite {
  @Suite struct SerialPortTests {
    private let everyByte = (0...255).map { UInt8($0) }

    @Test("Every byte value passes unchanged, both ways")
    func rawBothWays() throws {
      let device = try PtyPair()
      var port = try SerialPort.open(device.path, SerialSettings(baud: 115_200))
      device.write(everyByte)
      #expect(readAll(&port, 256) == everyByte)
      try port.write(everyByte.span)
      #expect(device.read(256) == everyByte)
      // Nothing was echoed.
      #expect(device.read(1, within: 0.05) == [])
    }

    @Test("An empty port says nothing, and a port that hung up says so")
    func emptyIsNotHungUp() throws {
      let device = try PtyPair()
      var port = try SerialPort.open(device.path, SerialSettings(baud: 9600))
      var room = [UInt8](repeating: 0, count: 16)
      #expect(port.read(into: &room) == .nothing)
      device.hangUp()
      #expect(port.read(into: &room) == .unplugged(.hungUp))
    }

    @Test(
      "Parity and stop bits are set",
      arguments: [("8N1", 0, 0, 0), ("8E1", 0x100, 0, 0), ("8O1", 0x100, 0x200, 0), ("8N2", 0, 0, 0x40)])
    func characters(text: String, parity: UInt32, odd: UInt32, stops: UInt32) throws {
      let device = try PtyPair()
      let format = try #require(CharacterFormat(text))
      let port = try SerialPort.open(device.path, SerialSettings(baud: 9600, characters: format))
      // PARENB, PARODD, CSTOPB as Linux numbers them.
      let control = device.settings[2]
      #expect(control & 0x200 == odd && control & 0x40 == stops && control & 0x30 == 0x30)
      // A pseudo-terminal has no parity to make: Linux clears the bit.
      #expect(control & 0x100 == parity || control & 0x100 == 0)
      _ = port.descriptor
    }

    @Test(
      "Rates that POSIX does not list are set, and the settings come back at the end",
      arguments: [9600, 250_000, 921_600, 12_345])
    func settingsComeBack(baud: UInt32) throws {
      let device = try PtyPair()
      let before = device.settings
      do {
        let port = try SerialPort.open(device.path, SerialSettings(baud: baud))
        let during = device.settings
        #expect(during[4] == baud && during[5] == baud)
        #expect(during != before)
        _ = port.descriptor
      }
      #expect(device.settings == before)
    }

    @Test("Bytes from before the set-up are thrown away, unless the port was set up already")
    func staleBytes() throws {
      let cooked = try PtyPair()
      cooked.write(Array("old\n".utf8))
      usleep(20_000)
      var first = try SerialPort.open(cooked.path, SerialSettings(baud: 115_200))
      cooked.write(Array("new\n".utf8))
      #expect(readAll(&first, 4) == Array("new\n".utf8))

      var virtual = try PseudoTerminal()
      let early = Array("early\r\n".utf8)
      #expect(virtual.write(early.span, within: 1_000_000_000) == early.count)
      usleep(20_000)
      var second = try SerialPort.open(virtual.path, SerialSettings(baud: 9600))
      #expect(readAll(&second, early.count) == early)
    }

    @Test("A virtual port knows whether it has a reader, and hears it")
    func virtualPort() throws {
      var device = try PseudoTerminal()
      var hasReader = device.hasReader
      #expect(!hasReader)
      hasReader = device.waitForReader(within: 3_000_000)
      #expect(!hasReader)
      do {
        var port = try SerialPort.open(device.path, SerialSettings(baud: 115_200))
        hasReader = device.waitForReader(within: 3_000_000)
        #expect(hasReader)
        var taken = device.write(everyByte.span, within: 1_000_000_000)
        #expect(taken == 256)
        #expect(readAll(&port, 256) == everyByte)
        try port.write([0x68, 4, 0, 4, 8].span)
        var heard = [UInt8](repeating: 0, count: 16)
        usleep(20_000)
        let count = device.read(into: &heard)
        #expect(count == 5)
        #expect(heard[..<5] == [0x68, 4, 0, 4, 8])
        // Nobody reads any more: what does not fit within the time is not taken.
        let much = [UInt8](repeating: 7, count: 1_000_000)
        taken = device.write(much.span, within: 50_000_000)
        #expect(taken > 0 && taken < much.count)
      }
      hasReader = device.hasReader
      #expect(!hasReader)
    }

    @Test("A rate of zero is refused, and leaves the settings as they were")
    func impossibleRate() throws {
      let device = try PtyPair()
      let before = device.settings
      #expect(openingError(device.path, baud: 0) == .unsupportedBaud(path: device.path, requested: 0, actual: nil))
      #expect(device.settings == before)
      #expect(openingError(device.path) == nil)
    }

    @Test("What is not a serial port is named so")
    func wrongPaths() {
      #expect(openingError("/dev/null") == .notATerminal(path: "/dev/null"))
      #expect(openingError("/tmp") == .notATerminal(path: "/tmp"))
      let nowhere = "/dev/ttyUSB-that-is-not-there"
      guard case .missing(nowhere, let available) = openingError(nowhere) else {
        Issue.record("a missing port must be called missing")
        return
      }
      #expect(available == PortDiscovery.ports().map(\.stableName))
    }
  }

  @Suite struct LockTests {
    /// A program that opens the port, does something to it (F is the open port), says so, and stays.
    private func holder(_ path: String, _ deed: String) throws -> SecondProgram {
      try SecondProgram(
        ["/usr/bin/perl", "-e", "open F,'+<',$ARGV[0] or die; \(deed) or die; $|=1; print 'ready'; sleep 60", path],
        announces: "ready")
    }

    @Test("A port that another program has locked is refused with its name, and its settings are not touched")
    func lockedByAnother() throws {
      let device = try PtyPair()
      let other = try holder(device.path, "flock(F,2|4)")
      let before = device.settings
      let error = openingError(device.path)
      #expect(device.settings == before)
      guard case .busy(device.path, let holders) = error else {
        Issue.record("expected busy, got \(String(describing: error))")
        return
      }
      #expect(holders.contains { $0.processID == other.processID && $0.command == "perl" && $0.hasLock })
      #expect("\(error!)".contains("perl (process \(other.processID))"))
      other.end()
      #expect(openingError(device.path) == nil)
    }

    @Test("The exclusive mark of a program that does not use flock is respected, by root, too")
    func exclusiveMarkOfAnother() throws {
      let device = try PtyPair()
      // TIOCEXCL
      let other = try holder(device.path, "ioctl(F,0x540C,0)")
      let before = device.settings
      guard case .busy(_, let holders) = openingError(device.path) else {
        Issue.record("expected busy")
        return
      }
      #expect(holders.map(\.processID).contains(other.processID))
      #expect(device.settings == before)
      other.end()
    }

    @Test("A program that reads along without any lock is reported")
    func silentHolder() throws {
      let device = try PtyPair()
      let other = try holder(device.path, "1")
      let port = try SerialPort.open(device.path, SerialSettings(baud: 115_200))
      #expect(port.otherHolders.contains { $0.processID == other.processID && !$0.hasLock })
      other.end()
    }

    @Test("A second opening in this program is refused and says so")
    func twiceInOneProgram() throws {
      let device = try PtyPair()
      do {
        let port = try SerialPort.open(device.path, SerialSettings(baud: 115_200))
        let error = openingError(device.path)
        #expect(error.map { "\($0)".contains("open in this program already") } == true)
        _ = port.descriptor
      }
      #expect(openingError(device.path) == nil)
    }

    @Test(
      "While the port is open, other users' programs cannot open it at all",
      .enabled(if: UnprivilegedUser.isPossible, Comment(rawValue: UnprivilegedUser.impossible)))
    func exclusiveForOthers() throws {
      let device = try PtyPair()
      chmod(device.path, 0o666)
      let path = device.path
      let plainOpen: @Sendable () -> Int32 = {
        let descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        if descriptor < 0 { return errno }
        close(descriptor)
        return 0
      }
      #expect(try UnprivilegedUser.run(plainOpen) == 0)
      do {
        let port = try SerialPort.open(path, SerialSettings(baud: 115_200))
        #expect(try UnprivilegedUser.run(plainOpen) == EBUSY)
        let error = try UnprivilegedUser.run { openingError(path) }
        guard case .busy(path, _) = error else {
          Issue.record("expected busy, got \(String(describing: error))")
          return
        }
        _ = port.descriptor
      }
      #expect(try UnprivilegedUser.run(plainOpen) == 0)
    }
  }
}
