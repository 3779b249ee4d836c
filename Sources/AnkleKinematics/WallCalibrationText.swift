import Motion

/// A personal calibration in one line of text, as recordings and calibration files carry it: `KEY=VALUE` pairs, SI units, numbers as the shortest text that
/// gives back the same Double.
extension WallCalibration {
  /// The line.
  public var text: String {
    let c = covariance
    var pairs = [
      ("zero", zero.rawValue), ("touches", "\(touches)"),
      ("consistent", isConsistent.map { $0 ? "yes" : "no" } ?? "unchecked"), ("shank_m", "\(shank)"),
      ("offset_rad", "\(offset)"), ("constant_m", "\(constant)"),
      ("covariance", [c.xx, c.yy, c.zz, c.xy, c.xz, c.yz].map { "\($0)" }.joined(separator: ",")),
    ]
    if let reference { pairs.append(("reference_rad", "\(reference)")) }
    if let side { pairs.append(("side", side.rawValue)) }
    if let below = place.belowTuberosity { pairs.append(("placement_m", "\(below)")) }
    if let surface = place.surface { pairs.append(("surface", surface.rawValue)) }
    return pairs.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
  }

  /// nil for anything that is no calibration of a leg.
  public init?(text: some StringProtocol) {
    var fields: [Substring: Substring] = [:]
    for part in Substring(text).split(separator: " ") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      fields[sides[0]] = sides[1]
    }
    func number(_ key: Substring, _ range: ClosedRange<Double>) -> Double? {
      fields[key].flatMap { Double($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
    let entries = fields["covariance"]?.split(separator: ",").compactMap { Double($0) } ?? []
    guard let zero = fields["zero"].flatMap({ ZeroConvention(rawValue: String($0)) }),
      let touches = fields["touches"].flatMap({ Int($0) }), (1...100).contains(touches),
      let shank = number("shank_m", 0.05...1), let offset = number("offset_rad", -1.6...1.6),
      let constant = number("constant_m", -1...1), entries.count == 6, entries.allSatisfy({ abs($0) <= 1 }),
      entries[0] >= 0, entries[1] >= 0, entries[2] >= 0
    else { return nil }
    var covariance = SymmetricMatrix3(diagonal: Vector3(entries[0], entries[1], entries[2]))
    covariance.xy = entries[3]
    covariance.xz = entries[4]
    covariance.yz = entries[5]
    let isConsistent: Bool?
    switch fields["consistent"] {
    case "yes": isConsistent = true
    case "no": isConsistent = false
    case "unchecked": isConsistent = nil
    default: return nil
    }
    func word<T: RawRepresentable<String>>(_ key: Substring) -> T? { fields[key].flatMap { T(rawValue: String($0)) } }
    self.init(
      shank: shank, offset: offset, constant: constant, covariance: covariance, touches: touches, zero: zero,
      isConsistent: isConsistent, reference: number("reference_rad", -1.6...1.6), side: word("side"),
      place: Placement(belowTuberosity: number("placement_m", -1...1), surface: word("surface")))
  }
}
