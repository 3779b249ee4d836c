import CaptureImport
import Motion
import TestKit
import Testing

@Suite struct TimeAndUnitTests {
  static func table(times: [Double], header: String = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2") -> String {
    header + "\n" + times.map { "\($0),0,0,9.81\n" }.joined()
  }

  @Test func repeatedAndBackwardStampsAreLeftOutAndCounted() throws {
    var times = (0..<100).map { Double($0) / 100 }
    times.insert(0.5, at: 51)
    times.insert(0.2, at: 61)
    let capture = try read(Self.table(times: times))
    #expect(capture.samples.count == 100 && capture.rejectedRows == 2 && capture.gaps.isEmpty)
    #expect(capture.notes.contains { $0.contains("2 rows left out") && $0.contains("line 53") })
  }

  @Test func aTimeThatDoesNotRecoverIsRefused() {
    let times = (0..<40).map { 100 + Double($0) / 100 } + (0..<60).map { 90 - Double($0) / 100 }
    #expect(refusal(Self.table(times: times))?.kind == .unusableTime)
  }

  /// Steps too small for a nanosecond, and stamps beyond thirty years: left out, never equal times.
  @Test func stepsThatNoClockHasAreLeftOut() throws {
    let times = (0..<50).map { Double($0) / 100 } + [0.49000000000001, 0.49000000000002, 1e30]
    let capture = try read(Self.table(times: times))
    #expect(capture.samples.count == 50 && capture.rejectedRows == 3)
  }

  @Test func holesAreCountedByTheNominalStep() throws {
    let kept = (0..<200).filter { !(50...52).contains($0) && $0 != 120 }
    let capture = try read(Self.table(times: kept.map { 417 + Double($0) / 100 }))
    #expect(capture.gaps.map(\.missingSamples) == [3, 1])
    #expect(capture.gaps[0].start == SessionTime(nanoseconds: 490_000_000))
    #expect(abs((capture.rate ?? 0) - 100) < 1e-6)
  }

  /// Jitter of a third of a step, and single losses: the losses are found, the jitter is not taken for any.
  @Test func jitterIsNoGap() throws {
    var random = RandomSource(seed: 41)
    var times: [Double] = []
    for index in 0..<2000 where index % 250 != 249 {
      times.append(Double(index) / 100 + Double.random(in: -0.001...0.001, using: &random))
    }
    let capture = try read(Self.table(times: times))
    #expect(capture.gaps.count == 7 && capture.gaps.allSatisfy { $0.missingSamples == 1 })
  }

  /// Bursts of ten every tenth of a second, as a wireless link delivers them; a pause of a second is the only hole.
  @Test func burstsOfArrivalAreNoGaps() throws {
    var random = RandomSource(seed: 42)
    var times: [Double] = []
    for burst in 0..<200 {
      let start = Double(burst) * 0.1 + (burst >= 100 ? 1 : 0) + Double.random(in: 0...0.01, using: &random)
      for index in 0..<10 { times.append(start + Double(index) * 0.001) }
    }
    let capture = try read(Self.table(times: times))
    #expect(capture.gaps.count == 1 && abs(capture.gaps[0].end.seconds - 11.0) < 0.2)
    #expect(abs((capture.rate ?? 0) - 100) < 0.5)
    #expect(capture.notes.contains { $0.contains("those of arrival") })
  }

  @Test func epochsKeepTheirResolution() throws {
    let stamps = (0..<50).map { 1_679_068_247_354_694_100 + Int64($0) * 20_000_000 }
    let capture = try read(
      "time (ns),acc_x_mps2,acc_y_mps2,acc_z_mps2\n" + stamps.map { "\($0),0,0,9.81\n" }.joined())
    #expect(capture.samples.count == 50)
    for (index, sample) in capture.samples.enumerated() {
      // A Double of 1.7e18 is exact to 256 ns.
      #expect(abs(sample.time.nanoseconds - Int64(index) * 20_000_000) <= 256)
    }
  }

  @Test(arguments: [(1.0, "s", 0.01), (1e3, "ms", 10), (1e6, "µs", 10_000), (1e9, "ns", 10_000_000)])
  func anUnsaidTimeUnitIsFoundByItsStep(_ factor: Double, _ unit: String, _ step: Double) throws {
    let times = (0..<50).map { Double($0) * step }
    let capture = try read(Self.table(times: times, header: "timestamp,acc_x_mps2,acc_y_mps2,acc_z_mps2"))
    #expect(abs((capture.rate ?? 0) - 100) < 1e-6)
    #expect(capture.notes.contains { $0.contains("makes it \(unit)") })
  }

  @Test func anUndecidedTimeUnitIsRefused() {
    let times = (0..<50).map { Double($0) }
    let error = refusal(Self.table(times: times, header: "time,acc_x_mps2,acc_y_mps2,acc_z_mps2"))
    #expect(error?.kind == .unusableTime && error?.reason.contains("'time'") == true)
  }

  @Test func withoutTimeARateIsNeeded() throws {
    let text =
      "acc_x_mps2,acc_y_mps2,acc_z_mps2\n" + String(repeating: "0,0,9.81\n", count: 20) + "0,x,9.81\n0,0,9.81\n"
    let error = refusal(text)
    #expect(error?.kind == .noTime && error?.reason.contains("--rate HZ") == true && error?.position?.line == 1)
    let capture = try read(text, rate: 50)
    #expect(capture.timeSource == .row && capture.rate == 50 && capture.samples.count == 21)
    #expect(capture.samples.last?.time == SessionTime(seconds: 21.0 / 50))
    #expect(capture.gaps.map(\.missingSamples) == [1])
    #expect(refusal(text, rate: 0)?.kind == .noTime)
    #expect(refusal(text, rate: .nan)?.kind == .noTime)
    #expect(refusal(text, rate: 1e-300)?.kind == .noTime)
  }

  @Test(arguments: [("9.81", "m/s²"), ("1.0", "g"), ("-1002", "mg")])
  func anUnsaidAccelerationUnitIsFoundByGravity(_ value: String, _ unit: String) throws {
    let capture = try read("t_s,AccX,AccY,AccZ\n" + (0..<50).map { "\(Double($0) / 50),0,\(value),0\n" }.joined())
    #expect(abs(capture.samples[0].sample.acceleration.length / standardGravity - 1) < 0.01)
    #expect(capture.notes.contains { $0.hasSuffix("makes it \(unit)") })
  }

  @Test func unitsThatCanNotBeKnownAreRefused() {
    func error(_ header: String, _ values: String) -> ImportError? {
      refusal(header + "\n" + (0..<50).map { "\(Double($0) / 50),\(values)\n" }.joined())
    }
    #expect(error("t_s,AccX,AccY,AccZ", "0,64,0")?.kind == .unusableUnit)
    #expect(error("t_s,FreeAcc_X,FreeAcc_Y,FreeAcc_Z", "0,0,0.1")?.kind == .gravityRemoved)
  }

  @Test func aGyroscopeWhoseUnitNothingTellsIsLeftOutAndSaid() throws {
    func capture(_ rate: String, _ options: ImportOptions = ImportOptions()) throws -> Capture {
      let text =
        "t_s,acc_x_g,acc_y_g,acc_z_g,GyroX,GyroY,GyroZ\n"
        + (0..<60).map { "\(Double($0) / 50),0,0,1,\(rate)\n" }.joined()
      return try readCapture(BytesSource(name: "test.csv", bytes: Array(text.utf8)), options: options)[0]
    }
    let unknown = try capture("0.05,0.05,0.05")
    #expect(unknown.fields == [.acceleration])
    #expect(unknown.notes.contains { $0.contains("'GyroX'") && $0.contains("--units gyro=deg/s") })
    let told = try capture("0.05,0.05,0.05", ImportOptions(units: ["gyro": "deg/s"]))
    #expect(told.fields == [.acceleration, .angularRate])
    #expect(abs(told.samples[0].sample.angularRate.x - 0.05 * radiansPerDegree) < 1e-15)
    // Four rad/s at rest are no offset; four deg/s may be one.
    #expect(abs(try capture("2,3,4").samples[0].sample.angularRate.z - 4 * radiansPerDegree) < 1e-15)
  }

  @Test func aQuaternionAloneIsTakenAsItIsUsual() throws {
    let capture = try read("t_s,qw,qx,qy,qz\n" + (0..<50).map { "\(Double($0) / 50),1,0,0,0\n" }.joined())
    #expect(capture.fields == [.orientation])
    #expect(capture.notes.contains { $0.contains("taken as sensor to earth") })
  }

  @Test func sensorsSideBySideAreOneCaptureEach() throws {
    let text =
      "t_s,left_acc_x,left_acc_y,left_acc_z,right_acc_x,right_acc_y,right_acc_z\n"
      + (0..<50).map { "\(Double($0) / 50),0,0,1,0,1,0\n" }.joined()
    let source = BytesSource(name: "test.csv", bytes: Array(text.utf8))
    let captures = try readCapture(source)
    #expect(captures.map(\.sensor) == ["left", "right"])
    for choice in ["right", "RIG", "2"] {
      let chosen = try readCapture(source, options: ImportOptions(sensor: choice))
      #expect(chosen.count == 1 && sameData(chosen[0], captures[1]))
    }
    do throws(ImportError) {
      _ = try readCapture(source, options: ImportOptions(sensor: "foot"))
      Issue.record("read")
    } catch {
      #expect(error.kind == .noSuchSensor && error.reason.contains("'left', 'right'"))
    }
  }

  @Test func aUnitThatGravityContradictsIsReplacedAndSaid() throws {
    let capture = try read(
      "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2\n" + (0..<50).map { "\(Double($0) / 50),0,1.0,0\n" }.joined())
    #expect(abs(capture.samples[0].sample.acceleration.y - standardGravity) < 1e-9)
    #expect(capture.notes.contains { $0.contains("says mps2") && $0.contains("is 1.0 in that unit") })
  }

  @Test func inclinometerColumns() throws {
    let capture = try read("t_s,incl_x_deg,incl_y_deg\n0,10,-20\n0.1,30,40\n0.2,30,40\n")
    #expect(capture.fields == [.inclinationX, .inclinationY])
    #expect(abs(capture.samples[1].sample.inclinationX - .pi / 6) < 1e-12)
    #expect(abs(capture.samples[0].sample.inclinationY + .pi / 9) < 1e-12)
  }

  /// A sensor tilted by 60° about x: gravity tells the quaternion from its inverse.
  @Test func gravityTellsWhichWayAQuaternionTurns() throws {
    let up = "0,\(standardGravity * 0.75.squareRoot()),\(standardGravity * 0.5)"
    let half = 0.75.squareRoot()
    for sign in [1.0, -1.0] {
      let capture = try read(
        "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,qw,qx,qy,qz\n"
          + (0..<50).map { "\(Double($0) / 50),\(up),\(half),\(sign * 0.5),0,0\n" }.joined())
      #expect(capture.fields.contains(.orientation))
      let sample = capture.samples[0].sample
      #expect(sample.orientation.rotate(sample.acceleration).z > 9.8)
    }
  }

  /// The numbers of one unit under the name of another: what is said cannot be, what fits is taken and said.
  @Test(arguments: [
    ("g", 1.0, "m/s²"), ("mg", 1.0, "m/s²"), ("g", standardGravity / 1000, "mg"), ("m/s^2", standardGravity, "g"),
  ])
  func aFalseUnitOfTheAcceleration(_ said: String, _ unit: Double, _ true: String) throws {
    let capture = try read(
      MovingLeg.file("time (s),acc x (\(said)),acc y (\(said)),acc z (\(said))") { ["\($0.time)"] + $0.acc(unit) })
    #expect(abs(capture.samples[500].sample.acceleration.length - standardGravity) < 0.1)
    #expect(capture.notes.contains { $0.contains("the file says \(said)") && $0.hasSuffix("gravity, in \(`true`)") })
  }

  @Test func whatFitsNoUnitIsRefusedWithTheNextStep() {
    func reason(_ factor: Double) -> String? {
      refusal(MovingLeg.file("time_s,acc_x,acc_y,acc_z") { ["\($0.time)"] + $0.acc(1 / factor) })?.reason
    }
    #expect(reason(0.01)?.contains("export the acceleration with gravity") == true)
    #expect(reason(1e6)?.contains("lost the decimal marks") == true)
    #expect(reason(30)?.contains("--units acc=") == true)
  }

  @Test func aScaleErrorIsSaidOfAnUnsaidUnitToo() throws {
    let capture = try read(MovingLeg.file("time_s,acc_x,acc_y,acc_z") { ["\($0.time)"] + $0.acc(1 / 1.08) })
    #expect(capture.notes.contains { $0.contains("10.59 m/s²") && $0.contains("scale error") })
  }
}
