import CaptureImport
import Foundation
import Motion
import TestKit
import Testing

@Suite struct HostileInputTests {
  /// What must hold of anything that is read at all.
  static func check(_ bytes: [UInt8], rate: Double? = 100) {
    guard let capture = try? read(bytes, rate: rate) else { return }
    #expect(capture.samples.first?.time == .zero)
    for (a, b) in zip(capture.samples, capture.samples.dropFirst()) where a.time >= b.time {
      Issue.record("time stands or runs backwards")
      return
    }
  }

  static let samples: [[UInt8]] = [
    Array(TestTable().text().prefix(900)),
    Array(TestTable().text(separator: "\t", end: "\r\n", mark: ",", quoted: true).prefix(900)),
    Array(
      """
      // Start Time: Unknown
      // Update Rate: 100.0Hz
      PacketCounter\tSampleTimeFine\tAcc_X\tAcc_Y\tAcc_Z\tGyr_X\tGyr_Y\tGyr_Z\tQuat_q0\tQuat_q1\tQuat_q2\tQuat_q3
      65534\t\t9.6\t0.1\t-1.8\t0.02\t0.002\t0.007\t1\t0\t0\t0
      65535\t\t9.6\t0.1\t-1.8\t0.02\t0.002\t0.007\t1\t0\t0\t0
      00000\t\t9.6\t0.1\t-1.8\t0.02\t0.002\t0.007\t1\t0\t0\t0
      00003\t\tNaN\t0.1\t-1.8\t0.02\t0.002\t0.007\t1\t0\t0\t0
      """.utf8),
  ]

  @Test(arguments: 0..<3)
  func cutAnywhere(_ which: Int) {
    let bytes = Self.samples[which]
    for count in 0...bytes.count { Self.check(Array(bytes.prefix(count))) }
  }

  /// Dates that fit no clock: their nanoseconds since 1970 do not fit in 64 bits.
  @Test(arguments: [
    "14-Nov-0023", "14-Nov-9999", "0001-01-01", "9999-12-31", "999999999-12-31", "2023-99999999-12", "31.12.9999",
  ])
  func datesOutsideOfTime(_ date: String) {
    let rows = (0..<50).map { "\(date) 10:00:0\($0 / 10).\($0 % 10)00,0,9.8,0.1" }
    Self.check(Array(("time,acc_x,acc_y,acc_z\n" + rows.joined(separator: "\n") + "\n").utf8))
  }

  @Test func bytesTurnedIntoOthers() {
    var random = RandomSource(seed: 31)
    let alphabet = Array("\n\r\t ,;\".-e0123456789naNxyz(/#:=\0\u{FF}".utf8)
    for round in 0..<1500 {
      var bytes = Self.samples[round % 3]
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random)!
      }
      Self.check(bytes)
    }
  }

  @Test func randomBytesAndRandomText() {
    var random = RandomSource(seed: 32)
    let alphabet = Array("\n\n\r\t ,,;\".-e0123456789time_acc_xyz(s)".utf8)
    for _ in 0..<1500 {
      let count = Int.random(in: 0...600, using: &random)
      Self.check((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
      Self.check((0..<count).map { _ in alphabet.randomElement(using: &random)! })
    }
  }

  @Test func extremeNumbersInTimeCounterAndValues() {
    let extremes = [
      "1e308", "-1e308", "1e-320", "9223372036854775807", "18446744073709551616", "4294967296", "-1", "0.5",
    ]
    for (index, sample) in Self.samples.enumerated() {
      let text = String(decoding: sample, as: UTF8.self)
      for extreme in extremes {
        for old in ["0.03", "65535", "9.75", "0.0,", "9.6"] {
          Self.check(Array(text.replacing(old, with: index == 1 ? "\(extreme)" : extreme).utf8))
        }
      }
    }
  }

  @Test func oneEndlessLineAndManyCarriageReturnsAreReadInLinearTime() {
    let start = ContinuousClock.now
    Self.check([UInt8](repeating: 44, count: 2_000_000))
    Self.check([UInt8](repeating: 13, count: 2_000_000))
    Self.check([UInt8](repeating: 34, count: 2_000_000))
    Self.check(Array("t_s,acc_x_mps2\n".utf8) + [UInt8](repeating: 13, count: 2_000_000))
    Self.check(TestTable().text() + [UInt8](repeating: 44, count: 2_000_000))
    // Seconds even unoptimised; quadratic work on 2 MB would take hours.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func whatIsNoCaptureSaysWhy() {
    #expect(refusal("")?.kind == .empty)
    #expect(refusal(" \n\n")?.kind == .empty)
    #expect(refusal("a\0b,c")?.kind == .notText)
    #expect(refusal("{\"Meas\":{}}")?.kind == .unknownFormat)
    #expect(refusal("just words\nand more words\n")?.kind == .unknownFormat)
    let unknown = refusal("a,b,c\n1,2,3\n4,5,6\n")
    #expect(unknown?.kind == .unknownFormat)
    #expect(unknown?.attempts.map(\.format) == Array(captureFormatNames.dropLast(3)))
    #expect(unknown?.description.contains("no column 'PacketCounter' (line 1)") == true)
    #expect(throws: ImportError.self) { try read([0xFF, 0xFE, 0x41, 0]) }
  }

  static let empty = "the file is empty: nothing was written to it, or it was not copied whole; copy it again"

  @Test func aFolderIsNamedWithTheFileThatStandsForIt() throws {
    #expect(captureFile(inFolder: ["Battery.csv", "Inertial.csv", "Quaternion.csv"]) == "Inertial.csv")
    #expect(captureFile(inFolder: ["a.csv", "b.csv"]) == nil)
    func error(_ files: [String: [UInt8]]) -> ImportError? {
      do throws(ImportError) {
        _ = try readCapture(BytesSource(label: "session", files: files, file: nil))
        return nil
      } catch {
        return error
      }
    }
    #expect(error(["Inertial.csv": []])?.description == "session/Inertial.csv: \(Self.empty)")
    #expect(error(["b.csv": TestTable().text()])?.kind == .unknownFormat)
    let beside = [
      "Accelerometer.csv": [UInt8](),
      "Gyroscope.csv": Array("\"Time (s)\",\"X (rad/s)\",\"Y (rad/s)\",\"Z (rad/s)\"\n1,2,3,4\n".utf8),
    ]
    #expect(throws: ImportError(.empty, file: "Accelerometer.csv beside Gyroscope.csv", Self.empty)) {
      try readCapture(BytesSource(label: "Gyroscope.csv", files: beside, file: "Gyroscope.csv"))
    }
  }

  @Test func filesThatCanNotBeReadSayTheSystemsReason() throws {
    #expect(throws: ImportError(unreadable: "/nowhere/x.csv", errno: ENOENT)) {
      try readCapture(FileSource(path: "/nowhere/x.csv"))
    }
    #expect(throws: MappedFile.Failure.self) { _ = try MappedFile(path: "/dev/null") }
    let folder = FileManager.default.temporaryDirectory.appending(path: "talus-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: MappedFile.Failure(path: folder.path, errno: EISDIR)) { _ = try MappedFile(path: folder.path) }
    let file = folder.appending(path: "Inertial.csv").path
    try Data().write(to: URL(filePath: file))
    #expect(try MappedFile(path: file).withBytes { $0.count } == 0)
    try Data(TestTable().text()).write(to: URL(filePath: file))
    #expect(try MappedFile(path: file).withBytes { $0.count } == TestTable().text().count)
    // The folder stands for its Inertial.csv, whatever its content turns out to be.
    #expect(try readCapture(FileSource(path: folder.path))[0].samples.count == 60)
    #expect(try readCapture(FileSource(path: file))[0].samples.count == 60)
  }
}
