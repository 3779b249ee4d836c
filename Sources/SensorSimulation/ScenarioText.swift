import DecimalText
import Motion

/// A scenario in words: what a person writes to say what happens in a session.
///
/// One event a line (or between semicolons), a word and its values: a bare number is the event's first value, others are named.
/// `#` begins a comment. Angles in degrees, lengths in cm, times in s, accelerations in m/s².
///
///     stand 3
///     rocks 3 deg=18 period=1.6 axis=mediolateral
///     stand 2
///     lunge 38 hold=2 heel-lift=3 n=3 rest=2.5
///     knock 20
public enum ScenarioText {
  /// The words and what can be said with them, for a help text.
  public static let help = """
    stand S        quiet standing
    fidget S       standing, but not still: deg=4
    rocks N        the knee rocks forward N times, a calibration:
                   deg=18 period=1.6 axis=mediolateral; the axes frontal
                   and long make a bad one
    lunge DEG      to a dorsiflexion; or wall=CM, until the knee touches
                   a wall so far before the toe. hold=2 out=1.6 back=1.4
                   (s), tilt=0 medial, turn=0 internal, heel-lift=0 (deg),
                   jolt=0 (m/s2, the knee meets the wall), outage=0 (s
                   without samples), slip=0 (deg, the sensor slips on the
                   way back), n=1 times, rest=2.5 between them
    ramp DEG       the way out at an even rate, rate=4 (deg/s), back at
                   once; else as lunge
    practice DEG   back at once; else as lunge
    abort DEG      the same, broken off
    knock MS2      a knock while standing
    slip DEG       the sensor slips and reads so much more from then on
    outage S       no sample gets through
    """

  /// Why a line is no event, in words for the person who wrote it.
  public struct Unreadable: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  /// - Parameter standingLean: inclination of the tibia in quiet standing, rad: a ramp's duration follows from where it begins.
  /// - Throws: `Unreadable` for the first line that is no event.
  public static func events(_ text: String, standingLean: Double) throws(Unreadable) -> [ScriptedEvent] {
    var events: [ScriptedEvent] = []
    for line in text.split(whereSeparator: { $0.isNewline || $0 == ";" }) {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let verb = words.first else { continue }
      var values = try Values(verb: String(verb), words.dropFirst())
      events += try self.events(&values, standingLean: standingLean)
      if let unused = values.named.keys.sorted().first {
        throw Unreadable(description: "'\(verb)' has no value '\(unused)'")
      }
    }
    return events
  }

  private static func events(
    _ values: inout Values, standingLean: Double
  ) throws(Unreadable) -> [ScriptedEvent] {
    switch values.verb {
    case "stand": return [.stand(try values.first("s", 3))]
    case "fidget":
      return [.fidget(duration: try values.first("s", 3), amplitude: try values.number("deg", 4) * radiansPerDegree)]
    case "rocks":
      let axis = values.named.removeValue(forKey: "axis") ?? "mediolateral"
      guard let about = ScriptedEvent.RockAxis(rawValue: axis) else {
        throw Unreadable(description: "'rocks' turn about mediolateral, frontal or long, not '\(axis)'")
      }
      return [
        .rocks(
          count: try values.count("n", first: true, 3), angle: try values.number("deg", 18) * radiansPerDegree,
          period: try values.number("period", 1.6), axis: about)
      ]
    case "knock": return [.knock(try values.first("ms2", 20))]
    case "slip": return [.slip(try values.first("deg", 3) * radiansPerDegree)]
    case "outage": return [.outage(try values.first("s", 0.5))]
    case "lunge": return try movements(.trial, hold: 2, &values, standingLean)
    case "ramp": return try movements(.trial, hold: 0, &values, standingLean)
    case "practice": return try movements(.practice, hold: 0, &values, standingLean)
    case "abort": return try movements(.aborted, hold: 0, &values, standingLean)
    default:
      throw Unreadable(
        description: "'\(values.verb)' is no event: there are stand, fidget, rocks, lunge, ramp, practice, abort, "
          + "knock, slip and outage")
    }
  }

  private static func movements(
    _ kind: TrueTrial.Kind, hold: Double, _ values: inout Values, _ standingLean: Double
  ) throws(Unreadable) -> [ScriptedEvent] {
    let aim: ScriptedMovement.Aim
    let usual: Double = kind == .aborted ? 15 : kind == .practice ? 30 : 38
    if values.named["wall"] != nil {
      aim = .wall(try values.number("wall", 0) / 100)
    } else {
      aim = .angle(try values.first("deg", usual) * radiansPerDegree)
    }
    var movement = ScriptedMovement(kind, aim)
    movement.hold = try values.number("hold", hold)
    movement.isEven = values.verb == "ramp"
    if movement.isEven {
      let rate = try values.number("rate", 4) * radiansPerDegree
      guard rate > 0, case .angle(let angle) = aim else {
        throw Unreadable(description: "a 'ramp' goes to an angle at a rate above 0")
      }
      movement.outward = abs(angle - standingLean) / rate + 0.3
    } else {
      movement.outward = try values.number("out", 1.6)
    }
    movement.homeward = try values.number("back", 1.4)
    movement.medialTilt = try values.number("tilt", 0) * radiansPerDegree
    movement.internalRotation = try values.number("turn", 0) * radiansPerDegree
    movement.heelLift = try values.number("heel-lift", 0) * radiansPerDegree
    movement.jolt = try values.number("jolt", 0)
    movement.slip = try values.number("slip", 0) * radiansPerDegree
    movement.outage = try values.number("outage", 0)
    let count = try values.count("n", first: false, 1)
    let rest = try values.number("rest", 2.5)
    return (0..<count).flatMap { $0 == 0 ? [.movement(movement)] : [.stand(rest), .movement(movement)] }
  }

  /// The values of one line; each is taken out as it is read.
  private struct Values {
    let verb: String
    var bare: Double?
    var named: [String: String] = [:]

    init(verb: String, _ words: ArraySlice<Substring>) throws(Unreadable) {
      self.verb = verb
      for word in words {
        if let equals = word.firstIndex(of: "=") {
          named[String(word[..<equals])] = String(word[word.index(after: equals)...])
        } else if bare == nil, let number = parseDecimal(Array(word.utf8).span) {
          bare = number
        } else {
          throw Unreadable(description: "'\(word)' after '\(verb)' is neither a number nor of the form NAME=VALUE")
        }
      }
    }

    /// The bare number, or the value of this name.
    mutating func first(_ name: String, _ usual: Double) throws(Unreadable) -> Double {
      defer { bare = nil }
      if let bare { return bare }
      return try number(name, usual)
    }

    mutating func number(_ name: String, _ usual: Double) throws(Unreadable) -> Double {
      guard let text = named.removeValue(forKey: name) else { return usual }
      guard let number = parseDecimal(Array(text.utf8).span) else {
        throw Unreadable(description: "'\(verb)': \(name)='\(text)' is no number")
      }
      return number
    }

    mutating func count(_ name: String, first: Bool, _ usual: Int) throws(Unreadable) -> Int {
      let number = try first ? self.first(name, Double(usual)) : self.number(name, Double(usual))
      guard (0...1000).contains(number), number.rounded() == number else {
        throw Unreadable(description: "'\(verb)': \(name) must be a whole number of 0 to 1000")
      }
      return Int(number)
    }
  }
}
