import Motion

/// What the columns of plain numeric lines hold, written as names separated by commas: `t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps`.
///
/// The unit is part of each name, because lines of bare numbers do not say theirs and a guess would be an invented angle.
/// A `-` stands for a column to ignore.
public struct ColumnMap: Hashable, Sendable {
  /// One column: what it holds, and what its numbers are multiplied by to become SI (time: microseconds).
  public struct Column: Hashable, Sendable {
    enum Quantity: Hashable, Sendable {
      case ignored
      case time
      case acceleration(axis: Int)
      case angularRate(axis: Int)
      case magneticField(axis: Int)
      case inclinationX
      case inclinationY
      case temperature
    }

    let name: String
    let quantity: Quantity
    let factor: Double
    /// Decimals that the encoder writes.
    let decimals: Int
  }

  /// Why a text is not a column map, in words for the person who wrote it.
  public struct Unusable: Error, Hashable, CustomStringConvertible {
    public let description: String
  }

  /// The most columns that a map may have.
  public static let limit = 32
  /// A map as many sketches print it, for messages and help.
  public static let example = "t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"
  /// All names, for messages and help.
  public static let names =
    "t_s t_ms t_us, ax_g ax_mg ax_mps2 (and ay, az), gx_dps gx_radps (and gy, gz), mx_ut (and my, mz), "
    + "incl_x_deg incl_y_deg, temp_c, - to skip"

  /// What each column holds, from the left.
  public let columns: [Column]

  /// - Throws: `Unusable` for an unknown or repeated name, or when the columns make no sample: three accelerations, with or
  ///   without three angular rates, or an inclination.
  public init(_ text: some StringProtocol) throws(Unusable) {
    var columns: [Column] = []
    var seen: Set<Column.Quantity> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.filter { $0 != " " })
      guard let column = Self.column(name) else {
        throw Unusable(description: "'\(name)' is not a column name; known are \(Self.names)")
      }
      if column.quantity != .ignored && !seen.insert(column.quantity).inserted {
        throw Unusable(description: "the column '\(name)' repeats a quantity that another column holds")
      }
      columns.append(column)
    }
    guard columns.count <= Self.limit else {
      throw Unusable(description: "\(columns.count) columns are more than the \(Self.limit) that a line may have")
    }
    let accelerations = (0..<3).count { seen.contains(.acceleration(axis: $0)) }
    let rates = (0..<3).count { seen.contains(.angularRate(axis: $0)) }
    let fields = (0..<3).count { seen.contains(.magneticField(axis: $0)) }
    guard [accelerations, rates, fields].allSatisfy({ $0 == 0 || $0 == 3 }) else {
      throw Unusable(
        description: "an acceleration, an angular rate or a magnetic field needs all three axes, x, y and z")
    }
    guard accelerations == 3 || seen.contains(.inclinationX) else {
      throw Unusable(description: "the columns hold neither an acceleration (ax, ay, az) nor incl_x_deg")
    }
    self.columns = columns
  }

  /// The map as it is written.
  public var text: String { columns.map(\.name).joined(separator: ",") }

  /// Whether the lines carry accelerations.
  public var hasAcceleration: Bool { holds(.acceleration(axis: 0)) }
  var hasAngularRate: Bool { holds(.angularRate(axis: 0)) }
  var hasTime: Bool { holds(.time) }
  var hasMagneticField: Bool { holds(.magneticField(axis: 0)) }
  var hasTemperature: Bool { holds(.temperature) }
  var hasInclinationX: Bool { holds(.inclinationX) }
  var hasInclinationY: Bool { holds(.inclinationY) }

  /// Whether the time column is a counter of microseconds, which sketches keep in 32 bits: it begins anew after 71.6 minutes.
  var timeWraps: Bool { columns.contains { $0.quantity == .time && $0.factor == 1 } }

  /// Ticks are microseconds, whatever the column's unit.
  public var clock: DeviceClock {
    hasTime ? .clock(bits: timeWraps ? 32 : 64, nanosecondsPerTick: 1000) : .none
  }

  private func holds(_ quantity: Column.Quantity) -> Bool { columns.contains { $0.quantity == quantity } }

  /// A name of a column as it is; nil for another word.
  static func known(_ name: String) -> String? { column(name) == nil ? nil : name }

  private static func column(_ name: String) -> Column? {
    func make(_ quantity: Column.Quantity, _ factor: Double, _ decimals: Int) -> Column {
      Column(name: name, quantity: quantity, factor: factor, decimals: decimals)
    }
    switch name {
    case "-": return make(.ignored, 0, 0)
    case "t_s": return make(.time, 1e6, 6)
    case "t_ms": return make(.time, 1e3, 3)
    case "t_us": return make(.time, 1, 0)
    case "incl_x_deg": return make(.inclinationX, radiansPerDegree, 4)
    case "incl_y_deg": return make(.inclinationY, radiansPerDegree, 4)
    case "temp_c": return make(.temperature, 1, 2)
    default: break
    }
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 2, let axis = ["x", "y", "z"].firstIndex(of: parts[0].suffix(1)) else {
      return nil
    }
    switch (parts[0].prefix(1), parts[1]) {
    case ("a", "g"): return make(.acceleration(axis: axis), standardGravity, 6)
    case ("a", "mg"): return make(.acceleration(axis: axis), standardGravity / 1000, 3)
    case ("a", "mps2"): return make(.acceleration(axis: axis), 1, 6)
    case ("g", "dps"): return make(.angularRate(axis: axis), radiansPerDegree, 5)
    case ("g", "radps"): return make(.angularRate(axis: axis), 1, 7)
    case ("m", "ut"): return make(.magneticField(axis: axis), 1, 3)
    default: return nil
    }
  }
}
