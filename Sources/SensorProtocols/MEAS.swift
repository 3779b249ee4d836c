import Motion

/// MEAS (TE) DPG and NS and BEI inclinometers: `X=+00.430`, CR LF, `Y=-00.084`, CR LF, with two or three decimals. No checksum.
struct MEASFormat: FrameFormat {
  let longestFrame = 22
  let hasChecksum = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    // The place of the first CR tells the number of decimals, the same for both axes.
    let line = head.count > 8 && head[8] == 0x0D ? 10 : 11
    let length = 2 * line
    for index in 0..<min(head.count, length) where !fits(head[index], at: index, line: line) { return .noFrame }
    return head.count >= length ? .frame(length: length) : .incomplete
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    let line = frame.count / 2
    draft.add(arrived: arrived)
    draft.sample.inclinationX = angle(frame, at: 2, decimals: line - 8)
    draft.sample.inclinationY = angle(frame, at: line + 2, decimals: line - 8)
    draft.sample.fields = [.inclinationX, .inclinationY]
    draft.emit(into: &samples)
  }

  private func fits(_ byte: UInt8, at index: Int, line: Int) -> Bool {
    let place = index % line
    switch place {
    case 0: return byte == (index == 0 ? UInt8(ascii: "X") : UInt8(ascii: "Y"))
    case 1: return byte == UInt8(ascii: "=")
    case 2: return byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    case 5: return byte == UInt8(ascii: ".")
    case line - 2: return byte == 0x0D
    case line - 1: return byte == 0x0A
    default: return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
  }

  /// The signed number at `start` with two digits before its point, rad.
  private func angle(_ frame: Span<UInt8>, at start: Int, decimals: Int) -> Double {
    var digits = 0
    var index = start + 1
    while index <= start + 3 + decimals {
      if index != start + 3 { digits = digits * 10 + Int(frame[index] &- UInt8(ascii: "0")) }
      index += 1
    }
    if frame[start] == UInt8(ascii: "-") { digits = -digits }
    return Double(digits) / (decimals == 2 ? 100 : 1000) * radiansPerDegree
  }
}

/// Writes the two lines with three decimals. A sample without an x inclination gives nothing; a missing y counts as level.
public struct MEASEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.inclinationX) else { return }
    append(UInt8(ascii: "X"), sample.inclinationX, &bytes)
    append(UInt8(ascii: "Y"), sample.fields.contains(.inclinationY) ? sample.inclinationY : 0, &bytes)
  }

  private func append(_ axis: UInt8, _ angle: Double, _ bytes: inout [UInt8]) {
    let thousandths = rounded(angle * degreesPerRadian * 1000, within: -99_999...99_999)
    bytes.append(axis)
    bytes.append(UInt8(ascii: "="))
    bytes.append(thousandths < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    var unit = 10_000
    while unit > 0 {
      bytes.append(UInt8(abs(thousandths) / unit % 10) + UInt8(ascii: "0"))
      if unit == 1000 { bytes.append(UInt8(ascii: ".")) }
      unit /= 10
    }
    bytes.append(0x0D)
    bytes.append(0x0A)
  }
}
