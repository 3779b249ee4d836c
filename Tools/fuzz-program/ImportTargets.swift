import CaptureImport
import DecimalText
import Glibc
import Motion

/// The importers: whatever the bytes, what is read has times that strictly increase from zero and finite values, and what is held of it makes no
/// difference to how it ends.
let importTargets: [FuzzTarget] =
  importFileNames.map { name in
    FuzzTarget(
      name: "import-\(name.kind)",
      seeds: { name.seeds.map { Array($0.utf8) } + name.binarySeeds },
      run: { bytes in
        let copy = bytes.withUnsafeBufferPointer { Array($0.prefix(1 << 16)) }
        // The length decides what else is said, so that the input stays a file.
        var options = ImportOptions(rate: copy.count & 1 == 1 ? 100 : nil)
        let source = BytesSource(label: name.file, files: files(copy, named: name), file: name.file)
        let captures = try? readCapture(source, options: options)
        for capture in captures ?? [] { checkCapture(capture) }
        // Cut into small windows it is the same; held in part it ends in the same way.
        options.window = 64
        let cut = try? readCapture(source, options: options)
        if cut?.map(\.samples) != captures?.map(\.samples) || cut?.map(\.gaps) != captures?.map(\.gaps) {
          violated("import: windows change what is read")
        }
        options.held = 8
        for part in (try? readCapture(source, options: options)) ?? [] { checkCapture(part) }
      })
  } + [numberTarget]

/// The file alone; or, for a pair, the part behind the first empty line as the file beside it.
private func files(_ bytes: [UInt8], named name: ImportFile) -> [String: [UInt8]] {
  guard let beside = name.beside else { return [name.file: bytes] }
  var cut = bytes.count
  for index in bytes.indices.dropLast() where bytes[index] == 10 && bytes[index + 1] == 10 {
    cut = index + 1
    break
  }
  return [name.file: Array(bytes[..<cut]), beside: Array(bytes[min(cut + 1, bytes.count)...])]
}

/// Numbers: the same as strtod gives to the last bit, by both ways.
private let numberTarget = FuzzTarget(
  name: "numbers",
  seeds: {
    ["1.5", "-0.0e-7", "123456789012345678901234567890", "4.9e-324", "1e23", "8.5070591730234615e37"].map {
      Array($0.utf8)
    }
  },
  run: { bytes in
    var text = bytes.withUnsafeBufferPointer { Array($0.prefix(400)) }
    let mine = parseDecimal(text.span)
    text.append(0)
    var index = 0
    let scanned = scanDecimal(text.span, at: &index, mark: UInt8(ascii: "."))
    let isWhole = index == text.count - 1
    if !scanned.isNaN, isWhole, scanned.bitPattern != mine?.bitPattern { violated("numbers: two ways, two values") }
    guard let mine else { return }
    let theirs = text.withUnsafeBytes { strtod($0.baseAddress!.assumingMemoryBound(to: CChar.self), nil) }
    if mine.bitPattern != theirs.bitPattern { violated("numbers: not what strtod gives") }
  })

private func checkCapture(_ capture: Capture) {
  var previous = SessionTime(nanoseconds: -1)
  var walk = CaptureWalk(capture)
  while let sample = try? walk.next() {
    if sample.time <= previous { violated("import: time stands or runs backwards (\(capture.format))") }
    previous = sample.time
    let fields = sample.sample.fields
    if let gap = sample.gapBefore, gap.end > sample.time || gap.start >= gap.end {
      violated("import: a hole that does not end at its sample (\(capture.format))")
    }
    if fields.contains(.acceleration), !sample.sample.acceleration.isFinite {
      violated("import: an acceleration that is no number (\(capture.format))")
    }
    if fields.contains(.orientation), abs(sample.sample.orientation.lengthSquared - 1) > 1e-6 {
      violated("import: a quaternion that has not unit length (\(capture.format))")
    }
  }
  if let first = capture.samples.first, first.time != .zero { violated("import: the first sample is not at zero") }
}

/// A kind of file, and what it may look like.
private struct ImportFile {
  var kind: String
  var file: String
  /// A second file of the folder.
  var beside: String?
  var seeds: [String]
  var binarySeeds: [[UInt8]] = []

  init(_ kind: String, _ file: String, beside: String? = nil, _ seeds: [String]) {
    self.kind = kind
    self.file = file
    self.beside = beside
    self.seeds = seeds
  }
}

/// Files of each kind, so that the fuzzer begins near every reader.
private let importFileNames: [ImportFile] = [
  ImportFile(
    "table", "capture.csv",
    [
      "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_dps,gyr_y_dps,gyr_z_dps\n0,0,9.8,0,1,2,3\n0.01,0,9.8,0,1,2,3\n0.02,0,9.8,0,1,2,3\n",
      "// Update Rate: 100.0Hz\nPacketCounter\tAcc_X\tAcc_Y\tAcc_Z\tQuat_q0\tQuat_q1\tQuat_q2\tQuat_q3\n1\t0\t9.8\t0\t1\t0\t0\t0\n2\t0\t9.8\t0\t1\t0\t0\t0\n",
      "\"sep=\t\"\nShimmer_BFED_Timestamp_Unix_CAL\tShimmer_BFED_Accel_LN_X_CAL\tShimmer_BFED_Accel_LN_Y_CAL\tShimmer_BFED_Accel_LN_Z_CAL\t\nms\tm/(s^2)\tm/(s^2)\tm/(s^2)\t\n1.5E12\t0\t9.8\t0\t\n1.501E12\t0\t9.8\t0\t\n",
      "Format=7,5718,,,Lumbar\nTime,Accelerometer,,,Gyroscope,,\n,X,Y,Z,X,Y,Z\n1550879504438281,0,9.8,0,0,0,0\n1550879504448281,0,9.8,0,0,0,0\n",
      "SampleTimeFine;Euler_X;Euler_Y;Euler_Z\n0;-0,4826;0,1644;-2,2543\n1;-0,4826;0,1644;-2,2543\n",
      "Label: Mini sensor 10: ACC.X 10 Unit: g\n\nX[s],\"Mini sensor 10: ACC.X 10\",X[s],\"Mini sensor 10: ACC.Y 10\",X[s],\"Mini sensor 10: ACC.Z 10\"\n0,0,0,1,0,0\n1e-002,0,1e-002,1,1e-002,0\n",
      "time,seconds_elapsed,z,y,x\n1679068247354694100,0.15,9.8,0,0\n1679068247375690000,0.17,9.8,0,0\n",
      "loggingTime(txt),accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G)\n2018-10-03 17:23:55.46,0,-1,0\n2018-10-03 17:23:55.48,0,-1,0\n",
      "sensor,time_s,ax,ay,az\nshank,0,0,9.8,0\nfoot,0,0,9.8,0\nshank,0.01,0,9.8,0\nfoot,0.01,0,9.8,0\n",
      "14-Nov-2023 10:00:00.000,0,9.8,0\n14-Nov-2023 10:00:00.010,0,9.8,0\n",
      "Zeit [s];Beschl. X [m/s\u{B2}];Beschl. Y [m/s\u{B2}];Beschl. Z [m/s\u{B2}]\n0;0,1;9,8;0,1\n0,01;0,1;9,8;0,1\n",
      "Shimmer\tShimmer\tShimmer\tShimmer\nTimestamp\tAccel X\tAccel Y\tAccel Z\nCAL\tCAL\tCAL\tCAL\nmSecs\tm/(sec^2)*\tm/(sec^2)*\tm/(sec^2)*\n0\t0\t9.8\t0\n10\t0\t9.8\t0\n",
      "address\tTime(s)\tChipTime\tax(g)\tay(g)\taz(g)\n1\t10:00:00.000\t2021-05-05 10:00:00.000\t0\t1\t0\n1\t10:00:00.020\t2021-05-05 10:00:00.020\t0\t1\t0\n",
    ]
  ),
  ImportFile(
    "storage", "orientations.sto",
    ["DataRate=60.0\nDataType=Quaternion\nversion=3\nendheader\ntime\ttibia_l_imu\n0\t1,0,0,0\n0.01\t0.6,0.8,0,0\n"]
  ),
  ImportFile(
    "lines", "samples.jsonl",
    [
      "{\"t_s\":0.000000,\"acc_mps2\":[0,9.8,0],\"gyr_radps\":[0,0,1],\"quat\":[1,0,0,0]}\n{\"t_s\":0.01,\"acc_mps2\":[0,9.8,0],\"incl_x_deg\":1.5,\"flags\":[\"stale\"]}\n"
    ]
  ),
  ImportFile(
    "pair", "Accelerometer.csv", beside: "Gyroscope.csv",
    [
      "\"Time (s)\",\"X (m/s^2)\",\"Y (m/s^2)\",\"Z (m/s^2)\"\n0,0,9.8,0\n0.01,0,9.8,0\n0.02,0,9.8,0\n\n\"Time (s)\",\"X (rad/s)\",\"Y (rad/s)\",\"Z (rad/s)\"\n0.005,1,0,0\n0.015,1,0,0\n0.025,1,0,0\n",
      "time,seconds_elapsed,z,y,x\n1679068247354694100,0.15,0.1,0,0\n1679068247375690000,0.17,9.8,0,0\n\ntime,seconds_elapsed,z,y,x\n1679068247354694100,0.15,9.8,0,0\n1679068247375690000,0.17,9.8,0,0\n",
    ]
  ),
  ImportFile(
    "json", "log.json",
    [
      "{\"Meas\":{\"IMU9\":[{\"ArrayAcc\":[{\"x\":0.1,\"y\":9.8,\"z\":0},{\"x\":0.1,\"y\":9.8,\"z\":0}],\"ArrayGyro\":[{\"x\":1,\"y\":2,\"z\":3}],\"Timestamp\":12},{\"ArrayAcc\":[{\"x\":0.1,\"y\":9.8,\"z\":0}],\"Timestamp\":32}]}}"
    ]
  ),
  archives,
]

/// Real archives: one table kept as it is, a pair of files and two sensors' folders packed, so that the fuzzer begins behind the directory.
private let archives: ImportFile = {
  var file = ImportFile("archive", "capture.zip", [])
  file.binarySeeds = packedArchives.map { text in
    let digits = Array(text.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
  return file
}()

/// As hexadecimal digits.
private let packedArchives: [String] = [
  "504b030414000000000000002100a7ca4c57520000005200000005000000612e637376745f732c61785f672c61795f672c61"
    + "7a5f670a302c302c312c300a302e30312c302c312c300a302e30322c302c312c300a302e30332c302c312c300a302e30342c"
    + "302c312c300a302e30352c302c312c300a504b0102140314000000000000002100a7ca4c5752000000520000000500000000"
    + "00000000000000800100000000612e637376504b0506000000000100010033000000750000000000",
  "504b030414000000080000002100f1153251360000007200000011000000416363656c65726f6d657465722e6373760bc9cc"
    + "4d55d028d6d48950d0c8d52f8e33d2d48984b3a2602c2e031d031d4b3d0b1d032e033d0343648e1132c718996382cc318573"
    + "00504b030414000000080000002100c5a70f5d350000006f0000000d0000004779726f73636f70652e6373760bc9cc4d55d0"
    + "28d6d48950d0284a4cd107b222e1ac28188bcb40cfc0c054c750c740c700c43644621b21b18d91d826486c53181b00504b01"
    + "02140314000000080000002100f11532513600000072000000110000000000000000000000800100000000416363656c6572"
    + "6f6d657465722e637376504b0102140314000000080000002100c5a70f5d350000006f0000000d0000000000000000000000"
    + "8001650000004779726f73636f70652e637376504b050600000000020002007a000000c50000000000",
  "504b03041400000008000000210023860a9e5a000000cb0000000e0000004c2f496e65727469616c2e6373760bc9cc4d2d2e"
    + "49cc2d50d0282dd6d471af2cca2f4ece2f48558850d048494dd747118bc422160517734c4e4ecd492dcacf4d2d492d02e94f"
    + "47178bc422160512e332d031d431d231d601d1065c8606408022628421628c210200504b0304140000000800000021002386"
    + "0a9e5a000000cb0000000e000000522f496e65727469616c2e6373760bc9cc4d2d2e49cc2d50d0282dd6d471af2cca2f4ece"
    + "2f48558850d048494dd747118bc422160517734c4e4ecd492dcacf4d2d492d02e94f47178bc422160512e332d031d431d231"
    + "d601d1065c8606408022628421628c210200504b010214031400000008000000210023860a9e5a000000cb0000000e000000"
    + "00000000000000008001000000004c2f496e65727469616c2e637376504b010214031400000008000000210023860a9e5a00"
    + "0000cb0000000e0000000000000000000000800186000000522f496e65727469616c2e637376504b05060000000002000200"
    + "780000000c0100000000",
]
