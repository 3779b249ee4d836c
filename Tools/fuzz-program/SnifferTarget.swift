import Motion
import SensorProtocols

/// The sniffer: how the bytes are cut changes no verdict, and a name comes with a confidence.
let snifferTarget = FuzzTarget(
  name: "sniffer",
  seeds: { decoderTargets.flatMap { $0.seeds() }.map { Array($0.dropFirst()) } },
  inputOfStream: { [7] + $0 },
  run: { bytes in
    var reader = FuzzReader()
    let seed = reader.byte(bytes)
    let stream = bytes.extracting(droppingFirst: reader.position)
    var whole = ProtocolSniffer(learning: .numbers)
    whole.consume(stream)
    whole.finish()
    var cut = ProtocolSniffer(learning: .numbers)
    forEachChunk(stream, seed: seed) { cut.consume($0) }
    cut.finish()
    switch (whole.verdict, cut.verdict) {
    case (.unknown(let first), .unknown(let second)):
      if first != second { violated("sniffer: cutting changes the reason: \(first) / \(second)") }
    case (.named(let first), .named(let second)):
      guard first.description.name == second.description.name, first.confidence == second.confidence else {
        violated("sniffer: cutting changes \(first.description.name) to \(second.description.name)")
      }
      if !(first.confidence > 0 && first.confidence <= 1) { violated("sniffer: a confidence of \(first.confidence)") }
    default: violated("sniffer: cutting changes whether a name is given")
    }
  })
