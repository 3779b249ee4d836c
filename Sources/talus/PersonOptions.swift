import ArgumentParser
import Recording

/// What a recording says about the person and the session.
struct PersonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A code for the person, such as P-017. Not a name: recordings are passed on.", valueName: "code"))
  var person: String?

  @Option(help: ArgumentHelp("Which visit or session it is, in your words.", valueName: "text"))
  var visit: String?

  @Option(name: .customLong("session-note"), help: ArgumentHelp("Words about the session.", valueName: "text"))
  var note: String?

  var pairs: TextPairs {
    var pairs: TextPairs = [:]
    pairs["person"] = person
    pairs["visit"] = visit
    pairs["note"] = note
    return pairs
  }
}
