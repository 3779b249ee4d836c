import CaptureImport
import Motion
import TestKit
import Testing

/// A capture that is larger than what is held of it is the same capture.
@Suite struct StreamTests {
  /// All samples with their holes, and the notes that come at the end.
  static func walk(_ capture: Capture) throws -> (samples: [TimedSample], ending: CaptureWalk.Ending) {
    var walk = CaptureWalk(capture)
    var samples: [TimedSample] = []
    var share = 0.0
    while let sample = try walk.next() {
      samples.append(sample)
      #expect(walk.share >= share && walk.share <= 1)
      share = walk.share
    }
    return (samples, walk.ending)
  }

  /// Reads the files with so many samples held.
  static func read(_ files: [String: [UInt8]], _ file: String, held: Int? = nil, rate: Double? = nil) throws -> Capture
  {
    var options = ImportOptions(rate: rate)
    if let held {
      options.held = held
      options.window = 4096
    }
    return try readCapture(BytesSource(label: file, files: files, file: file), options: options)[0]
  }

  /// Holds few samples, and compares with holding all.
  static func check(_ files: [String: [UInt8]], _ file: String, rate: Double? = nil) throws {
    let whole = try read(files, file, rate: rate)
    #expect(whole.isWhole)
    let expected = try walk(whole)
    for held in [100, 400] {
      let part = try read(files, file, held: held, rate: rate)
      // A window is taken as a whole, so that more may be held than was asked for.
      try #require(!part.isWhole && part.samples.count < whole.samples.count)
      let found = try walk(part)
      #expect(found.samples == expected.samples)
      #expect(found.ending.rejectedRows == whole.rejectedRows)
      for note in found.ending.notes { #expect(whole.notes.contains(note)) }
      #expect(part.notes.contains { $0.hasPrefix("units and signs were judged by the first") })
    }
  }

  /// A leg that rests and swings, long enough for several windows.
  static func rows(_ count: Int = 1200) -> [[Double?]] {
    (0..<count).map { row in
      let place = Double(row % 100) / 50 - 1
      let tilt = row % 200 < 100 ? 0 : 0.3 * (1 - place * place)
      return [
        Double(row) / 100, standardGravity * tilt, standardGravity * (1 - tilt * tilt).squareRoot(), 0.125, 0.001,
        -0.002,
        tilt,
      ]
    }
  }

  @Test func tablesInEveryDress() throws {
    var table = TestTable()
    table.rows = Self.rows()
    for (separator, end, mark) in [(",", "\n", "."), (";", "\r\n", ","), ("\t", "\r\r\n", "."), ("|", "\r", ".")] {
      try Self.check(["a.csv": table.text(separator: separator, end: end, mark: mark)], "a.csv")
    }
    let text = table.text(separator: ";", end: "\r\n", mark: ",", quoted: true)
    try Self.check(["a.csv": text], "a.csv")
    // In 16-bit units, both orders.
    let wide = text.flatMap { [$0, 0] as [UInt8] }
    try Self.check(["a.csv": [0xFF, 0xFE] + wide], "a.csv")
    try Self.check(["a.csv": text.flatMap { [0, $0] as [UInt8] }], "a.csv")
    #expect(
      try Self.walk(Self.read(["a.csv": wide], "a.csv")).samples
        == Self.walk(Self.read(["a.csv": text], "a.csv")).samples)
  }

  @Test func holesAndBadRows() throws {
    var table = TestTable()
    table.rows = Self.rows()
    table.rows.removeSubrange(900..<920)
    table.rows[1000][0] = 1
    table.rows[1050][2] = nil
    var lines = String(decoding: table.text(), as: UTF8.self).split(separator: "\n").map { String($0) }
    lines[1100] = "11.2,what,0,0,0,0,0"
    let bytes = Array(lines.joined(separator: "\n").utf8)
    try Self.check(["a.csv": bytes], "a.csv")
    try Self.check(["a.csv": bytes], "a.csv", rate: 50)
    let notes = try Self.walk(Self.read(["a.csv": bytes], "a.csv", held: 100)).ending.notes
    #expect(notes.contains { $0.contains("replaced once, first in line 1002") })
    #expect(notes.contains { $0.contains("first at line 1101, column 2") })
    #expect(notes.contains { $0.hasPrefix("samples without acceleration: 1 of") })
  }

  /// A radio that lost a packet fills it with the row before: said in motion, and not of a leg at rest, whose rounded rows repeat.
  @Test func rowsThatRepeatInMotionAreSaid() throws {
    var table = TestTable(rows: Self.rows())
    for row in [141, 142, 143, 1151] { table.rows[row].replaceSubrange(1..., with: table.rows[row - 1][1...]) }
    for held in [nil, 100] {
      let samples = try Self.walk(Self.read(["a.csv": table.text()], "a.csv", held: held)).samples
      #expect(samples.indices.filter { samples[$0].sample.flags.contains(.stale) } == [141, 142, 143, 1151])
    }
  }

  @Test func moreWrongThanRightIsRefusedInTheEnd() throws {
    let table = TestTable(rows: Self.rows())
    let bytes = table.text() + Array(String(repeating: "1,what,2,3,4,5,6\n", count: 1300).utf8)
    let part = try Self.read(["a.csv": bytes], "a.csv", held: 100)
    #expect(throws: ImportError.self) { try Self.walk(part) }
    #expect(throws: ImportError.self) { try Self.read(["a.csv": bytes], "a.csv") }
  }

  @Test func countersGoOn() throws {
    var text = "// Update Rate: 100.0Hz\nPacketCounter,Acc_X,Acc_Y,Acc_Z\n"
    // Once round, with a row missing here and there.
    for row in 0..<8000 where row % 701 != 3 { text += "\((row + 60_000) % 65_536),0.01,9.81,0\n" }
    try Self.check(["a.txt": Array(text.utf8)], "a.txt")
  }

  @Test func pairsAreJoinedOnTheWay() throws {
    var accelerometer = "\"Time (s)\",\"X (m/s^2)\",\"Y (m/s^2)\",\"Z (m/s^2)\"\n"
    var gyroscope = "\"Time (s)\",\"X (rad/s)\",\"Y (rad/s)\",\"Z (rad/s)\"\n"
    for row in 0..<2000 { accelerometer += "\(Double(row) / 100),0.1,9.8,0.2\n" }
    for row in 5..<3500 where !(2000..<2100).contains(row) {
      gyroscope += "\(Double(row) / 180 + 0.003),\(Double(row % 50) / 100),0,0.01\n"
    }
    let files = ["Accelerometer.csv": Array(accelerometer.utf8), "Gyroscope.csv": Array(gyroscope.utf8)]
    try Self.check(files, "Accelerometer.csv")
    let samples = try Self.walk(Self.read(files, "Accelerometer.csv", held: 100)).samples
    #expect(samples.count { !$0.sample.fields.contains(.angularRate) } > 30)
  }

  @Test func whatIsNoTable() throws {
    var lines = ""
    var packets = "{\"Meas\":["
    for row in 0..<1200 {
      lines +=
        "{\"t_s\":\(Double(row) / 100),\"acc_mps2\":[0,9.80665,\(Double(row % 10) / 100)],\"gyr_radps\":[0,0,0.5]}\n"
      packets +=
        "\(row == 0 ? "" : ","){\"Acc\":{\"Timestamp\":\(row * 20),\"ArrayAcc\":[{\"x\":0,\"y\":9.8,\"z\":0},{\"x\":0,\"y\":9.8,\"z\":0.1}]}}"
    }
    try Self.check(["a.jsonl": Array(lines.utf8)], "a.jsonl")
    try Self.check(["a.json": Array((packets + "]}").utf8)], "a.json")
    var storage = "DataType=Quaternion\nversion=3\nendheader\ntime\ttibia_l\n"
    for row in 0..<1200 { storage += "\(Double(row) / 100)\t0.6,0.8,0,0\n" }
    try Self.check(["a.sto": Array(storage.utf8)], "a.sto")
  }

  @Test func windowsBehindTheBeginning() throws {
    let bytes = TestTable(rows: Self.rows(2000)).text()
    let whole = try Self.read(["a.csv": bytes], "a.csv")
    let part = try Self.read(["a.csv": bytes], "a.csv", held: 100)
    for window in [0.0...2, 3...19, 15...16.05, 19.9...100] {
      let expected = try #require(try whole.window(window))
      let found = try #require(try part.window(window))
      #expect(try Self.walk(found).samples == Self.walk(expected).samples)
    }
    #expect(try part.window(30...40) == nil)
  }

  @Test func plainRowsAndOthersAreReadAlike() throws {
    // What the quick way cannot take falls back row by row.
    let cells = [
      "1e2", "1.5E-3", "-.5", "5.", "+7", "12345678901234567890", "0.1234567890123456789012", "1e-300", "-0", " 3 ",
      "4e400",
    ]
    for cell in cells {
      var plain = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,note\n"
      var quoted = plain
      for row in 0..<50 {
        plain += "\(Double(row) / 100),\(row == 20 ? cell : "0.5"),9.8,0,x\n"
        quoted += "\"\(Double(row) / 100)\",\"\(row == 20 ? cell : "0.5")\",\"9.8\",\"0\",\"x\"\n"
      }
      let (a, b) = (
        try Self.read(["a.csv": Array(plain.utf8)], "a.csv"), try Self.read(["a.csv": Array(quoted.utf8)], "a.csv")
      )
      #expect(a.samples == b.samples && a.rejectedRows == b.rejectedRows, "\(cell)")
    }
  }
}
