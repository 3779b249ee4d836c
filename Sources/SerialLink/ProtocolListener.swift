import Glibc
import Motion
import SensorProtocols

/// Finds out which protocol a port speaks, by listening only: nothing is ever written to a sensor that is not known.
///
/// Every decoder of the catalogue that needs no column names gets the same bytes. One has recognised them when enough frames passed its checks and
/// nearly all bytes lie in them. What was heard is kept, with its arrivals, so that the session begins with the first byte.
public struct ProtocolListener {
  /// What was found.
  @frozen
  public struct Recognised: ~Copyable {
    public let description: ProtocolDescription
    public let baud: Int
    public var port: SerialPort
    /// The bytes heard so far.
    public let heard: [(arrived: HostInstant, bytes: [UInt8])]
    /// Frames that passed, for the person who wants to know why.
    public let frames: UInt64
  }

  /// Why nothing was recognised.
  public struct Unrecognised: Error, CustomStringConvertible {
    public let description: String
  }

  /// Frames that have to pass, and the share of all bytes that they have to make up.
  static let frames: UInt64 = 6
  static let share = 0.9
  /// How long one baud rate is listened to, s.
  static let patience = 2.0

  /// - Parameters:
  ///   - bauds: the rates to try, in this order.
  ///   - isStopped: asked now and then; true ends the listening.
  /// - Throws: `LinkError` when the port cannot be opened, `Unrecognised` when no protocol fits.
  public static func listen(
    to path: String, bauds: [Int], isStopped: () -> Bool
  ) throws -> Recognised {
    var reports: [String] = []
    for baud in bauds {
      var port = try SerialPort.open(path, SerialSettings(baud: UInt32(baud)))
      var candidates = ProtocolCatalogue.rows.filter { !$0.name.hasPrefix("lines:") }.map {
        (description: $0, decoder: $0.makeDecoder(stream: StreamID(0)))
      }
      var heard: [(arrived: HostInstant, bytes: [UInt8])] = []
      var total = 0
      var samples: [SensorSample] = []
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
        for index in candidates.indices {
          candidates[index].decoder.consume(newest.bytes.span, arrived: newest.arrived, into: &samples)
          samples.removeAll(keepingCapacity: true)
          let counters = candidates[index].decoder.counters
          // What came before the first frame was cut in the middle, and is nobody's fault.
          let judged = Double(max(counters.framed + counters.skipped, 1))
          if counters.frames >= frames, Double(counters.framed) >= share * judged - 64 {
            return Recognised(
              description: candidates[index].description, baud: baud, port: port, heard: heard,
              frames: counters.frames)
          }
        }
      }
      reports.append("\(baud) Bd: \(total) bytes" + (total == 0 ? "" : ", none of them of a known protocol"))
    }
    throw Unrecognised(
      description: "\(path): no known sensor was recognised (\(reports.joined(separator: "; "))). "
        + "Is it switched on, and sending by itself? Say --baud and --protocol if you know them; "
        + "the protocols are \(ProtocolCatalogue.names.joined(separator: ", ")).")
  }
}
