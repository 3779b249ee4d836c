import ArgumentParser
import SerialLink

/// What the program's exit status means. The numbers are those of sysexits.h, which scripts know.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case someFailed = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case portGone = 69
  case cannotCreate = 73
  case inputOutput = 74
  case portBusy = 75
  case noPermission = 77

  var meaning: String {
    switch self {
    case .success: "done; also after Ctrl-C, SIGTERM or an unplugged sensor, with a summary"
    case .someFailed: "some of several inputs failed; the others are done"
    case .usage: "an option that does not exist or cannot be used"
    case .badData: "the input was read and not understood"
    case .noInput: "the input is not there or cannot be read"
    case .portGone: "the port is not there, or is no serial port"
    case .cannotCreate: "an output file cannot be made"
    case .inputOutput: "reading or writing failed"
    case .portBusy: "another program has the port"
    case .noPermission: "this user may not open the port"
    }
  }

  static var table: String {
    allCases.map { "  \($0.rawValue)\($0.rawValue < 10 ? " " : "")  \($0.meaning)" }.joined(separator: "\n")
  }
}

/// Says why on standard error, and ends with the status.
func failure(_ status: ExitStatus, _ message: String) -> ExitCode {
  printError("talus: " + message)
  return ExitCode(status.rawValue)
}

extension LinkError {
  var exitStatus: ExitStatus {
    switch self {
    case .missing, .notATerminal, .noDevice: .portGone
    case .permissionDenied: .noPermission
    case .busy: .portBusy
    case .unsupportedBaud: .usage
    case .system: .inputOutput
    }
  }
}
