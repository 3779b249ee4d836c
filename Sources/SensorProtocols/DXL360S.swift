import Motion

/// The DXL360S level: twelve characters `X-0005Y-0001`, hundredths of a degree, no end mark and no checksum.
struct DXL360SFormat: FrameFormat {
  let longestFrame = 12
  let hasChecksum = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    let count = min(head.count, 12)
    for index in 0..<count where !fits(head[index], at: index) { return .noFrame }
    return count == 12 ? .frame(length: 12) : .incomplete
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    draft.add(arrived: arrived)
    draft.sample.inclinationX = angle(frame, at: 1)
    draft.sample.inclinationY = angle(frame, at: 7)
    draft.sample.fields.formUnion([.inclinationX, .inclinationY])
    draft.emit(into: &samples)
  }

  private func fits(_ byte: UInt8, at index: Int) -> Bool {
    switch index {
    case 0: byte == UInt8(ascii: "X")
    case 6: byte == UInt8(ascii: "Y")
    case 1, 7: byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    default: byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
  }

  private func angle(_ frame: Span<UInt8>, at start: Int) -> Double {
    var hundredths = 0
    for index in (start + 1)...(start + 4) { hundredths = hundredths * 10 + Int(frame[index] &- UInt8(ascii: "0")) }
    if frame[start] == UInt8(ascii: "-") { hundredths = -hundredths }
    return Double(hundredths) / 100 * radiansPerDegree
  }
}

/// Writes the level's twelve characters. A sample without an x inclination gives nothing; a missing y counts as level.
public struct DXL360SEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.inclinationX) else { return }
    append(UInt8(ascii: "X"), sample.inclinationX, into: &bytes)
    append(UInt8(ascii: "Y"), sample.fields.contains(.inclinationY) ? sample.inclinationY : 0, into: &bytes)
  }

  private func append(_ axis: UInt8, _ angle: Double, into bytes: inout [UInt8]) {
    let hundredths = rounded(angle * degreesPerRadian * 100, within: -9999...9999)
    bytes.append(axis)
    bytes.append(hundredths < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    var unit = 1000
    while unit > 0 {
      bytes.append(UInt8(abs(hundredths) / unit % 10) + UInt8(ascii: "0"))
      unit /= 10
    }
  }
}
