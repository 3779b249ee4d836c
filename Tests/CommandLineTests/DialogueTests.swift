import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

/// A device on a pseudo-terminal that answers what it is asked, on a thread of its own.
private final class ScriptedDevice: Sendable {
  let pty: PtyPair
  private let isOver = Mutex(false)
  private let log = Mutex<[UInt8]>([])

  /// - Parameter answer: takes what came in and was not answered yet; removes what it answers, and returns the answer.
  init(_ answer: @escaping @Sendable (inout [UInt8]) -> [UInt8]) throws {
    pty = try PtyPair()
    Thread.detachNewThread { [self] in
      var waiting: [UInt8] = []
      while !isOver.withLock({ $0 }) {
        let came = pty.read(1, within: 0.02)
        guard !came.isEmpty else { continue }
        waiting += came
        log.withLock { $0 += came }
        let reply = answer(&waiting)
        if !reply.isEmpty { pty.write(reply) }
      }
    }
  }

  deinit { isOver.withLock { $0 = true } }

  /// All that the host sent.
  var heard: [UInt8] { log.withLock { $0 } }
  func stop() { isOver.withLock { $0 = true } }
}

private func crc(_ bytes: [UInt8]) -> [UInt8] {
  var crc: UInt16 = 0xFFFF
  for byte in bytes {
    crc ^= UInt16(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
  }
  return bytes + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
}

/// Answers of a Modbus device at one address whose registers hold these words from `first` on; all others are refused.
private func modbus(_ address: UInt8, first: Int, _ words: [UInt16]) -> @Sendable (inout [UInt8]) -> [UInt8] {
  { waiting in
    guard waiting.count >= 8 else { return [] }
    let request = Array(waiting.prefix(8))
    waiting.removeFirst(8)
    guard crc(Array(request.prefix(6))) == request, request[0] == address, request[1] == 3 else { return [] }
    let start = Int(request[2]) << 8 | Int(request[3])
    let count = Int(request[4]) << 8 | Int(request[5])
    guard start >= first, start + count <= first + words.count else { return crc([address, 0x83, 2]) }
    let data = words[(start - first)..<(start - first + count)].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    return crc([address, 3, UInt8(2 * count)] + data)
  }
}

private func lines(_ ended: Ended, _ name: String) throws -> [[String: Any]] {
  try ended.lines.map { try jsonObject($0) }.filter { $0["class"] as? String == name }
}

@Suite("Sensors that have to be asked", .serialized)
struct DialogueTests {
  /// Streams from the device until enough readings are there, and replays the recording.
  private func session(
    _ device: ScriptedDevice, _ arguments: [String], readings: Int, within seconds: Double = 30
  ) async throws -> (live: Ended, replay: Ended) {
    let folder = try Folder()
    let stream = try Program(
      [Program.talus, "stream", "--port", device.pty.path, "--record", folder("s.mcap")] + arguments)
    try await stream.wait(for: "readings", within: seconds) {
      String(decoding: stream.output, as: UTF8.self).components(separatedBy: "\"class\":\"reading\"").count > readings
    }
    stream.send(SIGINT)
    let live = try await stream.end()
    device.stop()
    #expect(live.status == 0, "\(live.errors)")
    let replay = try await talusDone("replay", folder("s.mcap"))
    // The replay knows the questions, so it reads the answers: the very lines of the live run.
    func spoken(_ ended: Ended) -> [Substring] { ended.lines.filter { $0.contains("\"class\":\"reading\"") } }
    #expect(spoken(live) == spoken(replay) && spoken(live).count >= readings)
    let facts = try jsonObject(try await talusDone("inspect", folder("s.mcap"), "--json").text)
    #expect(facts["samples"] as? Int ?? 0 >= readings)
    let table = try await talusDone("convert", folder("s.mcap"), "--to", "csv")
    #expect(table.lines.count == (facts["samples"] as? Int ?? 0) + 1)
    return (live, replay)
  }

  @Test("A WitMotion on Modbus is polled, live and replayed alike")
  func witMotion() async throws {
    // 1 g along y, no rotation.
    let device = try ScriptedDevice(modbus(0x50, first: 0x34, [0, 2048, 0, 1, 0xFFFF, 2, 0, 0, 0, 0, 0, 0, 2500]))
    let (live, _) = try await session(device, ["--protocol", "witmotion-modbus"], readings: 40)
    #expect(live.errors.contains("has to be asked"))
    #expect(device.heard.prefix(8) == crc([0x50, 0x03, 0x00, 0x34, 0x00, 0x06])[...])
    let angles = try lines(live, "reading").compactMap { $0["tibial_inclination_deg"] as? Double }
    #expect(!angles.isEmpty && angles.allSatisfy { abs($0) < 0.5 })
  }

  @Test("A STABILA level is polled: 45.00°")
  func stabila() async throws {
    let device = try ScriptedDevice(modbus(0x20, first: 4051, [4500, 0, 100]))
    let (live, _) = try await session(device, ["--protocol", "stabila"], readings: 15)
    let angles = try lines(live, "reading").compactMap { $0["tibial_inclination_deg"] as? Double }
    #expect(!angles.isEmpty && angles.allSatisfy { abs(abs($0) - 45) < 0.01 }, "\(angles.prefix(3))")
  }

  @Test("A silent BWSENSING inclinometer is asked by both makers' headers, and then by its own only")
  func bwsensing() async throws {
    let device = try ScriptedDevice { waiting in
      guard waiting.count >= 5 else { return [] }
      let request = Array(waiting.prefix(5))
      waiting.removeFirst(5)
      return request == [0x77, 0x04, 0x00, 0x04, 0x08]
        ? [0x77, 0x0D, 0x00, 0x84, 0x10, 0x01, 0x54, 0x00, 0x14, 0x43, 0x00, 0x15, 0x20, 0x82] : []
    }
    let (live, _) = try await session(device, ["--protocol", "rion"], readings: 10)
    #expect(live.errors.contains("has to be asked"))
    let heard = device.heard
    #expect(heard.prefix(5) == [0x68, 0x04, 0x00, 0x04, 0x08])
    #expect(heard.dropFirst(5).count { $0 == 0x68 } == 0)
  }

  @Test("A Shimmer3 is asked for its channels and calibrations, started, and stopped at the end")
  func shimmer() async throws {
    let state = Mutex<(streaming: Bool, ticks: UInt32)>((false, 1000))
    let calibration: [UInt8] =
      [0x2D]
      + [209, 1640, 667, 209].flatMap { gain -> [UInt8] in
        [UInt8](repeating: 0, count: 6) + (0..<3).flatMap { _ in [UInt8(gain >> 8), UInt8(gain & 0xFF)] }
          + [100, 0, 0, 0, 100, 0, 0, 0, 100]
      }
    let device = try ScriptedDevice { waiting in
      let command = waiting.removeFirst()
      switch command {
      case 0x2E: return [0xFF, 0x2F, 3, 0, 0, 0, 11, 0]
      case 0x01: return [0xFF, 0x02, 0x80, 0x02, 0, 0, 0, 0, 6, 1, 4, 5, 6, 0x0A, 0x0B, 0x0C]
      case 0x2C: return [0xFF] + calibration
      case 0x07:
        state.withLock { $0.streaming = true }
        return [0xFF]
      case 0x20:
        state.withLock { $0.streaming = false }
        return [0xFF]
      default: return [0xFE]
      }
    }
    Thread.detachNewThread {
      for _ in 0..<2000 {
        usleep(20_000)
        let packet = state.withLock { state -> [UInt8] in
          guard state.streaming else { return [] }
          state.ticks += 640
          // 9.8 m/s² along y.
          return [0, UInt8(state.ticks & 0xFF), UInt8(state.ticks >> 8 & 0xFF), UInt8(state.ticks >> 16 & 0xFF)]
            + [UInt8(state.ticks >> 7 & 3), 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]
        }
        if !packet.isEmpty { device.pty.write(packet) }
      }
    }
    let (live, _) = try await session(device, ["--protocol", "shimmer3"], readings: 30)
    #expect(live.errors.contains("has to be asked"))
    let heard = device.heard
    #expect(heard.prefix(5) == [0x20, 0x2E, 0x01, 0x2C, 0x07], "\(heard)")
    let angles = try lines(live, "reading").compactMap { $0["tibial_inclination_deg"] as? Double }
    #expect(!angles.isEmpty && angles.allSatisfy { abs($0) < 1 })
  }

  @Test("A sensor that does not answer is said so, and --poll never sends nothing")
  func silent() async throws {
    let device = try ScriptedDevice { waiting in
      waiting.removeAll()
      return []
    }
    let stream = try Program([Program.talus, "stream", "--port", device.pty.path, "--protocol", "stabila"])
    try await stream.wait(for: "requests") { device.heard.count >= 24 }
    stream.send(SIGINT)
    let ended = try await stream.end()
    #expect(ended.status == 0 && ended.errors.contains("requests to the sensor were not answered"))
    device.stop()
    let quiet = try ScriptedDevice { _ in [] }
    let listener = try Program(
      [Program.talus, "stream", "--port", quiet.pty.path, "--protocol", "stabila", "--poll", "never"])
    try await Task.sleep(for: .seconds(1))
    listener.send(SIGINT)
    #expect(try await listener.end().status == 0)
    #expect(quiet.heard.isEmpty)
    quiet.stop()
  }

  @Test("A filter on a sensor that fuses on board is refused with the reason")
  func fused() async throws {
    let pty = try PtyPair()
    let refused = try await talus("stream", "--port", pty.path, "--protocol", "teapot", "--filter", "kalman")
    #expect(refused.status == 64 && refused.errors.contains("fused") && refused.errors.contains("leave --filter out"))
    let folder = try Folder()
    let text = (0..<50).map { "ypr\t\($0).00\t1.50\t-2.25\r\n" }.joined()
    let file = try folder.write(text, to: "ypr.txt")
    let replay = try await talus("replay", file, "--protocol", "sketch", "--rate", "50", "--filter", "complementary")
    #expect(replay.status != 0 && replay.errors.contains("fused"))
    #expect(try await talus("replay", file, "--protocol", "sketch", "--rate", "50").status == 0)
  }

  @Test("Lines of 'Orientation:' ask for their order")
  func orientation() async throws {
    let folder = try Folder()
    let file = try folder.write(
      (0..<30).map { "Orientation: \($0).00 1.50 -2.25\r\n" }.joined(), to: "lines.txt")
    let ended = try await talus("inspect", file)
    #expect(ended.status != 0 && ended.errors.contains("--protocol orientation:heading,pitch,roll"), "\(ended.errors)")
    #expect(try await talus("inspect", file, "--protocol", "orientation:roll,pitch,heading", "--json").status == 0)
  }
}
