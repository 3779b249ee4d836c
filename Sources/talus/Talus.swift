import ArgumentParser
import Glibc

@main
struct Talus: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "talus",
    abstract: "Measures ankle dorsiflexion with a sensor on the shin: live, from recordings, and from files.",
    discussion: """
      EXAMPLES
        talus devices                    # what is plugged in
        talus stream --port /dev/ttyUSB0 --protocol witmotion --side right
        talus replay session.mcap        # a recording, as if the sensor were there
        talus report captures/ -o reports --side left --mount y=proximal,z=anterior
        talus sync a.mcap b.mcap         # how far apart they began

      A forward lean of the tibia is positive. Angles are in degrees against the
      vertical of gravity. Talus measures; it does not diagnose.

      EXIT STATUS
      \(ExitStatus.table)
      """,
    version: version,
    subcommands: [
      DevicesCommand.self, StreamCommand.self, ReplayCommand.self, ReportCommand.self, InspectCommand.self,
      ConvertCommand.self, OrientCommand.self, SimulateCommand.self, SyncCommand.self, VerifyCommand.self,
      RecoverCommand.self, AnnotateCommand.self, CalibrateCommand.self,
    ])

  /// A reader that closes its end of a pipe is no reason to die without a word: writes then fail and are seen.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    main(nil)
  }
}
