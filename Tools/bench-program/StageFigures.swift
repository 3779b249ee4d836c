import AnkleKinematics
import DecimalText
import Export
import Glibc
import LungeTest
import Motion
import Orientation
import Pipeline
import SensorProtocols
import Timebase

/// Each stage by itself, over what the stage before it made of the same session.
enum StageFigures {
  static let passes = 7

  static func run(_ workload: Workload) {
    let description: ProtocolDescription
    do { description = try ProtocolCatalogue.find("witmotion") } catch { give(up: error.description) }
    let count = Double(workload.count)
    let what = "\(workload.count) samples at \(Int(workload.rate)) Hz, median of \(passes)"

    let decode = median(of: passes) {
      var decoder = description.makeDecoder()
      var samples: [SensorSample] = []
      samples.reserveCapacity(512)
      workload.forEachChunk(512) { bytes, arrived in
        decoder.consume(bytes, arrived: arrived, into: &samples)
        keep(samples)
        samples.removeAll(keepingCapacity: true)
      }
    }
    figure("stage.decode", decode / count, "ns/sample", "bytes to samples, chunks of 512 B: \(what)")
    figure("stage.decode.speed", Double(workload.bytes.count) * 1e3 / decode, "MB/s", "the same, as bytes")
    let search = median(of: passes) { keep(frameStarts(workload.bytes)) }
    figure(
      "peer.memchr.speed", Double(workload.bytes.count) * 1e3 / search, "MB/s",
      "the C library's memchr from one frame start byte to the next, over the same bytes")

    var samples: [SensorSample] = []
    var decoder = description.makeDecoder()
    workload.forEachChunk(512) { bytes, arrived in decoder.consume(bytes, arrived: arrived, into: &samples) }
    var timed: [TimedSample] = []
    timed.reserveCapacity(samples.count)
    let clock = median(of: passes) {
      timed.removeAll(keepingCapacity: true)
      var clock = SessionClock(source: .arrivals(description.clock, nominalRate: nil))
      for index in samples.indices { clock.admit(samples[index], into: &timed) }
    }
    figure("stage.clock", clock / count, "ns/sample", "samples to session time: \(what)")

    filter(AccurateFilter(), "accurate", timed, what)
    filter(KalmanFilter(), "kalman", timed, what)
    filter(ComplementaryFilter(), "complementary", timed, what)
    trials(workload, what)
  }

  private static func filter<F: OrientationFilter>(_ initial: F, _ name: String, _ timed: [TimedSample], _ what: String)
  {
    let time = median(of: passes) {
      var filter = initial
      var last = SessionTime.zero
      for index in timed.indices {
        let interval = timed[index].time.seconds(since: last)
        last = timed[index].time
        let estimate = filter.update(
          acceleration: timed[index].sample.acceleration, angularRate: timed[index].sample.angularRate,
          interval: interval)
        keep(estimate)
      }
    }
    figure("stage.\(name)", time / Double(timed.count), "ns/sample", "samples to orientation: \(what)")
  }

  /// The trial stage over the readings, and the lines that are written of them.
  private static func trials(_ workload: Workload, _ what: String) {
    var engine = EngineFigures.engine(.accurate)
    var emissions: [Emission] = []
    workload.forEachChunk(512) { bytes, arrived in engine.receive(bytes, arrived: arrived, into: &emissions) }
    var angles: [InclinationSample] = []
    for case .reading(let reading) in emissions {
      angles.append(
        InclinationSample(
          time: reading.time, inclination: reading.tibialInclination, inclinationSD: reading.inclinationSD,
          frontalTilt: reading.tiltToRight))
    }
    let time = median(of: passes) {
      var stage = TrialStage(TrialSetting())
      for index in angles.indices { if let trial = stage.update(angles[index]) { keep(trial) } }
    }
    figure("stage.trials", time / Double(angles.count), "ns/sample", "inclinations to trials: \(what)")
    var text = TextBuffer(capacity: 1 << 16)
    let lines = median(of: passes) {
      for index in emissions.indices {
        JSONLines.append(emissions[index], to: &text)
        if text.bytes.count > 1 << 15 { text.removeAll() }
      }
    }
    figure("stage.json", lines / Double(emissions.count), "ns/sample", "readings to JSON lines: \(what)")
  }

  private static func frameStarts(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { buffer in
      var found = 0
      var position = buffer.baseAddress!
      var left = buffer.count
      while let hit = memchr(position, 0x55, left) {
        found += 1
        let next = UnsafeRawPointer(hit) + 1
        left -= next - position
        position = next
      }
      return found
    }
  }
}
