import ArgumentParser
import Glibc
import Motion
import SensorProtocols
import SerialLink
import Synchronization

/// Which port is to be read, and what was said of it.
struct SensorRequest: Sendable {
  /// Whose it is, in a few words for messages; empty for the only one.
  var role = ""
  var port: String
  var baud: Int?
  var protocolName: String?
  var serialFormat: String?
  /// The option that names the protocol.
  var protocolOption = "--protocol"

  /// Opens the port; where no protocol was said, it listens until one is recognised, and keeps what it heard.
  ///
  /// - Parameter isStopped: asked now and then; true ends the listening.
  func connect(isStopped: () -> Bool = { false }) throws -> SensorConnection {
    do {
      if let protocolName, protocolName.lowercased() != "lines" {
        let description = try ProtocolCatalogue.find(protocolName)
        let baud = baud ?? description.bauds[0]
        let characters = serialFormat.flatMap { CharacterFormat($0) } ?? description.characters
        let opened = try SerialPort.open(port, SerialSettings(baud: UInt32(baud), characters: characters))
        for holder in opened.otherHolders {
          printError("talus: warning: \(holder) has the port open as well, and may take bytes away")
        }
        return SensorConnection(description: description, baud: baud, port: opened, heard: [])
      }
      printError("talus: listening on \(port) for a sensor that is known …")
      let bauds = baud.map { [$0] } ?? ProtocolListener.usualBauds
      let characters = serialFormat.flatMap { CharacterFormat($0) } ?? CharacterFormat()
      let found = try ProtocolListener.listen(
        to: port, bauds: bauds, characters: characters, by: ProtocolListener.sniffer(for: protocolName),
        isStopped: isStopped)
      let place = role.isEmpty ? "" : role + ": "
      printError(
        "talus: \(place)\(found.description.name) at \(found.baud) Bd (\(found.finding.evidence))")
      return SensorConnection(
        description: found.description, baud: found.baud, port: found.port, heard: found.heard)
    } catch let error as LinkError {
      throw failure(error.exitStatus, error.description)
    } catch let error as ProtocolListener.Unrecognised {
      // Why it was stopped has been said.
      if isStopped() { throw ExitCode(ExitStatus.badData.rawValue) }
      throw failure(.badData, error.description)
    } catch let error as ProtocolCatalogue.NotFound {
      throw failure(.usage, "\(protocolOption): \(error.description)")
    }
  }

  /// Who the sensor is, as far as the bus tells.
  var identity: DeviceIdentity {
    guard let real = realpath(port, nil) else { return DeviceIdentity(port: port) }
    defer { free(real) }
    let path = String(cString: real)
    guard let found = PortDiscovery.ports().first(where: { $0.path == path }) else { return DeviceIdentity(port: port) }
    return DeviceIdentity(
      name: found.stableName.split(separator: "/").last.map(String.init) ?? "", vendor: found.vendor,
      product: found.product, serialNumber: found.serialNumber, port: port)
  }
}

/// The open port, how to read it, and what was heard while finding out.
struct SensorConnection: ~Copyable {
  let description: ProtocolDescription
  let baud: Int
  var port: SerialPort
  var heard: [(arrived: HostInstant, bytes: [UInt8])]

  /// Reads on until `isOver`, so that nothing is lost and every arrival is stamped while another port is still being listened to.
  mutating func hold(until isOver: () -> Bool) throws(LinkError) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !isOver() {
      var ready = pollfd(fd: port.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, 20)
      // What went away is found out again, and said, by the session.
      if ready.revents != 0, case .bytes(let count) = port.read(into: &buffer) {
        heard.append((HostClock.now(), Array(buffer[..<count])))
      } else if ready.revents != 0 {
        usleep(20_000)
      }
    }
  }
}

/// The connections of a session: of one sensor, or of a second one on the foot.
struct SensorConnections: ~Copyable {
  var shank: SensorConnection
  var foot: SensorConnection?
  /// How the foot's is read; nil without one.
  let footReading: (description: ProtocolDescription, baud: Int)?

  init(_ shank: consuming SensorConnection) {
    self.shank = shank
    foot = nil
    footReading = nil
  }

  init(_ shank: consuming SensorConnection, foot: consuming SensorConnection) {
    self.shank = shank
    footReading = (foot.description, foot.baud)
    self.foot = consume foot
  }

  /// How far both are, for their two threads.
  private final class Progress: Sendable {
    let connected = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
    var hasFailed: Bool { failure.withLock { $0 != nil } }
  }

  /// What one thread works on.
  private final class Attempt: Sendable {
    let request: SensorRequest
    let connection = Mutex<SensorConnection?>(nil)

    init(_ request: SensorRequest) { self.request = request }

    func run(_ progress: Progress) {
      do {
        var made = try request.connect { progress.hasFailed }
        progress.connected.add(1, ordering: .relaxed)
        try made.hold { progress.hasFailed || progress.connected.load(ordering: .relaxed) == 2 }
        var done: SensorConnection? = consume made
        connection.withLock { $0 = done.take() }
      } catch {
        progress.failure.withLock { if $0 == nil { $0 = error } }
      }
    }
  }

  /// Connects to one sensor, or to both side by side: one that sends must not wait until the other is recognised.
  ///
  /// - Throws: what failed first.
  static func open(_ shank: SensorRequest, _ foot: SensorRequest?) throws -> SensorConnections {
    guard let foot else { return SensorConnections(try shank.connect()) }
    let attempts = (Attempt(shank), Attempt(foot))
    let progress = Progress()
    do {
      let first = try OSThread(name: "connect") { attempts.0.run(progress) }
      let second = try OSThread(name: "connect foot") { attempts.1.run(progress) }
      first.join()
      second.join()
    } catch { throw talus.failure(.inputOutput, error.description) }
    if let error = progress.failure.withLock({ $0 }) { throw error }
    return SensorConnections(
      attempts.0.connection.withLock { $0.take()! }, foot: attempts.1.connection.withLock { $0.take()! })
  }
}
