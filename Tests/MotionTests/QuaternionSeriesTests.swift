import Motion
import RealModule
import Testing

@Suite struct QuaternionSeriesTests {
  @Test func theSeriesAgreesWithTheFunctionsToTheLastBits() {
    for step in 1...2000 {
      let angle = Double(step) * 1e-4
      let q = Quaternion(rotationVector: Vector3(0, angle, 0))
      #expect(abs(q.y - Double.sin(angle / 2)) <= 2e-17 && abs(q.w - Double.cos(angle / 2)) <= 2.3e-16, "\(angle) rad")
      #expect(abs(q.lengthSquared - 1) < 5e-16)
    }
  }
}
