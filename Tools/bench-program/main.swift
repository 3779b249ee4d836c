// Benchmarks of the program's own stages, one line a figure: name, value, unit, what was measured.
let arguments = CommandLine.arguments.dropFirst()
let verbose = arguments.contains("--verbose")
if let folder = arguments.firstIndex(of: "--orientation").map({ arguments[$0 + 1] }) {
  OrientationAccuracy.run(folder: folder, delay: 0.0024)
}
if arguments.contains("--timebase") { TimebaseAccuracy.run() }
