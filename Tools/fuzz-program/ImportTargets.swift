import CaptureImport
import Motion

/// The importers: whatever the bytes, what is read has times that strictly increase from zero and finite values, and
/// reading twice gives the same.
let importTargets: [FuzzTarget] = importFileNames.map { name in
  FuzzTarget(
    name: "import-\(name.kind)",
    seeds: { name.seeds.map { Array($0.utf8) } },
    run: { bytes in
      var copy: [UInt8] = []
      for index in 0..<min(bytes.count, 1 << 16) { copy.append(bytes[index]) }
      let source = BytesSource(name: name.file, bytes: copy)
      for rate in [nil, 100.0] {
        guard let captures = try? readCapture(source, options: ImportOptions(rate: rate)) else { continue }
        let again = try? readCapture(source, options: ImportOptions(rate: rate))
        if again?.map(\.samples.count) != captures.map(\.samples.count) { violated("import: read differently twice") }
        for capture in captures { checkCapture(capture) }
      }
    })
}

private func checkCapture(_ capture: Capture) {
  var previous = SessionTime(nanoseconds: -1)
  for sample in capture.samples {
    if sample.time <= previous { violated("import: time stands or runs backwards (\(capture.format))") }
    previous = sample.time
    let fields = sample.sample.fields
    if fields.contains(.acceleration), !sample.sample.acceleration.isFinite {
      violated("import: an acceleration that is no number (\(capture.format))")
    }
    if fields.contains(.orientation), abs(sample.sample.orientation.lengthSquared - 1) > 1e-6 {
      violated("import: a quaternion that has not unit length (\(capture.format))")
    }
  }
  if let first = capture.samples.first, first.time != .zero { violated("import: the first sample is not at zero") }
}

/// Files of each kind, so that the fuzzer begins near every reader.
private let importFileNames: [(kind: String, file: String, seeds: [String])] = [
  (
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
      "address\tTime(s)\tChipTime\tax(g)\tay(g)\taz(g)\n1\t10:00:00.000\t2021-05-05 10:00:00.000\t0\t1\t0\n1\t10:00:00.020\t2021-05-05 10:00:00.020\t0\t1\t0\n",
    ]
  ),
  (
    "storage", "orientations.sto",
    ["DataRate=60.0\nDataType=Quaternion\nversion=3\nendheader\ntime\ttibia_l_imu\n0\t1,0,0,0\n0.01\t0.6,0.8,0,0\n"]
  ),
  (
    "json", "log.json",
    [
      "{\"Meas\":{\"IMU9\":[{\"ArrayAcc\":[{\"x\":0.1,\"y\":9.8,\"z\":0},{\"x\":0.1,\"y\":9.8,\"z\":0}],\"ArrayGyro\":[{\"x\":1,\"y\":2,\"z\":3}],\"Timestamp\":12},{\"ArrayAcc\":[{\"x\":0.1,\"y\":9.8,\"z\":0}],\"Timestamp\":32}]}}"
    ]
  ),
  (
    "archive", "capture.zip",
    [
      "PK\u{3}\u{4}\u{14}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{5}\0\0\0a.csvPK\u{1}\u{2}PK\u{5}\u{6}\0\0\0\0\u{1}\0\u{1}\0"
    ]
  ),
]
