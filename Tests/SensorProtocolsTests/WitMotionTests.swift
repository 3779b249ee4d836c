import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("WitMotion standard protocol")
struct WitMotionTests {
  /// A frame of the type with three words and a fourth.
  private func frame(_ type: UInt8, _ words: [Int16] = [100, -200, 300, 2500]) -> [UInt8] {
    var bytes: [UInt8] = [0x55, type]
    for word in words { bytes += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)] }
    return bytes + [bytes.reduce(0, &+)]
  }

  /// Frames of these types, with words that never repeat.
  private func frames(_ types: [UInt8]) -> [UInt8] {
    types.enumerated().flatMap { frame($0.element, [Int16($0.offset) + 1, -200, 300, 2500]) }
  }

  private func fields(_ samples: [SensorSample]) -> [SensorSample.Fields] { samples.map(\.fields) }

  private let imu: SensorSample.Fields = [.acceleration, .temperature, .angularRate, .eulerAngles]

  @Test("A cycle is emitted at once with its last type, as soon as one cycle has shown which that is")
  func lowLatency() throws {
    var decoder = try ProtocolCatalogue.find("witmotion").makeDecoder()
    var samples: [SensorSample] = []
    var counts: [Int] = []
    for type in [0x51, 0x52, 0x53, 0x51, 0x52, 0x53, 0x51, 0x52, 0x53] as [UInt8] {
      decoder.consume(frame(type).span, arrived: HostInstant(nanoseconds: Int64(counts.count)), into: &samples)
      counts.append(samples.count)
    }
    #expect(counts == [0, 0, 0, 1, 1, 2, 2, 2, 3])
    #expect(fields(samples) == [imu, imu, imu])
    // Each says when its own last frame came, also the first, that was given out later.
    #expect(samples.map(\.arrived.nanoseconds) == [2, 5, 8])
  }

  @Test("Another set of types is learnt again, larger, smaller or alone")
  func relearning() throws {
    let grown = try decode("witmotion", frames([0x51, 0x52, 0x51, 0x52, 0x51, 0x52, 0x59, 0x51, 0x52, 0x59, 0x51]))
    let pair: SensorSample.Fields = [.acceleration, .temperature, .angularRate]
    // The first quaternion comes after its cycle was closed; from then on it belongs to it.
    #expect(
      fields(grown.samples) == [
        pair, pair, pair, .orientation, pair.union(.orientation), [.acceleration, .temperature],
      ])
    let shrunk = try decode("witmotion", frames([0x51, 0x52, 0x53, 0x51, 0x52, 0x53, 0x51, 0x52, 0x51, 0x52]))
    #expect(fields(shrunk.samples) == [imu, imu, pair, pair])
    let alone = try decode("witmotion", frames([0x53, 0x53, 0x53]), finish: false)
    #expect(fields(alone.samples) == [.eulerAngles, .eulerAngles, .eulerAngles])
    let quaternions = try decode("witmotion", frames([0x59, 0x59, 0x59]))
    #expect(fields(quaternions.samples) == [.orientation, .orientation, .orientation])
  }

  @Test("Frames that hold no quantity are stepped over as frames, wherever they stand")
  func otherFrames() throws {
    let decoded = try decode(
      "witmotion", frames([0x51, 0x52, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x5F, 0x51, 0x52, 0x5F, 0x59]))
    #expect(decoded.counters.frames == 13)
    #expect(decoded.counters.skipped == 0)
    #expect(decoded.samples.count == 2)
    #expect(decoded.samples.allSatisfy { $0.fields == [.acceleration, .temperature, .angularRate, .orientation] })
  }

  @Test("A type that does not exist is no frame")
  func unknownTypes() throws {
    for type in (0...255 as ClosedRange<UInt8>) where !(0x50...0x5A).contains(type) && type != 0x5F {
      let decoded = try decode("witmotion", frame(type))
      #expect(decoded.counters.frames == 0)
      #expect(decoded.counters.checksumFailures == 0)
    }
  }

  @Test("One damaged frame inside a cycle leaves the rest of its cycle together and teaches nothing")
  func damagedFrame() throws {
    for damagedIndex in 0..<3 {
      var bytes: [UInt8] = []
      for cycle in 0..<4 {
        for (index, type) in ([0x51, 0x52, 0x53] as [UInt8]).enumerated() {
          var next = frame(type, [Int16(cycle * 3 + index + 1), -200, 300, 2500])
          if cycle == 2 && index == damagedIndex { next[10] &+= 1 }
          bytes += next
        }
      }
      let decoded = try decode("witmotion", bytes)
      #expect(decoded.samples.count == 4)
      #expect(decoded.counters.checksumFailures == 1)
      #expect(decoded.counters.skipped == 11)
      #expect(decoded.samples.filter { $0.flags.contains(.afterLoss) }.count == 1)
      // The sample whose frame was lost lacks just that quantity, and the others are whole.
      let lost: [SensorSample.Fields] = [[.acceleration, .temperature], .angularRate, .eulerAngles]
      #expect(fields(decoded.samples) == [imu, imu, imu.subtracting(lost[damagedIndex]), imu])
      // The loss is told by the first sample that ends after it.
      #expect(decoded.samples[damagedIndex == 2 ? 3 : 2].flags.contains(.afterLoss))
    }
  }

  @Test("After a larger loss the frames of two cycles are not mixed")
  func lossAcrossCycles() throws {
    let cycle = frames([0x51, 0x52, 0x53, 0x54])
    // Lost: 53 and 54 of one cycle, 51 and 52 of the next; some of their bytes still came.
    let bytes = cycle + cycle + cycle.prefix(22) + cycle.suffix(22).dropFirst(3).dropLast(15) + cycle.suffix(22) + cycle
    let decoded = try decode("witmotion", bytes)
    let whole = imu.union(.magneticField)
    #expect(
      fields(decoded.samples) == [
        whole, whole, [.acceleration, .temperature, .angularRate], [.eulerAngles, .magneticField], whole,
      ])
    #expect(decoded.samples.map { $0.flags.contains(.afterLoss) } == [false, false, false, true, false])
  }

  @Test("Bytes before the first sample are no loss between samples")
  func leadingJunk() throws {
    let cycle = frames([0x51, 0x52, 0x53])
    let decoded = try decode("witmotion", [0x00, 0x55, 0x51, 0x12] + cycle + cycle)
    #expect(decoded.samples.count == 2)
    #expect(decoded.samples.allSatisfy { $0.flags.isEmpty || $0.flags == .stale })
    #expect(decoded.counters.resynchronisations == 0)
    #expect(decoded.counters.skipped == 4)
  }

  @Test("Saturated, all-zero and repeated samples are flagged")
  func flags() throws {
    func flagsOf(_ cycles: [[[Int16]]]) throws -> [SensorSample.Flags] {
      let bytes = cycles.flatMap { frame(0x51, $0[0]) + frame(0x52, $0[1]) }
      return try decode("witmotion", bytes).samples.map(\.flags)
    }
    let quiet: [Int16] = [1, 2, 2048, 2500]
    let rest: [Int16] = [1, 0, 0, 2500]
    #expect(try flagsOf([[quiet, rest], [quiet, [2, 0, 0, 2500]]]) == [[], []])
    #expect(try flagsOf([[[32767, 0, 0, 0], rest]]) == [.saturated])
    #expect(try flagsOf([[[0, 0, -32768, 0], rest]]) == [.saturated])
    #expect(try flagsOf([[quiet, [0, -32768, 0, 0]]]) == [.saturated])
    #expect(try flagsOf([[quiet, [0, 32766, 0, 0]]]) == [[]])
    #expect(try flagsOf([[quiet, rest], [quiet, rest], [rest, rest]]) == [[], .stale, []])
    #expect(try flagsOf([[[0, 0, 0, 2500], [0, 0, 0, 2500]]]) == [.implausible])
    // A gyroscope that reads zero at rest is no fault.
    #expect(try flagsOf([[quiet, [0, 0, 0, 2500]]]) == [[]])
    // A quaternion without unit length.
    let odd = try decode("witmotion", frame(0x59, [100, 0, 0, 0]) + frame(0x59, [32767, 0, 0, 0]))
    #expect(odd.samples.map(\.flags) == [.implausible, []])
  }

  @Test("Device time counts milliseconds over the calendar, and is not invented from an unset clock")
  func deviceTime() throws {
    // 2024-02-29 23:59:59.999 and the millisecond after it.
    let before = frame(0x50, [0x0218, 0x171D, 0x3B3B, 999])
    let after = frame(0x50, [0x0318, 0x0001, 0x0000, 0])
    let decoded = try decode("witmotion", before + frame(0x51) + after + frame(0x51))
    #expect(decoded.samples.count == 2)
    #expect(decoded.samples[0].fields == [.deviceTime, .acceleration, .temperature])
    #expect(decoded.samples[1].deviceTicks == decoded.samples[0].deviceTicks + 1)
    // 2000-01-01 is the zero, and 8825 days later it is 2024-02-29.
    #expect(decoded.samples[0].deviceTicks / 86_400_000 == 24 * 365 + 6 + 31 + 28)
    for wrong in [
      [0x0018, 0x0001, 0, 0], [0x0D18, 1, 0, 0], [0x0217, 0x001D, 0, 0], [0x0118, 0x1801, 0, 0], [0x0118, 1, 0, 1000],
    ]
      as [[Int16]]
    {
      let unset = try decode("witmotion", frame(0x50, wrong) + frame(0x51))
      #expect(unset.samples.map(\.fields) == [[.acceleration, .temperature]], "\(wrong)")
      #expect(unset.counters.checksumFailures == 0)
    }
    // Time alone is no sample.
    #expect(try decode("witmotion", before + after + before).samples.isEmpty)
  }

  @Test("Every day of the century comes back from its own frame")
  func calendar() throws {
    var encoder = WitMotionEncoder()
    var bytes: [UInt8] = []
    let days = 36525
    for day in 0..<days {
      var sample = SensorSample()
      sample.fields = [.deviceTime, .acceleration, .temperature]
      sample.deviceTicks = UInt64(day) * 86_400_000 + UInt64(day % 86_400_000) * 2000 + 123
      sample.acceleration = Vector3(0, 0, 9.8)
      encoder.encode(sample, into: &bytes)
    }
    let decoded = try decode("witmotion", bytes)
    #expect(decoded.samples.count == days)
    let wrong = decoded.samples.enumerated().filter {
      $0.element.deviceTicks != UInt64($0.offset) * 86_400_000 + UInt64($0.offset) * 2000 + 123
    }
    #expect(wrong.isEmpty)
  }

  @Test("The frame on the device page, checked by hand")
  func pageExample() throws {
    let decoded = try decode("witmotion", hex("55 51 00 00 00 08 00 00 C4 09 7B"))
    let sample = try #require(decoded.samples.first)
    #expect(close(sample.acceleration, Vector3(0, standardGravity, 0)))
    #expect(close(sample.temperature, 25))
  }

  @Test("Values out of range are held at the ends of the words")
  func encoderLimits() throws {
    var encoder = WitMotionEncoder()
    var sample = SensorSample()
    sample.fields = [.acceleration, .angularRate]
    sample.acceleration = Vector3(1e9, -1e9, .nan)
    sample.angularRate = Vector3(.infinity, -.infinity, 0)
    var bytes: [UInt8] = []
    encoder.encode(sample, into: &bytes)
    #expect(Array(bytes[2..<8]) == hex("FF7F 0080 0000"))
    #expect(try decode("witmotion", bytes).samples.map(\.flags) == [.saturated])
  }
}
