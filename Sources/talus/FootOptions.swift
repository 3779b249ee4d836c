import AnkleKinematics
import ArgumentParser
import Glibc
import Motion
import Pipeline
import Replay

/// What a user can say about a sensor on the foot, wherever it comes from.
struct FootSensorOptions: ParsableArguments {
  @Option(
    name: .customLong("foot-protocol"),
    help: ArgumentHelp("The foot sensor's wire protocol, where it has to be said.", valueName: "name"))
  var protocolName: String?

  @Option(
    name: .customLong("foot-mount"),
    help: ArgumentHelp(
      "Where two axes of the foot sensor point while the foot is flat: proximal is up, anterior towards the toes.",
      valueName: "axis=direction,…"))
  var mount: String?

  func validate() throws {
    try checkProtocol(protocolName)
    if let mount {
      do { _ = try Mount(mount) } catch { throw ValidationError("--foot-mount \(mount): \(error.description)") }
    }
  }

  /// The mount in the one spelling that recordings use.
  var mountText: String? { mount.flatMap { try? Mount($0).text } }
}

/// A second sensor's port.
struct FootPortOptions: ParsableArguments {
  @Option(
    name: .customLong("foot-port"),
    help: ArgumentHelp("The serial port of a sensor on the foot.", valueName: "path"))
  var port: String?

  @Option(
    name: .customLong("foot-baud"),
    help: ArgumentHelp("Its bits per second (default: what the protocol's devices use).", valueName: "n"))
  var baud: Int?

  @OptionGroup var sensor: FootSensorOptions

  /// Refuses what cannot be meant.
  func check(against shank: String) throws {
    guard let port else {
      guard baud == nil, sensor.protocolName == nil, sensor.mount == nil else {
        throw ValidationError("--foot-baud, --foot-protocol and --foot-mount need a sensor: say --foot-port.")
      }
      return
    }
    if let baud, !(50...12_000_000).contains(baud) {
      throw ValidationError("--foot-baud \(baud): give a number from 50 to 12000000.")
    }
    if let one = FileIdentity(port), one == FileIdentity(shank) {
      throw ValidationError("--foot-port \(port): this is the shank's port; the foot sensor has one of its own.")
    }
  }
}
