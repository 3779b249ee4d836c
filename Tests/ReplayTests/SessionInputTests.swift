import Foundation
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import TestKit
import Testing

@Suite("Opening what can be replayed")
struct SessionInputTests {
  static let csv = "t_s,ax_g,ay_g,az_g\n0,0,1,0\n0.01,0,1,0\n0.02,0,1,0\n"

  private func recorded(_ change: (inout PipelineConfiguration) -> Void = { _ in }) throws -> [UInt8] {
    var configuration = PipelineConfiguration(try ProtocolCatalogue.find("witmotion"))
    change(&configuration)
    let steps = try MadeSession.steps(ProtocolCatalogue.find("witmotion"), seed: 1, seconds: 2)
    return MadeSession.recording(steps, configuration)
  }

  private func refusal(
    _ path: String, protocolName: String? = nil, choices: ConfigurationChoices = ConfigurationChoices()
  ) -> SessionInput.Unusable? {
    do {
      _ = try SessionInput.open(path, protocolName: protocolName, choices: choices)
      return nil
    } catch {
      return error
    }
  }

  @Test("a recording is known by its bytes, whatever its name, and brings its configuration")
  func recording() throws {
    let folder = try Folder()
    let bytes = try recorded {
      $0.side = .left
      $0.condition = .kneeStraight
      $0.placement = "Mitte"
      $0.mount = "x=proximal,z=anterior"
      $0.mountAssumed = false
      $0.filter = .complementary
      $0.shankLength = 0.41
      $0.staticAngleSD = 0.0123
    }
    let input = try SessionInput.open(folder.write(bytes, "visit.csv"))
    #expect(input.kind == "recording")
    #expect(input.name == "visit.csv")
    #expect(input.recordedOn == "2026-09-21 14:13 UTC")
    #expect(input.overrides.isEmpty)
    #expect(input.configuration.protocolName == "witmotion")
    #expect(input.configuration.side == .left)
    #expect(input.configuration.condition == .kneeStraight)
    #expect(input.configuration.placement == "Mitte")
    #expect(input.configuration.mount == "x=proximal,z=anterior")
    #expect(!input.configuration.mountAssumed)
    #expect(input.configuration.filter == .complementary)
    #expect(input.configuration.shankLength == 0.41)
    #expect(input.configuration.staticAngleSD == 0.0123)
  }

  @Test("what the user says goes before the recording, and only what differs is marked")
  func overrides() throws {
    let folder = try Folder()
    let path = try folder.write(
      recorded {
        $0.side = .left
        $0.mount = "x=proximal,z=anterior"
        $0.mountAssumed = false
        $0.height = 1.70
      }, "r.mcap")
    var choices = ConfigurationChoices()
    choices.side = .right
    choices.condition = .kneeBent
    choices.mount = "y=proximal,z=anterior"
    choices.filter = .complementary
    choices.height = 1.70
    let input = try SessionInput.open(path, choices: choices)
    #expect(input.configuration.side == .right)
    #expect(input.configuration.condition == .kneeBent)
    #expect(input.configuration.mount == "y=proximal,z=anterior")
    #expect(
      input.overrides == [
        ConfigurationOverride(setting: "filter", recorded: "accurate", used: "complementary"),
        ConfigurationOverride(setting: "mount", recorded: "x=proximal,z=anterior", used: "y=proximal,z=anterior"),
        ConfigurationOverride(setting: "side", recorded: "left", used: "right"),
      ])
  }

  @Test("another protocol, and a rate against the arrivals, are overrides too")
  func protocolAndRate() throws {
    let folder = try Folder()
    let path = try folder.write(recorded(), "r.mcap")
    var choices = ConfigurationChoices()
    choices.fixedRate = 50
    let input = try SessionInput.open(path, protocolName: "rion", choices: choices)
    #expect(
      input.overrides == [
        ConfigurationOverride(setting: "protocol", recorded: "witmotion", used: "rion"),
        ConfigurationOverride(setting: "rate", recorded: "by arrival times", used: "50.0 Hz"),
      ])
    #expect(try SessionInput.open(path, protocolName: "witmotion").overrides.isEmpty)
  }

  @Test("a mount that was only assumed is no word to go against")
  func assumedMount() throws {
    let folder = try Folder()
    var choices = ConfigurationChoices()
    choices.mount = "x=proximal,z=anterior"
    let input = try SessionInput.open(folder.write(recorded(), "r.mcap"), choices: choices)
    #expect(input.overrides.isEmpty)
    #expect(!input.configuration.mountAssumed)
  }

  @Test("a capture of samples is known by its content, and a folder can be one")
  func captures() throws {
    let folder = try Folder()
    let file = try folder.write(Array(Self.csv.utf8), "capture.txt")
    let input = try SessionInput.open(file)
    #expect(input.kind == "generic")
    #expect(input.recordedOn == nil)
    #expect(input.configuration.mountAssumed)
    var samples = 0
    let outcome = try input.forEachSample { _ in samples += 1 }
    #expect(samples == 3)
    #expect(outcome.counters == DecoderCounters())
    let phyphox = try Folder()
    for (name, unit) in [("Accelerometer", "m/s^2"), ("Gyroscope", "rad/s")] {
      let rows = (0..<20).map { "\(Double($0) / 100),0.1,9.8,0.2\n" }.joined()
      let head = "\"Time (s)\",\"X (\(unit))\",\"Y (\(unit))\",\"Z (\(unit))\"\n"
      _ = try phyphox.write(Array((head + rows).utf8), name + ".csv")
    }
    #expect(try SessionInput.open(phyphox.path).kind == "phyphox")
  }

  @Test("raw bytes need their protocol's name, and a rate unless they carry a clock")
  func rawBytes() throws {
    let folder = try Folder()
    let rows = (0..<50).map { "\($0 * 20),0,1,0\r\n" }.joined()
    let path = try folder.write(Array(rows.utf8), "board.log")
    let missing = try #require(refusal(path, protocolName: "witmotion"))
    #expect(missing.description.contains("--rate"))
    #expect(!missing.isUnreadable)
    let lines = try SessionInput.open(path, protocolName: "lines:t_ms,ax_g,ay_g,az_g")
    var last = SessionTime.zero
    let outcome = try lines.forEachSample {
      last = $0.time
      #expect($0.gapBefore == nil)
    }
    #expect(abs((outcome.rate ?? 0) - 50) < 0.01)
    // The first line may be the rest of one, and is never taken: 49 lines, 20 ms apart.
    #expect(last == SessionTime(nanoseconds: 960_000_000))
    let unknown = try #require(refusal(path, protocolName: "modbus"))
    for name in ["witmotion", "rion", "dxl360s", "lines:"] { #expect(unknown.description.contains(name)) }
  }

  @Test("what cannot be opened is told from what is not understood, with the file's name in both")
  func errors() throws {
    let folder = try Folder()
    let missing = try #require(refusal(folder.path + "/none.csv"))
    #expect(missing.isUnreadable)
    #expect(missing.description.contains("none.csv: No such file"))
    let empty = try #require(refusal(folder.write([], "empty.csv")))
    #expect(!empty.isUnreadable)
    #expect(empty.description.contains("empty"))
    let bytes = try #require(refusal(folder.write([0x55, 0x51, 0, 1, 2, 3, 0xff], "dump.bin")))
    #expect(bytes.description.contains("--protocol"))
    let place = try #require(refusal(folder.path))
    #expect(place.description.contains("Inertial.csv"))
    #expect(!place.isUnreadable)
    let device = try #require(refusal("/dev/null"))
    #expect(device.isUnreadable)
    #expect(device.description.contains("neither a file nor a folder"))
    let bad = try #require(refusal(folder.write(Array("t_s,ax_g,ay_g,az_g\n0,1,2\n".utf8), "bad.csv")))
    #expect(bad.description.contains("line 2, column 3"))
  }

  @Test("a recording with a setting that this version does not know is refused with the setting's name")
  func unknownSetting() throws {
    let folder = try Folder()
    let header = RecordingHeader(
      anchor: UTCAnchor(host: HostInstant(nanoseconds: 0), utcNanoseconds: 0),
      configuration: ["protocol": "witmotion", "filter": "magic"], software: "talus", softwareVersion: "9")
    var encoder = RecordingEncoder(header)
    encoder.finish()
    let error = try #require(refusal(folder.write(encoder.output, "new.mcap")))
    #expect(error.description.contains("filter"))
    #expect(error.description.contains("magic"))
    #expect(!error.isUnreadable)
    var altered = try recorded()
    let place = try #require(altered.indices.first { altered[$0...].starts(with: Array("accurate".utf8)) })
    altered[place] ^= 1
    let damaged = try #require(refusal(folder.write(altered, "head.mcap")))
    #expect(damaged.description.contains("damaged"))
  }
}
