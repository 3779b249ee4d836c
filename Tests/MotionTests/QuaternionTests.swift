import Foundation
import Motion
import TestKit
import Testing

@Suite("Quaternions")
struct QuaternionTests {
  @Test("The product is Hamilton's: i j = k, j k = i, k i = j, and i i = -1")
  func hamilton() {
    let i = Quaternion(w: 0, x: 1, y: 0, z: 0)
    let j = Quaternion(w: 0, x: 0, y: 1, z: 0)
    let k = Quaternion(w: 0, x: 0, y: 0, z: 1)
    #expect(i * j == k)
    #expect(j * k == i)
    #expect(k * i == j)
    #expect(i * i == Quaternion(w: -1, x: 0, y: 0, z: 0))
  }

  @Test("A quarter turn about z takes x to y: the right-hand rule")
  func rightHand() {
    let q = Quaternion(angle: .pi / 2, axis: Vector3(0, 0, 1))
    #expect(distance(q.rotate(Vector3(1, 0, 0)), Vector3(0, 1, 0)) < 1e-15)
  }

  @Test("Rotating is q v q*, keeps lengths and angles, and products apply the right factor first")
  func rotation() {
    var random = RandomSource(seed: 11)
    for _ in 0..<500 {
      let a = anyRotation(&random)
      let b = anyRotation(&random)
      let v = anyVector(&random)
      let u = anyVector(&random)
      let sandwich = a * Quaternion(w: 0, x: v.x, y: v.y, z: v.z) * a.conjugate
      #expect(distance(a.rotate(v), Vector3(sandwich.x, sandwich.y, sandwich.z)) < 1e-13)
      #expect(distance((a * b).rotate(v), a.rotate(b.rotate(v))) < 1e-13)
      #expect(distance(a.conjugate.rotate(a.rotate(v)), v) < 1e-13)
      #expect(abs(a.rotate(v).dot(a.rotate(u)) - v.dot(u)) < 1e-12)
      #expect(distance(a.rotate(v.cross(u)), a.rotate(v).cross(a.rotate(u))) < 1e-12)
    }
  }

  @Test("A rotation vector turns by its length about its direction, without a step where the series takes over")
  func rotationVector() {
    var random = RandomSource(seed: 12)
    for exponent in stride(from: -12.0, through: 0.4, by: 0.1) {
      let angle = pow(10, exponent)
      let axis = anyVector(&random).normalized!
      let q = Quaternion(rotationVector: axis * angle)
      #expect(abs(q.lengthSquared - 1) < 4e-16)
      #expect(abs(q.w - cos(angle / 2)) < 2e-16)
      let half = Vector3(q.x, q.y, q.z).length
      #expect(abs(half / sin(angle / 2) - 1) < 1e-14)
      #expect(distance(Vector3(q.x, q.y, q.z) / half, axis) < 1e-14)
    }
    #expect(Quaternion(rotationVector: .zero) == .identity)
  }

  @Test("The shortest rotation takes one direction to the other, also where they are nearly opposite")
  func fromTo() {
    var random = RandomSource(seed: 13)
    for _ in 0..<300 {
      let from = anyVector(&random).normalized!
      let to = anyVector(&random).normalized!
      let q = Quaternion(from: from, to: to)
      #expect(distance(q.rotate(from), to) < 1e-13)
      // Shortest: its axis is across both.
      #expect(abs(Vector3(q.x, q.y, q.z).dot(from)) < 1e-13)
      #expect(Quaternion(from: from, to: from).rotate(to).dot(to) > 1 - 1e-15)
      for small in [0, 1e-9, 1e-8, 1e-7, 3e-7, 1e-6, 1e-5, 2e-5, 1e-4, 1e-3] {
        let across = from.cross(to).normalized!
        let nearlyOpposite = Quaternion(angle: .pi - small, axis: across).rotate(from)
        let turned = Quaternion(from: from, to: nearlyOpposite)
        #expect(distance(turned.rotate(from), nearlyOpposite) < 2e-7, "\(small) rad from opposite")
        #expect(abs(turned.lengthSquared - 1) < 1e-14)
      }
    }
  }

  @Test("The columns of a rotation give it back, in every branch of Shepperd's method")
  func columns() {
    var random = RandomSource(seed: 14)
    var rotations = (0..<300).map { _ in anyRotation(&random) }
    // Half turns about each axis and between them: the trace is at its least there.
    for axis in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1), Vector3(1, 1, 1), Vector3(-1, 2, 0.5)] {
      rotations.append(Quaternion(angle: .pi, axis: axis.normalized!))
      rotations.append(Quaternion(angle: .pi - 1e-9, axis: axis.normalized!))
    }
    for q in rotations {
      let again = Quaternion(
        columns: q.rotate(Vector3(1, 0, 0)), q.rotate(Vector3(0, 1, 0)), q.rotate(Vector3(0, 0, 1)))
      #expect(sameRotation(q, again) < 1e-14)
    }
  }

  @Test("Yaw, pitch and roll turn about z, then the new y, then the new x")
  func euler() {
    let (yaw, pitch, roll) = (0.7, -0.4, 1.1)
    let q = Quaternion(yaw: yaw, pitch: pitch, roll: roll)
    // The matrix of z-y'-x'' angles, first column and last row, as textbooks print it.
    let x = q.rotate(Vector3(1, 0, 0))
    #expect(distance(x, Vector3(cos(yaw) * cos(pitch), sin(yaw) * cos(pitch), -sin(pitch))) < 1e-15)
    #expect(
      distance(q.verticalInSource, Vector3(-sin(pitch), cos(pitch) * sin(roll), cos(pitch) * cos(roll))) < 1e-15)
  }

  @Test("The vertical in the source frame is what the opposite rotation makes of the vertical")
  func vertical() {
    var random = RandomSource(seed: 15)
    for _ in 0..<200 {
      let q = anyRotation(&random)
      #expect(distance(q.verticalInSource, q.conjugate.rotate(Vector3(0, 0, 1))) < 1e-14)
    }
  }

  @Test("What has no length or is not finite normalises to the identity")
  func normalizing() {
    #expect(Quaternion(w: 0, x: 0, y: 0, z: 0).normalized == .identity)
    #expect(Quaternion(w: .nan, x: 0, y: 0, z: 0).normalized == .identity)
    #expect(Quaternion(w: .infinity, x: 0, y: 0, z: 0).normalized == .identity)
    #expect(Quaternion(w: 0, x: 3, y: 0, z: 4).normalized == Quaternion(w: 0, x: 0.6, y: 0, z: 0.8))
    #expect(!Quaternion(w: 1, x: .nan, y: 0, z: 0).isFinite)
  }
}

func anyVector(_ random: inout RandomSource) -> Vector3 {
  Vector3(random.unit() * 2 - 1, random.unit() * 2 - 1, random.unit() * 2 - 1)
}

func anyRotation(_ random: inout RandomSource) -> Quaternion {
  Quaternion(
    w: random.unit() * 2 - 1, x: random.unit() * 2 - 1, y: random.unit() * 2 - 1, z: random.unit() * 2 - 1
  ).normalized
}

func distance(_ a: Vector3, _ b: Vector3) -> Double { (a - b).length }

/// How far two quaternions are apart as rotations: q and −q are one.
func sameRotation(_ a: Quaternion, _ b: Quaternion) -> Double {
  let p = a.conjugate * b
  return Vector3(p.x, p.y, p.z).length
}
