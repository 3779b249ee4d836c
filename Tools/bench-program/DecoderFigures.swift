import Foundation
import Motion
import SensorProtocols

/// How fast each decoder reads what its encoder writes: megabytes and frames a second of processor time, beside one `memchr` over the same
/// buffer for a byte that is not in it.
enum DecoderFigures {
  /// Bytes of the stream that is read again and again, as they would lie in a reader's buffer.
  private static let size = 1 << 20
  private static let chunk = 4096

  /// - Parameters:
  ///   - captures: a folder of captures, of which the long ones are read besides; nil for none.
  ///   - streams: a folder that gets the streams as they were read, so that other readers can be measured on them; nil for none.
  static func run(captures: String?, streams: String?) {
    for row in ProtocolCatalogue.rows {
      guard let bytes = stream(row, atLeast: size) else { continue }
      let name = String(row.name.split(separator: ":")[0])
      if let streams { _ = FileManager.default.createFile(atPath: "\(streams)/\(name).bin", contents: Data(bytes)) }
      measure(name, row, bytes)
    }
    guard let captures else { return }
    for (name, path) in [
      ("witmotion", "witmotion_standard/wt901sd_example_data.TXT"), ("xsens", "xsens_mtdata2/1_output.bin"),
      ("xsens", "xsens_mtdata2/2_output.bin"), ("shimmer3-log", "shimmer3/pair_raw.bin"),
    ] {
      guard let data = FileManager.default.contents(atPath: captures + "/" + path),
        let row = try? ProtocolCatalogue.find(name)
      else { continue }
      // A log has one head: it is read as it is. Streams are repeated, so that a pass takes some time.
      let bytes = [UInt8](data)
      let repeats = name == "shimmer3-log" ? 1 : max(1, size / bytes.count)
      measure(
        "capture." + path.split(separator: "/").last!, row,
        Array(repeatElement(bytes, count: repeats).joined()))
    }
  }

  private static func measure(_ name: String, _ row: ProtocolDescription, _ bytes: [UInt8]) {
    let counters = decode(row, bytes)
    let seconds = median(of: 9) { _ = decode(row, bytes) } * 1e-9
    let search = median(of: 9) { Self.search(bytes) } * 1e-9
    figure(
      "decode.\(name)", Double(bytes.count) / seconds * 1e-6, "MB/s",
      "\(fixed(Double(counters.frames) / seconds * 1e-6, 2)) million frames a second, chunks of \(chunk) bytes; "
        + "\(counters.skipped) bytes skipped; memchr passes over them \(fixed(seconds / search, 1)) times as fast, at "
        + "\(fixed(Double(bytes.count) / search * 1e-6, 0)) MB/s")
  }

  /// What the row's encoder writes for a leg that moves; nil where there is no encoder.
  static func stream(_ row: ProtocolDescription, atLeast size: Int) -> [UInt8]? {
    guard var encoder = row.makeEncoder() else { return nil }
    var bytes: [UInt8] = []
    var index = 0
    while bytes.count < size {
      encoder.encode(sample(index, row), into: &bytes)
      index += 1
    }
    return bytes
  }

  /// A leg that swings, with every quantity that a protocol may send.
  static func sample(_ index: Int, _ row: ProtocolDescription) -> SensorSample {
    var sample = SensorSample()
    let phase = Double(index % 400) * (Double.pi / 200)
    let swing = 0.35 * sin(phase)
    sample.acceleration = Vector3(0.2, standardGravity * cos(swing), standardGravity * sin(swing))
    sample.angularRate = Vector3(swing, 0.01 * Double(index % 7), -0.02)
    sample.magneticField = Vector3(20, -5 + swing, 40)
    sample.orientation = Quaternion(rotationVector: Vector3(swing, 0.1, 0))
    sample.eulerAngles = Vector3(swing, 0.1, 0)
    sample.inclinationX = swing
    sample.inclinationY = -swing / 2
    sample.temperature = 25
    sample.fields = [
      .acceleration, .angularRate, .magneticField, .orientation, .eulerAngles, .inclinationX, .inclinationY,
      .temperature,
    ]
    switch row.clock {
    case .clock(_, let nanoseconds):
      // 51.2 Hz where a tick is 1/32768 s, else about 100 Hz.
      let step: UInt64 = row.name.hasPrefix("shimmer3") ? 640 : UInt64(max(1, 10_000_000 / nanoseconds))
      sample.deviceTicks = UInt64(index) * step
      sample.fields.insert(.deviceTime)
    case .counter:
      sample.deviceTicks = UInt64(index & 0xFF)
      sample.fields.insert(.counter)
    case .none: break
    }
    return sample
  }

  private static func decode(_ row: ProtocolDescription, _ bytes: [UInt8]) -> DecoderCounters {
    var decoder = row.makeDecoder()
    var samples: [SensorSample] = []
    samples.reserveCapacity(chunk)
    let span = bytes.span
    var start = 0
    while start < bytes.count {
      let end = min(start + chunk, bytes.count)
      decoder.consume(span.extracting(start..<end), arrived: HostInstant(nanoseconds: 0), into: &samples)
      samples.removeAll(keepingCapacity: true)
      start = end
    }
    return decoder.counters
  }

  /// The end of each stretch without the byte is found by one call; a byte that the stream holds is searched for again behind its place.
  private static func search(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      var position = 0
      while position < buffer.count, let found = memchr(base + position, 0xB7, buffer.count - position) {
        position = UnsafeRawPointer(found) - base + 1
      }
      keep(position)
    }
  }
}
