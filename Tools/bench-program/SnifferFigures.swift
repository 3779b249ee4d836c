import Foundation
import Motion
import SensorProtocols

/// What the sniffer calls streams of every protocol, captures, and bytes that are no protocol.
enum SnifferFigures {
  /// Prints the table of confusion, one line a cell, and the shares.
  ///
  /// - Parameter captures: a folder of captures with a folder each; nil for encoded streams only.
  static func run(captures: String?) {
    var table: [String: Int] = [:]
    var checked = (right: 0, total: 0)
    var wrong = 0
    for row in ProtocolCatalogue.rows where !row.name.contains(":") {
      guard let bytes = DecoderFigures.stream(row, atLeast: 8192) else { continue }
      let frame = frameLength(row)
      for start in 0..<100 {
        // Joined anywhere: the rest of a frame, three whole ones, at most 2 kB.
        let offset = start * 7 % (bytes.count / 2)
        let length = row.hasChecksum ? min(4 * frame, 2048) : min(24 * frame, 2048)
        let found = named(Array(bytes[offset..<min(offset + length, bytes.count)]))
        table["\(row.name) as \(found ?? "unknown")", default: 0] += 1
        if row.hasChecksum && !dialogues.contains(row.name) {
          checked.total += 1
          if found == row.name { checked.right += 1 }
        }
        // The same bytes under another name.
        let isSame = row.name == "bei" && found == "meas" || row.name == "rion-tl740" && found == "rion"
        if let found, found != row.name, !isSame { wrong += 1 }
      }
      for (kind, spoil) in spoilt {
        let found = named(spoil(Array(bytes.prefix(4096))))
        table["\(row.name), \(kind), as \(found ?? "unknown")", default: 0] += 1
        if let found, found != row.name || kind != "a flipped bit in every tenth byte" { wrong += 1 }
      }
    }
    var state: UInt64 = 88_172_645_463_325_252
    for _ in 0..<200 {
      let noise = (0..<2048).map { _ -> UInt8 in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
      }
      let found = named(noise)
      table["random bytes as \(found ?? "unknown")", default: 0] += 1
      if found != nil { wrong += 1 }
    }
    for text in ["The quick brown fox jumps over the lazy dog.\r\n", "12.5,3.25,-1\r\n", "$GPGGA,1,2,3*4A\r\n"] {
      let found = named(Array(String(repeating: text, count: 60).utf8))
      table["plain text as \(found ?? "unknown")", default: 0] += 1
      if found != nil { wrong += 1 }
    }
    if let captures { wrong += capturesTable(captures, &table) }
    for (cell, count) in table.sorted(by: { $0.key < $1.key }) { print("sniffer: \(cell): \(count)") }
    figure(
      "sniffer.named", 100 * Double(checked.right) / Double(max(1, checked.total)), decimals: 2, "%",
      "streams with a checksum, joined anywhere, named within three frames or 2 kB; \(checked.total) streams")
    figure("sniffer.wrong", Double(wrong), decimals: 0, "names", "given to something else, or to no protocol")
  }

  /// Protocols that bytes alone do not name: the sniffer leaves them out.
  private static let dialogues = ["witmotion-modbus", "witmotion-modbus-32", "stabila", "rion-tl740"]

  private static let spoilt: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
    ("inverted line", { $0.map { ~$0 } }),
    ("half the speed", { received($0, speed: 0.5) }), ("twice the speed", { received($0, speed: 2) }),
    ("9600 read at 115200", { received($0, speed: 12) }), ("115200 read at 921600", { received($0, speed: 8) }),
    ("115200 read at 38400", { received($0, speed: 1 / 3.0) }),
    ("57600 read at 38400", { received($0, speed: 2 / 3.0) }),
    ("an inverted line, bit by bit", { received($0, speed: 1, isInverted: true) }),
    ("shifted by a bit", { $0.map { $0 << 1 | 1 } }),
    (
      "a flipped bit in every tenth byte", { $0.enumerated().map { $0.offset % 10 == 3 ? $0.element ^ 4 : $0.element } }
    ),
  ]

  /// What a receiver makes of a wire that carries these bytes, start and stop bits about each and a pause now and then: it samples in the middle of the
  /// bits of its own speed, and begins at every start bit.
  private static func received(_ bytes: [UInt8], speed: Double, isInverted: Bool = false) -> [UInt8] {
    var wire: [Bool] = []
    for (index, byte) in bytes.enumerated() {
      wire.append(false)
      for bit in 0..<8 { wire.append(byte & (1 << bit) != 0) }
      wire.append(true)
      if index % 64 == 63 { wire += [Bool](repeating: true, count: 20) }
    }
    if isInverted { wire = wire.map { !$0 } }
    var heard: [UInt8] = []
    var place = 1.0
    while place < Double(wire.count) - 11 / speed {
      let index = Int(place)
      guard wire[index - 1] && !wire[index] else {
        place = Double(index + 1)
        continue
      }
      var byte: UInt8 = 0
      for bit in 0..<8 where wire[Int(Double(index) + (Double(bit) + 1.5) / speed)] { byte |= 1 << bit }
      // Without a stop bit the driver gives the byte as well, where it is not told to mark it.
      heard.append(byte)
      place = Double(index) + 9.5 / speed
      place = max(place, Double(index + 1))
    }
    return heard
  }

  private static func frameLength(_ row: ProtocolDescription) -> Int {
    guard var encoder = row.makeEncoder() else { return 0 }
    var first: [UInt8] = []
    for index in 0..<3 { encoder.encode(DecoderFigures.sample(index, row), into: &first) }
    let before = first.count
    encoder.encode(DecoderFigures.sample(3, row), into: &first)
    return first.count - before
  }

  private static func named(_ bytes: [UInt8]) -> String? {
    var sniffer = ProtocolSniffer()
    sniffer.consume(bytes.span)
    sniffer.finish()
    guard case .named(let finding) = sniffer.verdict else { return nil }
    return finding.description.name
  }

  /// The vectors of each folder, once and repeated, and every 2 kB of the long captures.
  ///
  /// - Returns: how many were called by a name that is not the folder's.
  private static func capturesTable(_ folder: String, _ table: inout [String: Int]) -> Int {
    let own = [
      "bno08x_rvc": ["bno08x-rvc"], "mip": ["microstrain"], "rion_bwsensing": ["rion"], "vectornav": ["vectornav"],
      "witmotion_standard": ["witmotion", "witmotion-ble"], "xsens_mtdata2": ["xsens"], "ximu3": ["ximu3"],
      "diy_ascii": ["sketch", "teapot", "ximu3"], "inclinometer_misc": ["dxl360s", "meas", "jewell"],
      "shimmer3": ["shimmer3", "shimmer3-log"], "witmotion_modbus": [], "lpms": [], "yost": [],
      "witmotion_decoded_logs": [],
    ]
    var wrong = 0
    func judge(_ set: String, _ bytes: [UInt8]) {
      let found = named(bytes)
      table["captures/\(set) as \(found ?? "unknown")", default: 0] += 1
      if let found, !(own[set] ?? []).contains(found) { wrong += 1 }
    }
    let files = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
    for path in files {
      guard let set = path.split(separator: "/").first.map(String.init), path.contains("/"),
        let data = FileManager.default.contents(atPath: folder + "/" + path)
      else { continue }
      if path.hasSuffix(".jsonl") {
        for line in data.split(separator: 10) {
          guard let record = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] else { continue }
          let text = (record["ascii"] ?? record["line"]) as? String
          let bytes =
            text.map { Array(($0 + (set == "diy_ascii" ? "\r\n" : "")).utf8) }
            ?? (record["hex"] as? String).map(hexadecimalBytes)
          for repeats in [1, 3, 12] {
            if let bytes { judge(set, Array(repeating: bytes, count: repeats).flatMap { $0 }) }
          }
        }
      } else if path.hasSuffix(".bin") || path.hasSuffix(".TXT") || path.hasSuffix(".csv") {
        for start in stride(from: 0, to: max(1, min(data.count - 2048, 200_000)), by: 2048) {
          judge(set, Array(data[start..<min(start + 2048, data.count)]))
        }
      }
    }
    return wrong
  }

  private static func hexadecimalBytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
