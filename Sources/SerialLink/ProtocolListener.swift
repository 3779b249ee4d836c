import Glibc
import Motion
import SensorProtocols

/// Finds out which protocol a port speaks, by listening only: nothing is ever written to a sensor that is not known.
///
/// `ProtocolSniffer` names the protocol. What was heard is kept, with its arrivals, so that the session begins with the first byte.
public struct ProtocolListener {
  /// What was found.
  @frozen
  public struct Recognised: ~Copyable {
    public let description: ProtocolDescription
    public let baud: Int
    public var port: SerialPort
    /// The bytes heard so far.
    public let heard: [(arrived: HostInstant, bytes: [UInt8])]
    /// Why it is that protocol.
    public let finding: ProtocolSniffer.Finding
    /// Frames that passed, for the person who wants to know why.
    public var frames: UInt64 { finding.frames }
  }

  /// Why nothing was recognised.
  public struct Unrecognised: Error, CustomStringConvertible {
    public let description: String
  }

  /// What to listen with: for `lines` one that learns the columns of plain lines and thinks of nothing else.
  public static func sniffer(for protocolName: String?) -> ProtocolSniffer {
    protocolName?.lowercased() == "lines" ? ProtocolSniffer([], learning: .numbers) : ProtocolSniffer(learning: .names)
  }

  /// The rates to try when none was said.
  public static let usualBauds = [115_200, 9600, 921_600, 38400]

  /// How long one baud rate is listened to, s.
  static let patience = 2.0

  /// - Parameters:
  ///   - bauds: the rates to try, in this order.
  ///   - characters: parity and stop bits.
  ///   - fresh: a sniffer with the protocols that are thought of.
  ///   - isStopped: asked now and then; true ends the listening.
  /// - Throws: `LinkError` when the port cannot be opened, `Unrecognised` when no protocol fits.
  public static func listen(
    to path: String, bauds: [Int], characters: CharacterFormat = CharacterFormat(),
    by fresh: ProtocolSniffer = sniffer(for: nil), isStopped: () -> Bool
  ) throws -> Recognised {
    var reports: [String] = []
    for baud in bauds {
      var port = try SerialPort.open(path, SerialSettings(baud: UInt32(baud), characters: characters))
      var sniffer = fresh
      var heard: [(arrived: HostInstant, bytes: [UInt8])] = []
      var total = 0
      var buffer = [UInt8](repeating: 0, count: 4096)
      let start = HostClock.now()
      while HostClock.now().seconds(since: start) < patience && total < 1 << 16 {
        if isStopped() { throw Unrecognised(description: "\(path): stopped while listening") }
        var ready = pollfd(fd: port.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&ready, 1, 100)
        switch port.read(into: &buffer) {
        case .nothing: continue
        case .unplugged(let reason): throw Unrecognised(description: "\(path): \(reason)")
        case .bytes(let count):
          let arrived = HostClock.now()
          heard.append((arrived, Array(buffer[..<count])))
          total += count
        }
        guard let newest = heard.last else { continue }
        sniffer.consume(newest.bytes.span, arrived: newest.arrived)
        if case .named(let finding) = sniffer.verdict {
          return Recognised(
            description: finding.description, baud: baud, port: port, heard: heard, finding: finding)
        }
      }
      // What only more bytes would have settled is settled by their end.
      sniffer.finish()
      switch sniffer.verdict {
      case .named(let finding):
        return Recognised(
          description: finding.description, baud: baud, port: port, heard: heard, finding: finding)
      case .unknown(let reason): reports.append("\(baud) Bd: \(reason)")
      }
    }
    throw Unrecognised(
      description: "\(path): no known sensor was recognised (\(reports.joined(separator: "; "))). "
        + "Is it switched on, and sending by itself? Say --baud and --protocol if you know them; "
        + "sensors that have to be asked (\(ProtocolCatalogue.rows.filter { $0.dialogue != nil }.map(\.name).joined(separator: ", "))) "
        + "are asked only when named; "
        + "the protocols are \(ProtocolCatalogue.names.joined(separator: ", ")).")
  }
}
