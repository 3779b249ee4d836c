import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("What every decoder keeps to")
struct EngineTests {
  /// A stream of encoded samples.
  private func stream(_ name: String, count: Int, using random: inout RandomSource) throws -> [UInt8] {
    var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
    var bytes: [UInt8] = []
    for index in 0..<count {
      encoder.encode(randomSample(for: name, index: index, using: &random), into: &bytes)
    }
    return bytes
  }

  /// Good frames, with bytes changed, dropped, put in and repeated here and there.
  private func damaged(_ bytes: [UInt8], using random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...8, using: &random) where bytes.count > 30 {
      let place = Int.random(in: 0..<bytes.count - 20, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes.removeSubrange(place..<place + Int.random(in: 1...20, using: &random))
      case 2:
        bytes.insert(
          contentsOf: randomBytes(Int.random(in: 1...40, using: &random), using: &random), at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<place + 13], at: place)
      default: bytes[place] = bytes[0]
      }
    }
    return bytes
  }

  @Test("The cuts of a stream change nothing: every cut in two, every chunk size, random cuts", arguments: allProtocols)
  func chunks(name: String) throws {
    var random = RandomSource(seed: 11)
    let clean = try stream(name, count: 12, using: &random)
    for bytes in [clean, damaged(clean, using: &random), damaged(clean, using: &random)] {
      let whole = try decode(name, bytes)
      #expect(!whole.samples.isEmpty)
      for cut in 0...bytes.count {
        let two = try decode(name, chunks: [bytes[..<cut], bytes[cut...]])
        #expect(two == whole, "cut at \(cut)")
      }
      for size in 1...40 {
        let even = try decode(name, chunks: ChunkCutter.even(bytes, size: size))
        #expect(even == whole, "chunks of \(size)")
      }
    }
  }

  @Test(
    "Thousands of damaged streams, cut at random: the same samples, and counters that add up", arguments: allProtocols)
  func damagedStreams(name: String) throws {
    for seed in UInt64(1)...1500 {
      var random = RandomSource(seed: seed)
      let bytes = damaged(try stream(name, count: 10, using: &random), using: &random)
      let whole = try decode(name, bytes)
      let cut = try decode(name, chunks: ChunkCutter.random(bytes, atMost: 50, using: &random))
      if cut != whole { Issue.record("seed \(seed) of \(name): cutting the stream changed the result") }
      if whole.counters.framed == 0 { Issue.record("seed \(seed) of \(name): no frame survived the damage") }
    }
  }

  @Test("Random bytes, with and without headers strewn in, never trap and are all counted", arguments: allProtocols)
  func noise(name: String) throws {
    let baits: [[UInt8]] = [
      hex("5551"), hex("680D0084"), hex("77130000000184"), ascii("X-00"), ascii("Y+1234"), ascii("1.5,"), ascii("\r\n"),
      ascii("-9e999 "), ascii("X+0000Y+0000"),
    ]
    for seed in UInt64(1)...1500 {
      var random = RandomSource(seed: 90_000 + seed)
      var bytes: [UInt8] = []
      while bytes.count < 300 {
        if random.unit() < 0.3 { bytes += baits[Int.random(in: 0..<baits.count, using: &random)] }
        bytes += randomBytes(Int.random(in: 1...20, using: &random), using: &random)
      }
      let whole = try decode(name, bytes)
      let cut = try decode(name, chunks: ChunkCutter.random(bytes, atMost: 30, using: &random))
      if cut != whole { Issue.record("seed \(90_000 + seed) of \(name): cutting the noise changed the result") }
      for sample in whole.samples where !sample.acceleration.isFinite || !sample.inclinationX.isFinite {
        Issue.record("seed \(90_000 + seed) of \(name): a sample that is not finite")
      }
    }
  }

  @Test("Cut off anywhere, a stream gives the samples of its whole frames and holds the rest", arguments: allProtocols)
  func truncation(name: String) throws {
    var random = RandomSource(seed: 5)
    let bytes = try stream(name, count: 6, using: &random)
    let all = try decode(name, bytes, finish: false).samples
    var last = 0
    for end in 0...bytes.count {
      let part = try decode(name, Array(bytes[..<end]), finish: false)
      #expect(part.samples == Array(all.prefix(part.samples.count)))
      #expect(part.samples.count >= last)
      // The header line that the encoder of lines begins with is the only thing that is stepped over.
      #expect(part.counters.skipped == 0 || name.hasPrefix("lines"))
      #expect(part.counters.checksumFailures == 0)
      last = part.samples.count
    }
    #expect(last == all.count && last >= 5)
  }

  @Test("What is encoded comes back, to the resolution of the protocol", arguments: allProtocols)
  func roundTrip(name: String) throws {
    var random = RandomSource(seed: 77)
    let sent = (0..<3000).map { randomSample(for: name, index: $0, using: &random) }
    var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
    var bytes: [UInt8] = []
    for sample in sent { encoder.encode(sample, into: &bytes) }
    let decoded = try decode(name, bytes)
    #expect(decoded.samples.count == sent.count)
    #expect(decoded.counters.framed + decoded.counters.skipped == decoded.counters.bytesIn)
    for (index, (got, want)) in zip(decoded.samples, sent).enumerated() {
      let good =
        got.fields == want.fields && got.stream == StreamID(3) && got.arrived == HostInstant(nanoseconds: 7)
        && got.flags.subtracting(.unchecked) == [] && got.deviceTicks == want.deviceTicks
        && close(got.acceleration, want.acceleration, 0.0025) && close(got.angularRate, want.angularRate, 0.00055)
        && close(got.eulerAngles, want.eulerAngles, 5e-5) && close(got.magneticField, want.magneticField, 0)
        && close(got.orientation.w, want.orientation.w, 3.1e-5)
        && close(got.orientation.z, want.orientation.z, 3.1e-5)
        && close(got.temperature, want.temperature, 0.0051)
        && close(got.inclinationX, want.inclinationX, 0.00501 * radiansPerDegree)
        && close(got.inclinationY, want.inclinationY, 0.00501 * radiansPerDegree)
      if !good { Issue.record("sample \(index) of \(name): sent \(want), got \(got)") }
    }
    // What came back is exactly representable, so encoding it again gives the same bytes.
    var again = try #require(try ProtocolCatalogue.find(name).makeEncoder())
    var second: [UInt8] = []
    for sample in decoded.samples { again.encode(sample, into: &second) }
    #expect(second == bytes)
  }

  @Test("Junk between two frames costs at most one frame, and the sample after it says so", arguments: allProtocols)
  func junk(name: String) throws {
    var lostMost = 0
    for seed in UInt64(1)...600 {
      var random = RandomSource(seed: 500_000 + seed)
      var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
      var head: [UInt8] = []
      var tail: [UInt8] = []
      for index in 0..<3 { encoder.encode(randomSample(for: name, index: index, using: &random), into: &head) }
      for index in 3..<8 { encoder.encode(randomSample(for: name, index: index, using: &random), into: &tail) }
      // Junk with the beginnings of frames in it, but without a whole one.
      let junk = randomBytes(Int.random(in: 1...60, using: &random), using: &random) + head.prefix(5)
      let decoded = try decode(name, head + junk + tail)
      let lost = 8 - decoded.samples.count
      lostMost = max(lostMost, lost)
      let flagged = decoded.samples.filter { $0.flags.contains(.afterLoss) }
      if lost > 1 || flagged.count != 1 || decoded.counters.resynchronisations < 1 {
        Issue.record("seed \(500_000 + seed) of \(name): \(decoded.samples.count) samples, \(flagged.count) flagged")
      }
    }
    #expect(lostMost <= 1)
  }

  @Test("A frame that was carried over says when its last byte arrived, even when it is found later")
  func arrivals() throws {
    var decoder = try ProtocolCatalogue.find("dxl360s").makeDecoder()
    var samples: [SensorSample] = []
    func feed(_ text: String, at nanoseconds: Int64) {
      decoder.consume(ascii(text).span, arrived: HostInstant(nanoseconds: nanoseconds), into: &samples)
    }
    feed("X+0001Y+", at: 100)
    feed("0002X+0003Y+0004X", at: 200)
    feed("+0005", at: 300)
    feed("Y+0006", at: 400)
    #expect(samples.map(\.arrived.nanoseconds) == [200, 200, 400])

    // A false header makes the reader wait for 20 bytes; the true frame inside was complete at 20.
    var rion = try ProtocolCatalogue.find("rion").makeDecoder()
    var late: [SensorSample] = []
    let chunks = ["77 13", "68 0D 00 84 10 02 87 10 00 85 01 59 22 3B", "00 00 00", "00 00 00"]
    for (index, chunk) in chunks.enumerated() {
      rion.consume(hex(chunk).span, arrived: HostInstant(nanoseconds: Int64(index + 1) * 10), into: &late)
    }
    #expect(late.map(\.arrived.nanoseconds) == [20])
    #expect(rion.counters.checksumFailures == 1)
  }
}

/// A format that breaks the engine's rules: it asks for ever more bytes, or claims more than there are.
private struct RudeFormat: FrameFormat {
  let longestFrame = 4
  let hasChecksum = true
  let verdict: FrameVerdict

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict { verdict }
  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {}
}

@Suite("The reader holds its bounds whatever a format says")
struct RudeFormatTests {
  @Test(arguments: [
    FrameVerdict.incomplete, .frame(length: 9), .frame(length: 0), .frame(length: -3), .noFrameWithin(0),
    .noFrameWithin(1000), .badCheck,
  ])
  func bounds(verdict: FrameVerdict) {
    var reader = FrameReader(RudeFormat(verdict: verdict), stream: StreamID(0))
    var samples: [SensorSample] = []
    for size in [1, 1, 2, 7, 0, 3, 50, 1] {
      let bytes = [UInt8](repeating: 1, count: size)
      reader.consume(bytes.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
      let counters = reader.counters
      #expect(counters.bytesIn == counters.framed + counters.skipped + counters.held)
      #expect(counters.held < 4)
    }
    #expect(reader.counters.bytesIn == 65)
  }
}
