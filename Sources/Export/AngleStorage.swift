import DecimalText
import Motion
import Pipeline

/// Angles as OpenSim stores motions (`.sto`): what `talus convert --to sto` writes. Degrees; `tibia_pitch_l` or `_r` is the
/// tibial inclination, forward positive, a column of Talus's own (no coordinate of a model). `ankle_angle_l` or `_r`, dorsiflexion
/// positive as OpenSim's, is there only where a foot sensor measured it: with the foot flat it would be an assumption.
public struct AngleStorage: Sendable {
  /// Which of the columns there are, and how many rows, known before the first row is written.
  public struct Shape: Sendable, Equatable {
    public var rows = 0
    public var hasAnkle = false

    public init() {}

    /// Takes a reading into account.
    public mutating func add(_ reading: Reading) {
      guard reading.tibialInclination.isFinite else { return }
      rows += 1
      if reading.footPitch.isFinite { hasAnkle = true }
    }
  }

  private let shape: Shape
  private let side: String

  /// - Parameter side: `l` or `r`; nil where it is not known: the columns' names then say no side.
  public init(_ shape: Shape, side: String?) {
    self.shape = shape
    self.side = side.map { "_\($0)" } ?? ""
  }

  /// The lines above the table, and the names of its columns.
  public func appendHead(to text: inout TextBuffer) {
    text.append("talus tibial inclination\nversion=1\nnRows=")
    text.append(integer: shape.rows)
    text.append("\nnColumns=")
    text.append(integer: shape.hasAnkle ? 3 : 2)
    text.append("\ninDegrees=yes\nendheader\ntime\ttibia_pitch")
    text.append(text: side)
    if shape.hasAnkle {
      text.append("\tankle_angle")
      text.append(text: side)
    }
    text.append("\n")
  }

  /// The row of a reading; nothing for one without an inclination. An ankle angle that is not known at this moment is `nan`.
  public func append(_ reading: Reading, to text: inout TextBuffer) {
    guard reading.tibialInclination.isFinite else { return }
    text.append(secondsFromNanoseconds: reading.time.nanoseconds)
    text.append("\t")
    text.append(fixed: reading.tibialInclination * degreesPerRadian, decimals: 5)
    if shape.hasAnkle {
      text.append("\t")
      let angle = (reading.tibialInclination - reading.footPitch) * degreesPerRadian
      if angle.isFinite { text.append(fixed: angle, decimals: 5) } else { text.append("nan") }
    }
    text.append("\n")
  }
}
