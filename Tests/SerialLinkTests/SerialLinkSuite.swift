import SerialLink
import Testing

/// All tests of the module run one after another: they share the process's signals and spawn programs, and a program that is just being
/// spawned holds copies of every open port for a moment.
@Suite(.serialized) struct SerialLinkSuite {}

/// Why the port cannot be opened; nil when it can (it is closed again at once).
func openingError(_ path: String, baud: UInt32 = 115_200) -> LinkError? {
  do throws(LinkError) {
    _ = try SerialPort.open(path, SerialSettings(baud: baud))
    return nil
  } catch {
    return error
  }
}

/// Reads until `count` bytes are there, or a second has passed without any.
func readAll(_ port: inout SerialPort, _ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 512)
  var last = HostClock.now()
  while bytes.count < count, HostClock.now().seconds(since: last) < 1 {
    if case .bytes(let got) = port.read(into: &part) {
      bytes += part[..<got]
      last = HostClock.now()
    }
  }
  return bytes
}
