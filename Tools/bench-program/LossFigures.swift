import Motion
import Pipeline
import SensorProtocols

/// Frames deleted at random places from the bytes of every protocol that carries a counter or a clock: gaps whose place and count are exact.
enum LossFigures {
  static func run() {
    var total = (exact: 0, of: 0)
    for wire in ProtocolCatalogue.rows where wire.clock != .none {
      guard let found = try? losses(wire) else { continue }
      total.exact += found.exact
      total.of += found.of
      print(
        "timebase.losses.\(wire.name) \(found.exact) of \(found.of) (gaps with place and count exact; 5 times 40 frames of 4000 deleted at random)"
      )
    }
    print(
      "timebase.losses.exact \(total.exact) of \(total.of) (all protocols with a counter or a clock that can be written)"
    )
  }

  /// Nil for a protocol that cannot be written, or whose writer leaves the time out.
  private static func losses(_ wire: ProtocolDescription) throws -> (exact: Int, of: Int)? {
    var result = (exact: 0, of: 0)
    for seed in 1...5 {
      guard var encoder = wire.makeEncoder() else { return nil }
      var random = Random(seed: UInt64(seed) + 900)
      let deleted = Set((0..<40).map { _ in 300 + Int(random.unit() * 3500) })
      var intake = SampleIntake(wire)
      var timed: [TimedSample] = []
      var kept: [Int] = []
      for number in 0..<4000 {
        var sample = SensorSample()
        sample.fields = [.acceleration, .angularRate, .orientation, .temperature]
        sample.acceleration = Vector3(0.01 * Double(number % 7), 9.8, 0.01 * Double(number % 5))
        sample.angularRate = Vector3(0.001 * Double(number % 11), 0, 0)
        sample.orientation = Quaternion(rotationVector: Vector3(0.001 * Double(number % 100), 0, 0))
        switch wire.clock {
        case .none: return nil
        case .counter(let bits):
          sample.deviceTicks = UInt64(number) & (bits == 64 ? .max : 1 << UInt64(bits) - 1)
          sample.fields.insert(.counter)
        case .clock(let bits, let unit):
          sample.deviceTicks = UInt64(number * 10_000_000 / Int(unit)) & (bits == 64 ? .max : 1 << UInt64(bits) - 1)
          sample.fields.insert(.deviceTime)
        }
        var bytes: [UInt8] = []
        encoder.encode(sample, into: &bytes)
        guard !bytes.isEmpty else { return nil }
        if deleted.contains(number) { continue }
        kept.append(number)
        let arrival = Int64((Double(number) * 0.01 / 0.016).rounded(.up) * 16_000_000)
        intake.receive(bytes.span, arrived: HostInstant(nanoseconds: 1_000_000_000 + arrival), into: &timed)
      }
      intake.finish(into: &timed)
      guard timed.count == kept.count,
        timed.contains(where: { !$0.sample.fields.isDisjoint(with: [.counter, .deviceTime]) })
      else { return nil }
      for index in 1..<kept.count {
        let missing = kept[index] - kept[index - 1] - 1
        let found = timed[index].gapBefore?.missingSamples ?? (timed[index].gapBefore == nil ? 0 : -1)
        if missing > 0 || found != 0 {
          result.of += 1
          if missing == found { result.exact += 1 }
        }
      }
    }
    return result
  }
}
