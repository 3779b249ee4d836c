/// Time that passed without the samples that belong into it.
public struct Gap: Hashable, Sendable {
  /// Why samples are missing, as far as it is known.
  public enum Cause: String, Hashable, Sendable, CaseIterable {
    /// Bytes were rejected: bad checksum, or junk between frames.
    case corruption
    /// The device's counter jumped.
    case counterJump = "counter-jump"
    /// Nothing arrived, and nothing says why.
    case silence
    /// The port went away.
    case unplugged
    /// The device restarted, its clock or counter began anew.
    case reset
    /// The capture's own time column has a hole.
    case fileTime = "file-time"
  }

  /// The sensor whose samples are missing.
  public var stream: StreamID
  /// The last sample before the gap.
  public var start: SessionTime
  /// The first sample after the gap.
  public var end: SessionTime
  /// How many samples are missing, where a counter or the known rate tells.
  public var missingSamples: Int?
  public var cause: Cause

  public init(stream: StreamID, start: SessionTime, end: SessionTime, missingSamples: Int?, cause: Cause) {
    self.stream = stream
    self.start = start
    self.end = end
    self.missingSamples = missingSamples
    self.cause = cause
  }
}

/// Something the person at the keyboard said while the session ran.
public enum OperatorEvent: Hashable, Sendable {
  /// A named moment.
  case marker(String)
  /// From here on, this side.
  case side(Side)
}

/// What happened to a sensor's connection.
public enum LinkEvent: String, Hashable, Sendable, CaseIterable {
  case opened
  /// The device was unplugged, or the port hung up.
  case unplugged
  case closed
}

/// The leg that carries the sensor.
public enum Side: String, Hashable, Sendable, CaseIterable {
  case left
  case right
}

/// Which way bytes went.
public enum Direction: String, Hashable, Sendable, CaseIterable {
  case received
  case sent
}

/// Who a sensor is, as far as the bus and the protocol tell. Empty where nothing is known.
public struct DeviceIdentity: Hashable, Sendable {
  public var name: String
  public var vendor: String
  public var product: String
  public var serialNumber: String
  /// The path or stable name under which it was opened.
  public var port: String

  public init(
    name: String = "", vendor: String = "", product: String = "", serialNumber: String = "", port: String = ""
  ) {
    self.name = name
    self.vendor = vendor
    self.product = product
    self.serialNumber = serialNumber
    self.port = port
  }
}
