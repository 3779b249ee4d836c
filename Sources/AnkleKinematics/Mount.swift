import Motion

/// How the sensor sits on the shank: where its axes point.
///
/// Written `y=proximal,z=anterior`: two sensor axes, each with the direction of the body it points to; the third
/// follows from the right-hand rule. A minus sign turns an axis around: `-x=anterior` says the same as `x=posterior`.
public struct Mount: Hashable, Sendable {
  /// Takes sensor components to shank components (B: x anterior, y proximal, z to the subject's right).
  public let shankFromSensor: Quaternion
  /// The words it was made from, in a normal form, for recordings and reports.
  public let text: String

  /// Directions of the body that a sensor axis can point to. `medial` and `lateral` depend on the side, so they are not
  /// among them: a mount must mean the same on both legs, or say which.
  public enum Direction: String, CaseIterable, Sendable {
    case anterior, posterior, proximal, distal, right, left

    var inShank: Vector3 {
      switch self {
      case .anterior: Vector3(1, 0, 0)
      case .posterior: Vector3(-1, 0, 0)
      case .proximal: Vector3(0, 1, 0)
      case .distal: Vector3(0, -1, 0)
      case .right: Vector3(0, 0, 1)
      case .left: Vector3(0, 0, -1)
      }
    }

    var opposite: Direction {
      switch self {
      case .anterior: .posterior
      case .posterior: .anterior
      case .proximal: .distal
      case .distal: .proximal
      case .right: .left
      case .left: .right
      }
    }
  }

  /// Why a text is not a mount, in words for the person who wrote it.
  public struct Unusable: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  /// - Throws: `Unusable` when the text is not two sensor axes with two perpendicular directions.
  public init(_ text: String) throws(Unusable) {
    var images: [Int: Direction] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw Unusable(description: "'\(part)' is not of the form AXIS=DIRECTION, such as y=proximal")
      }
      var axisName = sides[0].filter { $0 != " " }.lowercased()
      let turned = axisName.hasPrefix("-")
      if turned || axisName.hasPrefix("+") { axisName.removeFirst() }
      guard let axis = ["x", "y", "z"].firstIndex(of: axisName) else {
        throw Unusable(
          description: "'\(sides[0])' is not a sensor axis: x, y or z, with a minus sign if it points away")
      }
      let directionName = sides[1].filter { $0 != " " }.lowercased()
      guard let direction = Direction(rawValue: directionName) else {
        throw Unusable(
          description: "'\(sides[1])' is not a direction: "
            + Direction.allCases.map(\.rawValue).joined(separator: ", "))
      }
      guard images[axis] == nil else { throw Unusable(description: "the axis \(axisName) is given twice") }
      images[axis] = turned ? direction.opposite : direction
    }
    guard images.count >= 2 else {
      throw Unusable(description: "a mount needs two axes, such as y=proximal,z=anterior")
    }
    let given = images.sorted { $0.key < $1.key }
    let (first, second) = (given[0], given[1])
    guard first.value.inShank.dot(second.value.inShank) == 0 else {
      throw Unusable(
        description: "\(first.value.rawValue) and \(second.value.rawValue) lie on one line: two axes of a sensor do not"
      )
    }
    // In cyclic order (x,y) (y,z) (z,x) the cross product gives the third axis; (x,z) gives its opposite.
    let third = 3 - first.key - second.key
    let cross = first.value.inShank.cross(second.value.inShank)
    let thirdImage = (first.key + 1) % 3 == second.key ? cross : -cross
    var columns = [Vector3](repeating: .zero, count: 3)
    columns[first.key] = first.value.inShank
    columns[second.key] = second.value.inShank
    columns[third] = thirdImage
    if given.count == 3, given[2].value.inShank.dot(columns[2]) == 0 {
      throw Unusable(
        description: "\(given[2].value.rawValue) lies on one line with another axis: three axes of a sensor do not")
    }
    if given.count == 3, given[2].value.inShank != columns[2] {
      throw Unusable(description: "the three directions make a left-handed sensor: one of them is turned around")
    }
    self.shankFromSensor = Quaternion(columns: columns[0], columns[1], columns[2])
    let names = ["x", "y", "z"]
    self.text = "\(names[first.key])=\(first.value.rawValue),\(names[second.key])=\(second.value.rawValue)"
  }
}
