import DecimalText
import Export
import LungeTest
import Motion

/// Numbers as a page shows them. Every ± is an expanded uncertainty, k = 2: about 95 % of repeated measurements lie within.
enum Figures {
  /// The coverage factor of every ± on the page.
  static let coverage = 2.0

  /// With a true minus sign, which lines up with digits and is never broken off; an en dash for what is not known.
  static func plain(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    var text = TextBuffer(capacity: 16)
    text.append(fixed: value, decimals: decimals)
    let string = text.string
    return string.hasPrefix("-") ? "\u{2212}" + string.dropFirst() : string
  }

  /// An angle in rad as degrees.
  static func degrees(_ angle: Double?) -> String {
    guard let angle, angle.isFinite else { return "–" }
    return plain(angle * degreesPerRadian, 1) + "°"
  }

  /// ± the expanded uncertainty of an angle in rad.
  static func plusMinusDegrees(_ u: Double?) -> String? {
    u.map { "± " + degrees($0 * coverage) }
  }

  /// A change with its sign.
  static func signed(_ value: Double?, _ text: (Double?) -> String) -> String {
    (value ?? 0) > 0 ? "+" + text(value) : text(value)
  }

  /// A distance in m as centimetres.
  static func centimetres(_ distance: Double?) -> String {
    guard let distance, distance.isFinite else { return "–" }
    return plain(distance * 100, 1) + " cm"
  }

  static func plusMinusCentimetres(_ u: Double?) -> String? {
    u.map { "± " + centimetres($0 * coverage) }
  }

  /// A moment or a span, in s below three minutes and in minutes above.
  static func span(_ time: SessionTime) -> String {
    let seconds = time.seconds
    if seconds < 1 { return plain(seconds * 1000, 0) + " ms" }
    if seconds < 180 { return plain(seconds, 1) + " s" }
    let whole = Int(seconds.rounded())
    let minutes = whole / 60
    if minutes < 60 { return "\(minutes) min \(whole % 60) s" }
    return "\(minutes / 60) h \(minutes % 60) min"
  }

  /// A number with thin spaces between its thousands.
  static func count(_ value: UInt64) -> String {
    var digits = String(value)
    var position = digits.count - 3
    while position > 0 {
      digits.insert("\u{202F}", at: digits.index(digits.startIndex, offsetBy: position))
      position -= 3
    }
    return digits
  }
}

extension SeriesSummary {
  /// `left`, `right` or `unsided`: the page's classes, which carry the colours.
  var sideClass: String { side?.rawValue ?? "unsided" }

  var validTrials: Int { trials.count { $0.verdict == .valid } }
}

extension ReportSource {
  /// The leg that it is about, or else the file: what tells the sources of one report apart.
  var shortName: String {
    let sides = Set(series.map(\.side))
    if sides.count == 1, let side = sides.first ?? nil { return ReasonWords.side(side) }
    return name
  }
}
