// The fuzzer, built by Tools/fuzz only.
//   talus-fuzz --list                    the targets' names
//   talus-fuzz --seeds TARGET FOLDER STREAMS    writes the inputs to begin with, those made of files of streams among them
//   talus-fuzz TARGET …                  runs the target with libFuzzer's arguments
import CFuzzDriver
import Foundation

let arguments = CommandLine.arguments

func target(_ name: String) -> FuzzTarget {
  guard let target = fuzzTargets.first(where: { $0.name == name }) else {
    say("talus-fuzz: there is no target \(name)")
    exit(2)
  }
  return target
}

if arguments.count == 2, arguments[1] == "--list" {
  for target in fuzzTargets { print(target.name) }
} else if arguments.count == 5, arguments[1] == "--seeds" {
  let target = target(arguments[2])
  var seeds = target.seeds()
  if let inputOfStream = target.inputOfStream {
    for name in try FileManager.default.contentsOfDirectory(atPath: arguments[4]).sorted() {
      seeds.append(inputOfStream(Array(try Data(contentsOf: URL(filePath: arguments[4]).appending(path: name)))))
    }
  }
  for (index, seed) in seeds.enumerated() {
    try Data(seed).write(to: URL(filePath: arguments[3]).appending(path: "seed-\(index)"))
  }
} else if arguments.count >= 2 {
  Chosen.target = target(arguments[1])
  // libFuzzer takes the arguments after the target's name.
  var count = CommandLine.argc - 1
  let list = CommandLine.unsafeArgv
  list[1] = list[0]
  var shifted: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list + 1
  exit(
    LLVMFuzzerRunDriver(&count, &shifted) { data, size in
      Chosen.target?.run(UnsafeBufferPointer(start: data, count: size).span)
      return 0
    })
} else {
  say("talus-fuzz: name a target; --list shows them")
  exit(2)
}

/// The target that runs, for a callback that can carry nothing.
enum Chosen {
  nonisolated(unsafe) static var target: FuzzTarget?
}
