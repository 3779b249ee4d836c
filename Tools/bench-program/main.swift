// Benchmarks of the program's own stages, one line a figure: name, value, unit, what was measured.
//   talus-bench [--samples N]                      the engine and its stages
//   talus-bench --profile [--samples N]            only the engine with its usual filter, for a profiler
//   talus-bench --sessions [--count N] [--only end-range|trials|verdicts|heel-lift] [--filter NAME] [--verbose]
//                                                  simulated sessions against their truth
//   talus-bench --angle [--count N] [--only alignment|sessions|distance] [--verbose]
//                                                  alignment, uncertainty and distance against their truth
//   talus-bench --timebase [CAPTURES] [--only accuracy|ways|losses|sync|cost]
//                                                  accuracy of session time, losses in captures, alignment of recordings
//   talus-bench --import FILE                      how fast a capture is read, and in what memory
//   talus-bench --numbers COUNT                    the number parser against strtod
//   talus-bench --orientation FOLDER [--shank FOLDER] [--only accuracy|cost|sensitivity|cheap]
//                                                  accuracy, claims and cost of the filters on recordings with optical truth
//   talus-bench --decoders [CAPTURES] [--streams FOLDER]
//                                                  speed of every decoder, and on real captures; the streams into FOLDER
//   talus-bench --sniffer [CAPTURES]               what streams, captures and noise are called
import Glibc

let arguments = CommandLine.arguments.dropFirst()
let verbose = arguments.contains("--verbose")

func value(of option: String) -> String? {
  guard let place = arguments.firstIndex(of: option), arguments.indices.contains(place + 1) else { return nil }
  return arguments[place + 1]
}

if let folder = value(of: "--orientation") {
  OrientationAccuracy.run(folder: folder, shank: value(of: "--shank"), delay: 0.0024, part: value(of: "--only"))
} else if arguments.contains("--sessions") {
  let count = value(of: "--count").flatMap(Int.init) ?? 200
  guard (1...100_000).contains(count) else { give(up: "--count: give 1 to 100000") }
  let parts = value(of: "--only").map { [$0] } ?? ["end-range", "trials", "verdicts", "heel-lift"]
  if parts.contains("end-range") { EndRangeAccuracy.run(count: count, verbose: verbose) }
  if parts.contains("trials") { TrialAccuracy.run(count: count * 3 / 2, verbose: verbose) }
  if parts.contains("verdicts") { VerdictAccuracy.run(count: max(count / 3, 1), verbose: verbose) }
  if parts.contains("heel-lift") { HeelLiftAccuracy.run(count: max(count / 4, 1), verbose: verbose) }
} else if arguments.contains("--angle") {
  let count = value(of: "--count").flatMap(Int.init) ?? 200
  guard (1...100_000).contains(count) else { give(up: "--count: give 1 to 100000") }
  let parts = value(of: "--only").map { [$0] } ?? ["alignment", "sessions", "distance"]
  if parts.contains("alignment") { AngleFigures.run(count: count, verbose: verbose) }
  if parts.contains("sessions") { AngleUncertaintyFigures.run(count: count, verbose: verbose) }
  if parts.contains("distance") { DistanceFigures.run() }
} else if arguments.contains("--decoders") {
  DecoderFigures.run(captures: value(of: "--decoders"), streams: value(of: "--streams"))
} else if arguments.contains("--sniffer") {
  SnifferFigures.run(captures: value(of: "--sniffer"))
} else if let count = value(of: "--numbers").flatMap(Int.init) {
  NumberFigures.run(count)
} else if let file = value(of: "--import") {
  ImportFigures.run(file)
} else if arguments.contains("--timebase") {
  let captures = value(of: "--timebase").flatMap { $0.first == "-" ? nil : $0 }
  TimebaseAccuracy.run(captures: captures, part: value(of: "--only"))
} else {
  let count = value(of: "--samples").flatMap(Int.init) ?? 1_000_000
  guard count >= 10_000 else { give(up: "--samples: give at least 10000") }
  if arguments.contains("--profile") {
    EngineFigures.profile(Workload(rate: 100, count: count))
    exit(0)
  }
  EngineFigures.run(slow: Workload(rate: 100, count: count), fast: Workload(rate: 1000, count: count))
  StageFigures.run(Workload(rate: 100, count: min(count, 200_000)))
}
