import Motion
import TestKit
import Testing

@Suite("Vectors, times and samples")
struct ValueTests {
  @Test("The cross product is right-handed and across both factors")
  func cross() {
    #expect(Vector3(1, 0, 0).cross(Vector3(0, 1, 0)) == Vector3(0, 0, 1))
    var random = RandomSource(seed: 21)
    for _ in 0..<100 {
      let a = anyVector(&random)
      let b = anyVector(&random)
      let c = a.cross(b)
      #expect(abs(c.dot(a)) < 1e-15 && abs(c.dot(b)) < 1e-15)
      // Lagrange's identity.
      #expect(abs(c.lengthSquared - (a.lengthSquared * b.lengthSquared - a.dot(b) * a.dot(b))) < 1e-14)
    }
  }

  @Test("A vector without a direction has no unit vector")
  func normalized() {
    #expect(Vector3(3, 0, -4).normalized == Vector3(0.6, 0, -0.8))
    #expect(Vector3.zero.normalized == nil)
    #expect(Vector3(.nan, 1, 1).normalized == nil)
    #expect(Vector3(.infinity, 1, 1).normalized == nil)
    #expect(Vector3(1e-13, 0, 0).normalized == nil)
    #expect(!Vector3(0, .infinity, 0).isFinite)
  }

  @Test("Session time is the nearest nanosecond; what is no time becomes zero instead of a trap")
  func sessionTime() {
    #expect(SessionTime(seconds: 1.234_567_890_4).nanoseconds == 1_234_567_890)
    #expect(SessionTime(seconds: -0.000_000_001_6).nanoseconds == -2)
    #expect(SessionTime(seconds: .nan) == .zero)
    #expect(SessionTime(seconds: .infinity) == .zero)
    #expect(SessionTime(seconds: 1e300) == .zero)
    #expect(SessionTime(nanoseconds: 2_500_000_000).seconds(since: SessionTime(nanoseconds: 1_000_000_000)) == 1.5)
    #expect(SessionTime(nanoseconds: 1) < SessionTime(nanoseconds: 2))
  }

  @Test("Host instants at the ends of their range are subtracted without a trap")
  func hostInstant() {
    let latest = HostInstant(nanoseconds: .max)
    let earliest = HostInstant(nanoseconds: .min)
    #expect(latest.seconds(since: earliest).isFinite)
    #expect(HostInstant(nanoseconds: 3_000_000_000).seconds(since: HostInstant(nanoseconds: 500_000_000)) == 2.5)
  }

  @Test("Each field and each flag of a sample has its own bit")
  func bits() {
    let fields: [SensorSample.Fields] = [
      .acceleration, .angularRate, .magneticField, .orientation, .eulerAngles, .inclinationX, .inclinationY,
      .temperature, .counter, .deviceTime,
    ]
    #expect(Set(fields.map(\.rawValue)).count == fields.count)
    #expect(fields.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    let flags: [SensorSample.Flags] = [.saturated, .stale, .implausible, .unchecked, .afterLoss]
    #expect(Set(flags.map(\.rawValue)).count == flags.count)
    #expect(flags.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    #expect(SensorSample().fields.isEmpty && SensorSample().flags.isEmpty)
  }

  @Test("Degrees and radians are each other's inverse")
  func units() {
    #expect(abs(degreesPerRadian * radiansPerDegree - 1) < 1e-15)
    #expect(abs(180 * radiansPerDegree - .pi) < 1e-15)
  }
}
