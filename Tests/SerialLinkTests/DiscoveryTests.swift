import Foundation
@testable import SerialLink
import TestKit
import Testing

/// Programs that run among the described devices of `Tests/Fixtures/sensors.umockdev` in place of this machine's own.
private enum DescribedDevices {
  static let fixture = SharedData.projectFolder.appending(path: "Tests/Fixtures/sensors.umockdev").path
  static let runner = "/usr/bin/umockdev-run"
  static let isPresent = FileManager.default.isExecutableFile(atPath: runner)
  static let absent = "needs umockdev-run (Debian package umockdev)"
  /// Set for the test that runs inside.
  static let mark = "TALUS_TEST_DESCRIBED_DEVICES"
  static var isInside: Bool { ProcessInfo.processInfo.environment[mark] != nil }

  static func run(_ command: [String], takesErrors: Bool = false) throws -> (status: Int32, output: [UInt8]) {
    let process = Process()
    process.executableURL = URL(filePath: runner)
    process.arguments = ["-d", fixture, "--"] + command
    process.environment = ProcessInfo.processInfo.environment.merging([mark: "1"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    if takesErrors { process.standardError = output }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return (process.terminationStatus, bytes)
  }
}

extension SerialLinkSuite {
  @Suite struct DiscoveryTests {
    @Test(
      "Described devices are listed with what the bus says of them",
      .enabled(if: DescribedDevices.isPresent && !DescribedDevices.isInside, Comment(rawValue: DescribedDevices.absent))
    )
    func throughDescribedDevices() throws {
      // The library that shows described devices has to be loaded when a program starts, so these tests start themselves once more.
      let result = try DescribedDevices.run(
        [
          CommandLine.arguments[0], "--testing-library", "swift-testing", "--filter", "insideDescribedDevices",
        ], takesErrors: true)
      let text = String(decoding: result.output, as: UTF8.self)
      #expect(result.status == 0, Comment(rawValue: text))
      #expect(text.contains("1 test"), "the inner test must have run: \(text)")
    }

    @Test(.enabled(if: DescribedDevices.isInside, "runs among described devices, started by another test"))
    func insideDescribedDevices() throws {
      let ports = PortDiscovery.ports()
      #expect(ports.map(\.path) == ["/dev/ttyACM0", "/dev/ttyS0", "/dev/rfcomm0", "/dev/ttyUSB0", "/dev/ttyUSB10"])
      let microstrain = try #require(ports.first)
      #expect(microstrain.vendor == "Lord  Microstrain")
      #expect(microstrain.product == "Lord Inertial Sensor  [31m", "the escape character must not reach a terminal")
      #expect(microstrain.vendorID == 0x199b && microstrain.productID == 0x3065)
      #expect(microstrain.driver == "cdc_acm")
      #expect(microstrain.knownSensor?.isSensorMaker == true)
      #expect(microstrain.stableName == "/dev/serial/by-path/pci-0000:00-usb-0:2:1.0")
      let ftdi = try #require(ports.first { $0.path == "/dev/ttyUSB0" })
      #expect(ftdi.stableName == "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10XYZ42-if00-port0")
      #expect(ftdi.serialNumber == "A10XYZ42")
      #expect(ftdi.vendor == "FTDI" && ftdi.product == "FT232R USB UART")
      #expect(ftdi.driver == "ftdi_sio")
      #expect(ftdi.knownSensor?.isSensorMaker == false)
      #expect(ftdi.knownSensor?.text.contains("often") == true)
      #expect(ftdi.isAccessible && ftdi.accessAdvice == nil)
      let bridge = try #require(ports.last)
      #expect(bridge.stableName == "/dev/ttyUSB10", "no links: the node's own name")
      #expect(bridge.vendor == "" && bridge.product == "USB Serial" && bridge.serialNumber == "")
      let builtIn = try #require(ports.first { $0.path == "/dev/ttyS0" })
      #expect(builtIn.vendorID == nil && builtIn.knownSensor == nil && builtIn.driver == "serial")
      // A missing port is answered with those that exist.
      #expect(
        openingError("/dev/ttyUSB7") == .missing(path: "/dev/ttyUSB7", available: ports.map(\.stableName)))
    }

    @Test("This machine's own ports: listed without opening them, each with a node, none twice")
    func thisMachine() {
      let ports = PortDiscovery.ports()
      #expect(Set(ports.map(\.path)).count == ports.count)
      #expect(ports.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
      #expect(!ports.contains { $0.path == "/dev/tty1" || $0.path == "/dev/ptmx" || $0.path == "/dev/console" })
    }

    @Test("The udev rules mark exactly the devices that the program knows, and keep ModemManager off sensors only")
    func rulesAgree() throws {
      let rules = try String(
        contentsOf: SharedData.projectFolder.appending(path: "Hardware/udev/60-talus-sensors.rules"), encoding: .utf8)
      var marked = 0
      for line in rules.split(separator: "\n") {
        guard let vendor = line.firstMatch(of: /ATTRS{idVendor}=="([0-9a-f]{4})"/) else { continue }
        let product = line.firstMatch(of: /ATTRS{idProduct}=="([0-9a-f]{4})"/)
        let numbers = (UInt16(vendor.1, radix: 16)!, UInt16(product?.1 ?? "ffff", radix: 16)!)
        let hint = try #require(SensorHint.forUSB(vendor: numbers.0, product: numbers.1), "\(line)")
        #expect(line.contains(hint.isSensorMaker ? "ENV{ID_TALUS}=\"1\"" : "ENV{ID_TALUS}=\"bridge\""))
        #expect(line.contains("ID_MM_DEVICE_IGNORE") == hint.isSensorMaker)
        if product != nil { #expect(SensorHint.forUSB(vendor: numbers.0, product: 0xffff) == nil) }
        marked += 1
      }
      #expect(marked == SensorHint.knownCount)
      #expect(SensorHint.forUSB(vendor: 0x1d6b, product: 2) == nil)
    }

    private static let program = SharedData.projectFolder.appending(path: ".build/debug/talus").path

    /// Whether the program at hand has the command.
    private static var hasCommand: Bool {
      guard FileManager.default.isExecutableFile(atPath: program), DescribedDevices.isPresent else { return false }
      return (try? DescribedDevices.run([program, "devices", "--help"]))?.output.isEmpty == false
        && (try? DescribedDevices.run([program, "devices", "--json"]))?.output.first == UInt8(ascii: "[")
    }

    @Test(
      "talus devices --json lists described devices",
      .enabled("needs the built program and umockdev-run") { hasCommand })
    func command() throws {
      let result = try DescribedDevices.run([Self.program, "devices", "--json"])
      #expect(result.status == 0)
      let rows = try #require(JSONSerialization.jsonObject(with: Data(result.output)) as? [[String: Any]])
      let ftdi = try #require(rows.first { $0["path"] as? String == "/dev/ttyUSB0" })
      #expect(ftdi["stable_name"] as? String == "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10XYZ42-if00-port0")
      #expect(ftdi["vendor"] as? String == "FTDI")
      #expect(ftdi["product"] as? String == "FT232R USB UART")
      #expect(ftdi["vendor_id"] as? String == "0403")
      #expect(ftdi["product_id"] as? String == "6001")
      #expect(ftdi["serial_number"] as? String == "A10XYZ42")
      #expect(ftdi["driver"] as? String == "ftdi_sio")
      #expect(ftdi["accessible"] as? Bool == true)
      for key in ["known_sensor", "access_advice", "held_by"] {
        #expect(ftdi[key] != nil, "every key is there, null where nothing is known: \(key)")
      }
      #expect(rows.first?["path"] as? String == "/dev/ttyACM0", "makers of sensors come first")
    }
  }
}
