import CAllocations
import DecimalText
import Export
import Motion
import Orientation
import Pipeline

/// Bytes to readings, and bytes to JSON lines, through the whole engine as the live run and the replay have it.
enum EngineFigures {
  static let passes = 5

  static func run(slow: Workload, fast: Workload) {
    for filter in PipelineConfiguration.Filter.allCases {
      for (workload, chunk) in [(slow, 64), (slow, 512), (fast, 4096)] {
        let name = "engine.\(filter.rawValue).\(chunk)B"
        let what = "\(workload.count) samples at \(Int(workload.rate)) Hz, chunks of \(chunk) B, median of \(passes)"
        check(workload, chunk: chunk, filter)
        let readings = median(of: passes) { pass(workload, chunk: chunk, filter) }
        figure(name, readings / Double(workload.count), "ns/sample", "bytes to readings: \(what)")
        if chunk == 512 {
          let lines = median(of: passes) { passWithLines(workload, chunk: chunk, filter) }
          figure(name + ".json", lines / Double(workload.count), "ns/sample", "bytes to JSON lines: \(what)")
        }
      }
    }
    for (workload, chunk) in [(slow, 64), (slow, 512), (fast, 4096)] { allocations(workload, chunk: chunk) }
  }

  /// Many passes of one kind, so that a profile shows the engine and not the making of its input.
  static func profile(_ workload: Workload) {
    let time = median(of: 15) { pass(workload, chunk: 512, .accurate) }
    figure("engine.accurate.512B", time / Double(workload.count), "ns/sample", "bytes to readings, median of 15")
  }

  static func engine(_ filter: PipelineConfiguration.Filter) -> Pipeline {
    var configuration = PipelineConfiguration()
    configuration.protocolName = "witmotion"
    configuration.mountAssumed = false
    configuration.filter = filter
    configuration.height = 1.7
    do { return try Pipeline(configuration) } catch { give(up: error.description) }
  }

  /// Every sample comes out and the lunges are found: a figure of an engine that does less would be none.
  private static func check(_ workload: Workload, chunk: Int, _ filter: PipelineConfiguration.Filter) {
    var engine = engine(filter)
    var emissions: [Emission] = []
    var readings = 0
    var trials = 0
    func count() {
      for emission in emissions {
        switch emission {
        case .reading: readings += 1
        case .trial: trials += 1
        default: break
        }
      }
      emissions.removeAll(keepingCapacity: true)
    }
    workload.forEachChunk(chunk) { bytes, arrived in
      engine.receive(bytes, arrived: arrived, into: &emissions)
      count()
    }
    engine.finish(into: &emissions)
    count()
    let counters = engine.counters
    guard readings == workload.count, counters.gaps == 0, counters.bytes.skipped == 0 else {
      give(up: "the engine lost samples: \(counters)")
    }
    let expected = Double(workload.count) / workload.rate / 12
    guard Double(trials) > expected else { give(up: "\(trials) trials were found, fewer than \(expected)") }
  }

  private static func pass(_ workload: Workload, chunk: Int, _ filter: PipelineConfiguration.Filter) {
    var engine = engine(filter)
    var emissions: [Emission] = []
    emissions.reserveCapacity(1024)
    workload.forEachChunk(chunk) { bytes, arrived in
      engine.receive(bytes, arrived: arrived, into: &emissions)
      keep(emissions)
      emissions.removeAll(keepingCapacity: true)
    }
  }

  private static func passWithLines(_ workload: Workload, chunk: Int, _ filter: PipelineConfiguration.Filter) {
    var engine = engine(filter)
    var emissions: [Emission] = []
    emissions.reserveCapacity(1024)
    var text = TextBuffer(capacity: 1 << 16)
    workload.forEachChunk(chunk) { bytes, arrived in
      engine.receive(bytes, arrived: arrived, into: &emissions)
      for emission in emissions { JSONLines.append(emission, to: &text) }
      emissions.removeAll(keepingCapacity: true)
      keep(text)
      text.removeAll()
    }
  }

  /// Counted over the last four fifths of the session, with its trials: buffers have grown by then.
  private static func allocations(_ workload: Workload, chunk: Int) {
    var engine = engine(.accurate)
    var emissions: [Emission] = []
    emissions.reserveCapacity(1024)
    var text = TextBuffer(capacity: 1 << 16)
    var chunks = 0
    func feed(_ start: Int, _ end: Int) {
      workload.forEachChunk(chunk, from: start, to: end) { bytes, arrived in
        engine.receive(bytes, arrived: arrived, into: &emissions)
        for emission in emissions { JSONLines.append(emission, to: &text) }
        emissions.removeAll(keepingCapacity: true)
        text.removeAll()
        chunks += 1
      }
    }
    let warm = workload.bytes.count / 5 / chunk * chunk
    feed(0, warm)
    chunks = 0
    let (calls, bytes) = (bench_allocations(), bench_allocated_bytes())
    feed(warm, workload.bytes.count)
    let made = bench_allocations() - calls
    let size = bench_allocated_bytes() - bytes
    figure(
      "engine.allocations.\(chunk)B", Double(made) / Double(chunks), decimals: 4, "per chunk",
      "bytes to JSON lines, \(made) allocations of \(size) B in \(chunks) chunks of \(chunk) B in steady state")
    control()
  }

  /// The counter counts: ten arrays are ten allocations.
  private static func control() {
    let before = bench_allocations()
    for size in 1...10 { keep([UInt8](repeating: 1, count: 1000 * size)) }
    guard bench_allocations() - before >= 10 else { give(up: "the counter of allocations does not count") }
  }
}
