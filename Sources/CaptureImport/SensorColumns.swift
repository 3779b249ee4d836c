/// The columns of one sensor in a table, as the names tell them.
struct SensorColumns {
  /// Three columns of one vector.
  struct Vector {
    var columns: ColumnMap.Triple
    /// As messages name them.
    var names: String
    /// As the file says it; nil when it does not.
    var unit: String?
  }

  /// What tells the sensor from others of the table; empty where there is one.
  var name: String
  /// Its columns are called x, y and z: that they are an acceleration is a guess, which gravity has to prove.
  var isBare = false
  var acceleration: Vector?
  /// An acceleration without gravity.
  var linear: Vector?
  /// The gravity that was taken out of it.
  var gravity: Vector?
  var angularRate: Vector?
  var magneticField: Vector?
  /// w, x, y, z.
  var quaternion: [Int]?
  /// Roll, pitch, yaw, with the factor to radians.
  var eulerAngles: ColumnMap.Triple?
  /// Column and factor to radians of an inclinometer's x and y axis.
  var inclination: [(column: Int, scale: Double)?] = [nil, nil]
  var temperature: Int?

  /// Whether an angle can be made from it, or could if gravity were in it.
  var holdsAnything: Bool {
    acceleration != nil || linear != nil || quaternion != nil || eulerAngles != nil
      || inclination.contains { $0 != nil }
  }
}
