import CSerial
import Glibc
import Motion

/// One open serial port, and the only owner of its descriptor. When it goes out of scope the port gets back the settings that it had,
/// and is closed.
public struct SerialPort: ~Copyable, Sendable {
  /// The path that it was opened under.
  public let path: String
  /// The open descriptor, for `poll`. It stays the port's.
  public let descriptor: Int32
  /// Whether the driver hands bytes on at once.
  public private(set) var lowLatency: LowLatency
  /// Programs that had the port open all the same, without either lock: they may take bytes away.
  public let otherHolders: [PortHolder]

  private let before: cserial_settings
  private var lowLatencyBefore: Bool?
  private let errorsBefore: cserial_line_errors?

  /// Opens and locks the port, and only then looks at its settings and changes them: a port that another program uses is left
  /// exactly as it is.
  ///
  /// The locks: flock, which every program that asks for one respects, whoever runs it, and TIOCEXCL, which also keeps away those that do
  /// not ask, unless they run as root.
  ///
  /// What came in under other settings is thrown away; a port that already had these settings keeps its bytes.
  public static func open(_ path: String, _ settings: SerialSettings) throws(LinkError) -> SerialPort {
    let descriptor = try openLocked(path)
    var before = cserial_settings()
    let failure = cserial_get_settings(descriptor, &before)
    if failure != 0 {
      cserial_clear_exclusive(descriptor)
      Glibc.close(descriptor)
      throw failure == EIO
        ? .noDevice(path: path) : .system(path: path, action: "reading its settings", errorNumber: failure)
    }
    var errors = cserial_line_errors()
    let countsErrors = cserial_get_line_errors(descriptor, &errors) == 0
    // From here on the value owns the descriptor: leaving by an error puts everything back, too.
    var port = SerialPort(
      path: path, descriptor: descriptor, lowLatency: .notAsked, otherHolders: PortHolder.holders(ofPort: path),
      before: before, lowLatencyBefore: nil, errorsBefore: countsErrors ? errors : nil)
    try port.apply(settings)
    return port
  }

  deinit {
    if let lowLatencyBefore {
      var ignored: Int32 = 0
      cserial_set_low_latency(descriptor, lowLatencyBefore ? 1 : 0, &ignored)
    }
    withUnsafePointer(to: before) { _ = cserial_set_settings(descriptor, $0) }
    cserial_clear_exclusive(descriptor)
    Glibc.close(descriptor)
  }

  // MARK: Reading and writing

  /// Takes what waits, up to the room in `buffer`. Never blocks.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    guard buffer.count > 0 else { return .nothing }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return .bytes(count) }
      // The port is set to answer EAGAIN when it is empty, so 0 bytes means that it hung up.
      if count == 0 { return .unplugged(.hungUp) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .nothing
      case EIO, ENXIO, ENODEV: return .unplugged(.hungUp)
      case let number: return .unplugged(.failed(errorNumber: number))
      }
    }
  }

  /// Takes what waits into the beginning of `buffer`, up to its count. Never blocks.
  public mutating func read(into buffer: inout [UInt8]) -> ReadOutcome {
    buffer.withUnsafeMutableBytes { read(into: $0) }
  }

  /// Hands all of `bytes` to the driver; waits for room, but no longer than `nanoseconds` in all.
  public mutating func write(_ bytes: Span<UInt8>, within nanoseconds: Int64 = 1_000_000_000) throws(LinkError) {
    let error = timedWrite(bytes, to: descriptor, within: nanoseconds).error
    guard error == 0 else { throw .system(path: path, action: "writing", errorNumber: error) }
  }

  /// What the driver has counted since the port was opened; nil where it does not count.
  public var lineErrors: LineErrors? {
    var now = cserial_line_errors()
    guard let errorsBefore, cserial_get_line_errors(descriptor, &now) == 0 else { return nil }
    return LineErrors(
      framing: Int(now.framing &- errorsBefore.framing), parity: Int(now.parity &- errorsBefore.parity),
      breaks: Int(now.breaks &- errorsBefore.breaks), overrun: Int(now.overrun &- errorsBefore.overrun),
      bufferOverrun: Int(now.buffer_overrun &- errorsBefore.buffer_overrun))
  }
}

// MARK: - Opening

extension SerialPort {
  /// Opens the port and takes both locks, without a look at its settings.
  private static func openLocked(_ path: String) throws(LinkError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw openFailure(path, errno) }
    do throws(LinkError) {
      guard isatty(descriptor) == 1 else {
        throw errno == EIO ? .noDevice(path: path) : .notATerminal(path: path)
      }
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        switch errno {
        case EINTR: continue
        case EWOULDBLOCK: throw busy(path, lockedByFlock: true)
        case let number: throw .system(path: path, action: "locking", errorNumber: number)
        }
      }
      // Root gets past TIOCEXCL, so it has to ask. A mark that nobody stands behind was left by a program that was killed.
      if cserial_is_exclusive(descriptor) == 1 {
        let holders = PortHolder.holders(ofPort: path)
        if !holders.isEmpty { throw .busy(path: path, holders: holders) }
      }
      let failure = cserial_set_exclusive(descriptor)
      if failure != 0 { throw .system(path: path, action: "locking", errorNumber: failure) }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func busy(_ path: String, lockedByFlock: Bool) -> LinkError {
    let holders = PortHolder.holders(ofPort: path)
    // /proc/locks names whoever has a flock. When that is nobody else, it is this program.
    return .busy(path: path, holders: holders.isEmpty && lockedByFlock ? [.thisProcess] : holders)
  }

  private static func openFailure(_ path: String, _ number: Int32) -> LinkError {
    switch number {
    case ENOENT, ENOTDIR: return .missing(path: path, available: PortDiscovery.names())
    case EISDIR: return .notATerminal(path: path)
    case ENXIO, ENODEV, EIO: return .noDevice(path: path)
    case EBUSY: return busy(path, lockedByFlock: false)
    case EACCES:
      if let advice = PermissionAdvice(examining: path) { return .permissionDenied(advice) }
    default: break
    }
    return .system(path: path, action: "opening", errorNumber: number)
  }

  /// Changes the settings, and reads them back to see what the driver made of them.
  private mutating func apply(_ settings: SerialSettings) throws(LinkError) {
    guard settings.baud > 0 else { throw .unsupportedBaud(path: path, requested: 0, actual: nil) }
    var wish = before
    cserial_make_raw(&wish, settings.baud)
    let parity: Int32 =
      switch settings.characters.parity {
      case .none: 0
      case .even: 2
      case .odd: 1
      }
    cserial_set_characters(&wish, parity, Int32(settings.characters.stopBits))
    let failure = cserial_set_settings(descriptor, &wish)
    guard failure == 0 else {
      throw failure == EINVAL
        ? .unsupportedBaud(path: path, requested: settings.baud, actual: nil)
        : .system(path: path, action: "changing its settings", errorNumber: failure)
    }
    var got = cserial_settings()
    if cserial_get_settings(descriptor, &got) == 0 {
      // Two stations whose rates differ by more than about 2 % each way lose the last bits of a byte.
      let difference = abs(Double(got.input_baud) - Double(settings.baud)) / Double(settings.baud)
      if difference > 0.02 {
        throw .unsupportedBaud(path: path, requested: settings.baud, actual: got.input_baud)
      }
    }
    if isStale(under: wish) { cserial_flush_input(descriptor) }
    if settings.lowLatency {
      var was: Int32 = 0
      let refusal = cserial_set_low_latency(descriptor, 1, &was)
      lowLatency = refusal == 0 ? .on : .unavailable(errorNumber: refusal)
      if refusal == 0 { lowLatencyBefore = was != 0 }
    }
    // Not every port has these lines; one that has not is none the worse for it.
    if let level = settings.dataTerminalReady { cserial_set_dtr(descriptor, level ? 1 : 0) }
    if let level = settings.requestToSend { cserial_set_rts(descriptor, level ? 1 : 0) }
  }

  /// Bytes that came in before `wish` was set were received differently. A pseudo-terminal has no baud rate that matters.
  private func isStale(under wish: cserial_settings) -> Bool {
    if before.iflag != wish.iflag || before.lflag != wish.lflag { return true }
    return before.input_baud != wish.input_baud && !isPseudoTerminal
  }

  private var isPseudoTerminal: Bool {
    var node = stat()
    // Linux gives the slaves of pseudo-terminals the majors 136 to 143.
    return fstat(descriptor, &node) == 0 && (136...143).contains((node.st_rdev >> 8) & 0xfff)
  }
}
