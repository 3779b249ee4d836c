import CaptureImport
import Motion
import Testing

/// What is doubtful of the gyroscope is told apart: a wrong unit, a wrong rate, a wrong sign.
@Suite struct GyroscopeDoubtTests {
  private func notes(rate: Double? = nil, _ gyroscope: (MovingLeg.Moment) -> [String]) throws -> [String] {
    let text = MovingLeg.file("time_s,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps") {
      [MovingLeg.Moment.text($0.time)] + $0.acc(standardGravity) + gyroscope($0)
    }
    return try read(text, rate: rate).notes.filter { $0.contains("gravity") }
  }

  @Test func nothingIsSaidOfAGoodOne() throws { #expect(try notes { $0.gyr(degree) }.isEmpty) }

  @Test func aWrongSign() throws {
    let said = try notes { moment in
      let rates = moment.gyr(degree)
      return [rates[0].hasPrefix("-") ? String(rates[0].dropFirst()) : "-" + rates[0], rates[1], rates[2]]
    }
    #expect(said.count == 1 && said[0].contains("sign of the x axis"), "\(said)")
  }

  /// Where the file says no unit, gravity tells it whatever the sign, and then the sign is told, too.
  @Test func aWrongSignInAnUnknownUnit() throws {
    for (unit, name) in [(1.0, "rad/s"), (degree, "deg/s")] {
      let text = MovingLeg.file("time_s,ax,ay,az,gx,gy,gz") { moment in
        [MovingLeg.Moment.text(moment.time)] + moment.acc() + moment.rate.map { MovingLeg.Moment.text(-$0 / unit) }
      }
      let notes = try read(text).notes
      #expect(notes.contains { $0.contains("it is \(name)") } && notes.contains { $0.contains("sign of the x axis") })
    }
  }

  @Test(arguments: [39.0, 256.0]) func aWrongRateIsNoWrongSign(_ rate: Double) throws {
    let said = try notes(rate: rate) { $0.gyr(degree) }
    #expect(said.count == 1 && said[0].contains("times as fast") && !said[0].contains("sign"), "\(said)")
  }

  @Test func aWrongUnit() throws {
    #expect(try notes { $0.gyr() }.map { $0.contains("rad/s and not deg/s") } == [true])
  }

  /// Steps that shake the sensor turn the acceleration's direction against the gyroscope: nothing is claimed of its sign.
  @Test func shocksAreNoTurns() throws {
    let text = MovingLeg.file("time_s,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps") { moment in
      let shock = moment.index % 20 < 10 ? 0.9 : -0.9
      let rate = moment.index % 20 < 10 ? -300 : 300
      return [MovingLeg.Moment.text(moment.time), "0", "0.8", MovingLeg.Moment.text(shock), "\(-rate)", "0", "0"]
    }
    // At rest it is near gravity, so that the shocks are seen for what they are.
    let rest = (0..<400).map { "\(MovingLeg.Moment.text(Double($0 - 400) / 100)),0,1,0.000\($0 % 10),0,0,0\n" }.joined()
    let cut = text.firstIndex(of: "\n")!
    let capture = try read(String(text[...cut]) + rest + String(text[cut...].dropFirst()))
    #expect(!capture.notes.contains { $0.contains("sign") }, "\(capture.notes)")
  }
}
