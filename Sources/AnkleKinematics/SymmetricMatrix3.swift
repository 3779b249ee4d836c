import Motion

/// A symmetric 3×3 matrix: second moments of vectors, or a covariance. The unit is that of what was put in.
public struct SymmetricMatrix3: Hashable, Sendable {
  public var xx = 0.0
  public var yy = 0.0
  public var zz = 0.0
  public var xy = 0.0
  public var xz = 0.0
  public var yz = 0.0

  /// All zero.
  public init() {}

  /// Uncorrelated: the diagonal alone.
  public init(diagonal: Vector3) {
    xx = diagonal.x
    yy = diagonal.y
    zz = diagonal.z
  }

  /// Adds `weight` · v vᵀ.
  public mutating func add(outer v: Vector3, weight: Double) {
    xx += weight * v.x * v.x
    yy += weight * v.y * v.y
    zz += weight * v.z * v.z
    xy += weight * v.x * v.y
    xz += weight * v.x * v.z
    yz += weight * v.y * v.z
  }

  /// The matrix times a column.
  public static func * (m: Self, v: Vector3) -> Vector3 {
    Vector3(
      m.xx * v.x + m.xy * v.y + m.xz * v.z, m.xy * v.x + m.yy * v.y + m.yz * v.z, m.xz * v.x + m.yz * v.y + m.zz * v.z)
  }

  /// vᵀ M v: for a covariance the variance of v's scalar product with the quantity.
  public func form(_ v: Vector3) -> Double { v.dot(self * v) }

  /// Its eigenvalues, greatest first, with unit eigenvectors whose sign is arbitrary.
  ///
  /// Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5): exact for the small and the nearly equal, and six sweeps end below
  /// rounding for any 3×3 matrix.
  public var eigen: (values: Vector3, vectors: (Vector3, Vector3, Vector3)) {
    var a = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
    var v = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]
    for _ in 0..<12 {
      guard abs(a[0][1]) + abs(a[0][2]) + abs(a[1][2]) > 0 else { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let ratio = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<3 {
          (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
        }
        for k in 0..<3 {
          (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
          (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q])
        }
      }
    }
    let order = [0, 1, 2].sorted { a[$0][$0] > a[$1][$1] }
    func vector(_ i: Int) -> Vector3 { Vector3(v[0][order[i]], v[1][order[i]], v[2][order[i]]) }
    return (
      Vector3(a[order[0]][order[0]], a[order[1]][order[1]], a[order[2]][order[2]]), (vector(0), vector(1), vector(2))
    )
  }
}
