import Glibc

/// Why a port could not be opened, set up or written to. The descriptions say what a person can do.
public enum LinkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing at the path; these ports exist.
  case missing(path: String, available: [String])
  /// It exists and is no serial port.
  case notATerminal(path: String)
  /// The node is there, but no device answers behind it.
  case noDevice(path: String)
  /// This user may not open it.
  case permissionDenied(PermissionAdvice)
  /// Somebody else uses it. Empty where the holder cannot be seen.
  case busy(path: String, holders: [PortHolder])
  /// The port does not run at that rate; `actual` is what it offered in its place, Bd.
  case unsupportedBaud(path: String, requested: UInt32, actual: UInt32?)
  /// Any other failure: what was being done, and the error number.
  case system(path: String, action: String, errorNumber: Int32)

  public var description: String {
    switch self {
    case .missing(let path, let available):
      return "\(path): there is no such port. "
        + (available.isEmpty
          ? "No serial port was found: is the sensor plugged in and switched on?"
          : "These exist: " + available.joined(separator: ", "))
    case .notATerminal(let path):
      return "\(path): this is not a serial port. `talus devices` lists the ports."
    case .noDevice(let path):
      return "\(path): the port has no device behind it. `talus devices` lists the ports that have one."
    case .permissionDenied(let advice):
      return "\(advice.path): permission denied; \(advice.text)"
    case .busy(let path, let holders):
      guard !holders.isEmpty else {
        return "\(path): the port is in use by a program that this user may not look into. "
          + "`sudo fuser -v \(path)` names it; close it and try again."
      }
      let names = holders.prefix(8).map(\.description).joined(separator: ", ")
      return holders == [.thisProcess]
        ? "\(path): the port is open in this program already."
        : "\(path): the port is in use by \(names). Close that program and try again."
    case .unsupportedBaud(let path, let requested, let actual):
      return "\(path): the port cannot run at \(requested) Bd"
        + (actual.map { "; the nearest that it offers is \($0) Bd." } ?? ".")
    case .system(let path, let action, let number):
      return "\(path): \(action) failed: \(errorText(number)) (error \(number))."
    }
  }
}

extension PortHolder {
  /// This very program.
  static var thisProcess: PortHolder { describe(getpid(), hasLock: true) }
}
