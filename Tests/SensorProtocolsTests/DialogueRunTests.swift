import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("What is sent to a sensor that has to be asked, and when")
struct DialogueRunTests {
  private func counters(frames: UInt64, framed: UInt64) -> DecoderCounters {
    var counters = DecoderCounters()
    counters.frames = frames
    counters.framed = framed
    counters.bytesIn = framed
    return counters
  }

  private func at(_ milliseconds: Int64) -> HostInstant { HostInstant(nanoseconds: milliseconds * 1_000_000) }

  @Test("A poll waits for its answer or its patience, and never comes sooner than the interval")
  func polls() throws {
    var run = DialogueRun(try #require(try ProtocolCatalogue.find("stabila").dialogue))
    let poll: [UInt8] = [0x20, 0x03, 0x0F, 0xD3, 0x00, 0x01, 0x70, 0x56]
    #expect(run.next(at: at(0), counters(frames: 0, framed: 0)) == poll)
    #expect(run.next(at: at(10), counters(frames: 0, framed: 0)) == nil)
    // The adapter hands the request back: no answer.
    #expect(run.next(at: at(60), counters(frames: 1, framed: 8)) == nil)
    #expect(run.next(at: at(70), counters(frames: 2, framed: 15)) == poll)
    // Answered at once: the interval holds.
    #expect(run.next(at: at(80), counters(frames: 3, framed: 22)) == nil)
    #expect(run.next(at: at(121), counters(frames: 3, framed: 22)) == poll)
    #expect(run.unanswered == 0 && run.requests == 3)
    #expect(run.next(at: at(430), counters(frames: 3, framed: 22)) == poll)
    #expect(run.unanswered == 1)
  }

  @Test("A device that sends on its own is not asked; a silent one by both makers' headers and every address in turn")
  func silence() throws {
    let dialogue = try #require(try ProtocolCatalogue.find("rion").dialogue)
    var talking = DialogueRun(dialogue)
    for time in stride(from: Int64(0), to: 5000, by: 100) {
      #expect(talking.next(at: at(time), counters(frames: UInt64(time / 100) + 1, framed: 14)) == nil)
    }
    var silent = DialogueRun(dialogue)
    var sent: [[UInt8]] = []
    for time in stride(from: Int64(0), to: 3500, by: 5) {
      if let bytes = silent.next(at: at(time), counters(frames: 0, framed: 0)) { sent.append(bytes) }
      #expect(time >= 1500 || sent.isEmpty)
    }
    let polls = [
      hex("68 04 00 04 08"), hex("77 04 00 04 08"), hex("77 05 00 00 04 09"), hex("77 07 00 00 00 01 04 0C"),
    ]
    #expect(sent.prefix(5) == (polls + [polls[0]])[...])
    #expect(silent.isAsking)
  }

  @Test("Opening messages come in order, three times at most, and a lone acknowledgement is enough")
  func opening() throws {
    var run = DialogueRun(try #require(try ProtocolCatalogue.find("shimmer3").dialogue))
    var sent: [UInt8] = []
    for time in stride(from: Int64(0), to: 6000, by: 5) {
      if let bytes = run.next(at: at(time), counters(frames: 0, framed: 0)) { sent += bytes }
    }
    #expect(sent == [0x20, 0x20, 0x20, 0x2E, 0x2E, 0x2E, 0x01, 0x01, 0x01, 0x2C, 0x2C, 0x2C, 0x07, 0x07, 0x07])
    #expect(run.unanswered == 15)
    var quick = DialogueRun(run.dialogue)
    #expect(quick.next(at: at(0), counters(frames: 0, framed: 0)) == [0x20])
    var held = DecoderCounters()
    held.bytesIn = 1
    #expect(quick.next(at: at(50), held) == nil)
    #expect(quick.next(at: at(110), held) == [0x2E])
  }

  @Test("A Modbus device at another address")
  func address() throws {
    let row = try ProtocolCatalogue.find("witmotion-modbus@0x51")
    #expect(row.dialogue?.polls.first?.first == 0x51)
    #expect(try ProtocolCatalogue.find("stabila@33").dialogue?.polls.first?.first == 33)
    var encoder = try #require(row.makeEncoder())
    var sample = SensorSample()
    sample.acceleration = Vector3(0, 9.8, 0)
    sample.fields = [.acceleration, .angularRate]
    var bytes: [UInt8] = []
    encoder.encode(sample, into: &bytes)
    #expect(try decode("witmotion-modbus@0x51", bytes).samples.count == 1)
    for wrong in ["stabila@0", "stabila@248", "stabila@", "witmotion-modbus@x"] {
      #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find(wrong) }
    }
  }

  @Test("What the encoders of asked devices write is read with its questions on the wire, and not without")
  func questions() throws {
    var sample = SensorSample()
    sample.inclinationX = 0.5
    sample.acceleration = Vector3(0, 9.8, 0)
    sample.fields = [.inclinationX, .acceleration, .angularRate]
    for name in ["stabila", "witmotion-modbus"] {
      var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
      var bytes: [UInt8] = []
      encoder.encode(sample, into: &bytes)
      #expect(try decode(name, bytes).samples.count == 1)
      #expect(try decode(name, Array(bytes.dropFirst(8))).samples.isEmpty)
      // Sent and not on the wire: the same.
      var decoder = try ProtocolCatalogue.find(name).makeDecoder()
      var samples: [SensorSample] = []
      let wire = bytes.span
      decoder.sent(wire.extracting(first: 8))
      decoder.consume(wire.extracting(droppingFirst: 8), arrived: at(1), into: &samples)
      #expect(samples.count == 1)
    }
  }
}

@Suite("The kinds of message")
struct MessageTallyTests {
  private func rows(_ name: String, _ bytes: [UInt8]) throws -> [MessageTally.Row] {
    var decoder = try ProtocolCatalogue.find(name).makeDecoder()
    #expect(decoder.messages == nil)
    decoder.beginTally()
    var samples: [SensorSample] = []
    decoder.consume(bytes.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
    let messages = try #require(decoder.messages)
    return messages.rows
  }

  @Test("WitMotion frames by type")
  func witMotion() throws {
    let acceleration = hex("55 51 03 00 0b 00 4d 08 de 09 f0")
    let rate = hex("55 52 f5 ff ea ff 15 00 de 09 80")
    let found = try rows("witmotion", acceleration + rate + acceleration)
    #expect(found.map(\.count) == [2, 1])
    #expect(found.map(\.name) == ["55 51 acceleration", "55 52 angular rate"])
  }

  @Test("Unknown messages pass as frames and are named unknown")
  func unknown() throws {
    let lines = ascii("I,1000,0.0,0.0,0.0,0.0,0.0,1.0\nK,1000,7\nI,2000,0.0,0.0,0.0,0.0,0.0,1.0\n")
    let found = try rows("ximu3", lines)
    #expect(found.map(\.count) == [2, 1])
    #expect(found.map(\.isKnown) == [true, false])
    // An item of MTData2 that is in no list, beside one that is.
    var message: [UInt8] = [0xFA, 0xFF, 0x36, 10, 0x10, 0x20, 2, 0, 1, 0x99, 0x90, 2, 0, 0]
    message.append(0 &- message.dropFirst().reduce(0, &+))
    let items = try rows("xsens", message)
    #expect(items.map(\.isKnown) == [true, true, false])
    #expect(items[2].name.contains("99 90"))
  }

  @Test("Every protocol counts as many messages as frames at least", arguments: allProtocols)
  func all(name: String) throws {
    var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
    var random = RandomSource(seed: 3)
    var bytes: [UInt8] = []
    for index in 0..<20 { encoder.encode(randomSample(for: name, index: index, using: &random), into: &bytes) }
    let found = try rows(name, bytes)
    #expect(found.reduce(0) { $0 + $1.count } >= (try decode(name, bytes)).counters.frames)
    #expect(found.allSatisfy { !$0.name.isEmpty && $0.isKnown })
  }
}
