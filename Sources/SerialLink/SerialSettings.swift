import SensorProtocols

/// How a port is to be set up. Always eight data bits and no flow control: what every sensor in scope uses.
public struct SerialSettings: Hashable, Sendable {
  /// Rate in Bd; any number that the hardware can make, not only the usual ones.
  public var baud: UInt32
  /// Parity and stop bits.
  public var characters: CharacterFormat
  /// Ask the driver to hand bytes on at once. An FTDI bridge otherwise collects them for up to 16 ms.
  public var lowLatency: Bool
  /// Levels of the two modem lines after opening; nil leaves them as the kernel sets them (both raised).
  public var dataTerminalReady: Bool?
  public var requestToSend: Bool?

  public init(
    baud: UInt32, characters: CharacterFormat = CharacterFormat(), lowLatency: Bool = true,
    dataTerminalReady: Bool? = nil, requestToSend: Bool? = nil
  ) {
    self.baud = baud
    self.characters = characters
    self.lowLatency = lowLatency
    self.dataTerminalReady = dataTerminalReady
    self.requestToSend = requestToSend
  }
}

/// Whether the driver hands bytes on at once.
public enum LowLatency: Hashable, Sendable {
  case on
  case notAsked
  /// The driver has no such setting (as with USB CDC, which needs none), or refused it: the error number says which.
  case unavailable(errorNumber: Int32)
}

/// What one look at a port brought.
public enum ReadOutcome: Hashable, Sendable {
  /// So many bytes, at least one.
  case bytes(Int)
  /// Nothing waits.
  case nothing
  /// The port is gone, and every byte that the kernel still had was read before.
  case unplugged(UnplugReason)
}

/// How a port showed that it is gone.
public enum UnplugReason: Hashable, Sendable, CustomStringConvertible {
  /// The far end closed, or the kernel hung the terminal up, as it does when a USB device is pulled out.
  case hungUp
  /// Reading failed.
  case failed(errorNumber: Int32)

  public var description: String {
    switch self {
    case .hungUp: "the port hung up"
    case .failed(let number): "reading failed: \(errorText(number)) (error \(number))"
    }
  }
}

/// Errors on the wire that the driver has counted since the port was opened.
public struct LineErrors: Hashable, Sendable {
  /// A stop bit was not where it belongs: most often a wrong baud rate.
  public var framing: Int
  public var parity: Int
  public var breaks: Int
  /// The hardware's buffer was full.
  public var overrun: Int
  /// The kernel's buffer was full: the program read too slowly.
  public var bufferOverrun: Int

  public init(framing: Int = 0, parity: Int = 0, breaks: Int = 0, overrun: Int = 0, bufferOverrun: Int = 0) {
    self.framing = framing
    self.parity = parity
    self.breaks = breaks
    self.overrun = overrun
    self.bufferOverrun = bufferOverrun
  }
}
