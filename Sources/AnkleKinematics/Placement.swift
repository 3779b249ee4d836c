import Motion

/// Where on the shank the sensor sits: it moves the number by more than the smallest change that a retest can detect.
public struct Placement: Hashable, Sendable {
  /// The surface of the leg that the sensor lies on.
  public enum Surface: String, Hashable, Sendable, CaseIterable {
    /// The front edge of the tibia.
    case anterior
    /// The flat inner face of the tibia, beside its front edge.
    case anteromedial
    case lateral
    /// Calf or Achilles tendon.
    case posterior
  }

  /// Distance of the sensor's middle below the tibial tuberosity, m; nil where it was not said.
  public var belowTuberosity: Double?
  public var surface: Surface?

  public init(belowTuberosity: Double? = nil, surface: Surface? = nil) {
    self.belowTuberosity = belowTuberosity
    self.surface = surface
  }

  /// Whether anything was said of it.
  public var isStated: Bool { belowTuberosity != nil || surface != nil }

  /// Whether nothing that was said of one is denied by the other.
  public func agrees(with other: Placement) -> Bool {
    func agree<T: Equatable>(_ a: T?, _ b: T?) -> Bool { a == nil || b == nil || a == b }
    return agree(belowTuberosity, other.belowTuberosity) && agree(surface, other.surface)
  }

  /// By how much a sensor against the front of the shin reads more than the tibia's long axis, rad, at the tuberosity and 15 cm below it: surface slope and
  /// soft tissue. From the pairs of Hall and Docherty (J Sci Med Sport 20, 2017: 39.0° and 44.9° in one posture) and the long axis that
  /// the planar model gives for their mean distance (35.4°).
  public static let offsetAtTuberosity = 3.6 * radiansPerDegree
  public static let offset15cmBelow = 9.5 * radiansPerDegree
  /// Standard deviation of that offset between people, rad. An assumption.
  public static let offsetSD = 3.0 * radiansPerDegree

  /// The mean offset at this place, linear between the two that were measured and constant beyond; nil where nothing was measured: behind, beside, or
  /// at an unknown height.
  public var offset: Uncertain? {
    guard surface == .anterior || surface == .anteromedial, let belowTuberosity else { return nil }
    return Uncertain(Self.meanOffset(belowTuberosity), sd: Self.offsetSD)
  }

  /// The offsets that are possible where the place is not wholly known: from none to the mean offset of the place, or of the lowest place.
  public var offsetRange: ClosedRange<Double> {
    0...(belowTuberosity.map(Self.meanOffset) ?? Self.offset15cmBelow)
  }

  private static func meanOffset(_ below: Double) -> Double {
    offsetAtTuberosity + (offset15cmBelow - offsetAtTuberosity) * min(max(below / 0.15, 0), 1)
  }
}
