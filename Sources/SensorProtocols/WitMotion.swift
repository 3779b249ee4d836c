import Motion

/// WitMotion's standard protocol: frames of 11 bytes, `55 TYPE`, four 16-bit words low byte first, and the sum of the ten
/// bytes before it. The scales are those of the maker's register list (WitStandardProtocol_JY901, REG.h).
///
/// A device sends its types in ascending order, one cycle after another, and a *sample* is one cycle. Which types there are
/// is a setting of the device, so the end of a cycle is learnt: the first time that a type does not ascend, the one before it
/// was the last. From then on a sample is complete the moment that its last type arrives; a type that does not ascend
/// always closes what was before it.
///
/// A reply with four registers (5F) does not say which they are: the request before it does. What it brings goes out with the cycle that
/// it falls into, or by itself from a device that sends no cycles.
struct WitMotionFormat: FrameFormat {
  let longestFrame = witMotionFrameLength
  let hasChecksum = true

  /// The highest type in the sample under construction; 0 when it is empty.
  private var newest: UInt8 = 0
  /// The type that ends a cycle; 0 before it is learnt.
  private var lastOfCycle: UInt8 = 0
  /// The types in the sample under construction, and in a whole cycle: bit n stands for 0x50 + n.
  private var present: UInt16 = 0
  private var cycle: UInt16 = 0
  /// The first register that was asked for; nil when none was.
  private var askedRegister: Int?

  init() {}

  mutating func sent(_ bytes: Span<UInt8>) {
    guard bytes.count == 5, bytes[0] == 0xFF, bytes[1] == 0xAA, bytes[2] == 0x27 else { return }
    askedRegister = Int(bytes[3]) | Int(bytes[4]) << 8
  }

  @inline(__always)
  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x55 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    guard holds(knownTypes, head[1]) else { return .noFrame }
    guard head.count >= witMotionFrameLength else { return .incomplete }
    var sum: UInt8 = 0
    for index in 0..<10 { sum &+= head[index] }
    return sum == head[10] ? .frame(length: witMotionFrameLength) : .badCheck
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    if frame[1] == 0x5F, let askedRegister {
      let register = UInt32(askedRegister)
      tally.count(0x5F00 | register, "55 5F registers from \(hexadecimal(register, bytes: 1))")
      return
    }
    let names = [
      "time", "acceleration", "angular rate", "angles", "magnetic field", "ports", "pressure", "position", "velocity",
      "quaternion", "satellites",
    ]
    let place = Int(frame[1] & 0x0F)
    tally.count(
      UInt32(frame[1]),
      "55 \(hexadecimal(UInt32(frame[1]), bytes: 1)) \(place < names.count ? names[place] : "registers")")
  }

  @inline(__always)
  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    let type = frame[1]
    guard holds(sampleTypes, type) else {
      if type == 0x5F { takeRegisters(frame, arrived: arrived, &draft, into: &samples) }
      return
    }
    if newest != 0 {
      if type <= newest {
        // Only an undamaged cycle teaches: in a damaged one the last type may be what was lost.
        let isWhole = !draft.hasLoss
        let (last, types) = (newest, present)
        close(&draft, into: &samples)
        if isWhole {
          lastOfCycle = last
          cycle = types
        }
      } else if draft.lostBytes > 0 && draft.lostBytes != lengthBetween(newest, type) {
        // More was lost than the types in between: this one may belong to another cycle, and is not mixed in.
        close(&draft, into: &samples)
      }
    }
    draft.add(arrived: arrived)
    Self.read(frame, type: type, into: &draft.sample)
    newest = type
    present |= 1 << UInt16(type & 0x0F)
    if type == lastOfCycle {
      if !draft.hasLoss { cycle = present }
      close(&draft, into: &samples)
    }
  }

  private mutating func takeRegisters(
    _ frame: Span<UInt8>, arrived: HostInstant, _ draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard let first = askedRegister else { return }
    askedRegister = nil
    // Inside a cycle, bytes lost before this frame still count for the next one.
    if newest == 0 { draft.add(arrived: arrived) }
    WitMotionRegisters.read(
      frame, RegisterWords(first: first, count: 4, start: 2, isHighFirst: false), into: &draft.sample)
    // Where cycles come, the next one completes the sample.
    if newest == 0 && lastOfCycle == 0 { close(&draft, into: &samples) }
  }

  mutating func finish(draft: inout SampleDraft, into samples: inout [SensorSample]) {
    if newest != 0 { close(&draft, into: &samples) }
  }

  private mutating func close(_ draft: inout SampleDraft, into samples: inout [SensorSample]) {
    // A time without a quantity is no sample.
    if draft.sample.fields.isSubset(of: [.deviceTime, .temperature]) {
      draft.abandon()
    } else {
      draft.emit(into: &samples)
    }
    newest = 0
    present = 0
  }

  /// How many bytes a cycle has between two of its types.
  private func lengthBetween(_ lower: UInt8, _ higher: UInt8) -> Int {
    let below = (UInt16(1) << UInt16(higher & 0x0F)) &- 1
    let upTo = (UInt16(2) << UInt16(lower & 0x0F)) &- 1
    return (cycle & below & ~upTo).nonzeroBitCount * witMotionFrameLength
  }

  @inline(__always)
  private static func read(_ frame: Span<UInt8>, type: UInt8, into sample: inout SensorSample) {
    let a = littleEndianInt16(frame, at: 2)
    let b = littleEndianInt16(frame, at: 4)
    let c = littleEndianInt16(frame, at: 6)
    let d = littleEndianInt16(frame, at: 8)
    switch type {
    case 0x50:
      if let ticks = witMotionMilliseconds(frame) {
        sample.deviceTicks = ticks
        sample.fields.insert(.deviceTime)
      }
    case 0x51:
      sample.acceleration = vector(a, b, c) * witMotionAccelerationUnit
      sample.temperature = Double(d) / 100
      sample.fields.formUnion([.acceleration, .temperature])
      if isAtEnd(a) || isAtEnd(b) || isAtEnd(c) { sample.flags.insert(.saturated) }
    case 0x52:
      sample.angularRate = vector(a, b, c) * witMotionAngularRateUnit
      sample.fields.insert(.angularRate)
      if isAtEnd(a) || isAtEnd(b) || isAtEnd(c) { sample.flags.insert(.saturated) }
    case 0x53:
      sample.eulerAngles = vector(a, b, c) * witMotionAngleUnit
      sample.fields.insert(.eulerAngles)
    case 0x54:
      sample.magneticField = vector(a, b, c)
      sample.fields.insert(.magneticField)
    default:
      sample.orientation = Quaternion(
        w: Double(a) / 32768, x: Double(b) / 32768, y: Double(c) / 32768, z: Double(d) / 32768)
      sample.fields.insert(.orientation)
    }
  }

  @inline(__always)
  private static func vector(_ x: Int16, _ y: Int16, _ z: Int16) -> Vector3 { Vector3(Double(x), Double(y), Double(z)) }

  @inline(__always)
  private static func isAtEnd(_ word: Int16) -> Bool { word == .max || word == .min }
}

let witMotionFrameLength = 11
/// One unit of an acceleration word: 16 g over 32768, m/s².
let witMotionAccelerationUnit = 16 * standardGravity / 32768
/// One unit of an angular rate word: 2000 °/s over 32768, rad/s.
let witMotionAngularRateUnit = 2000 * radiansPerDegree / 32768
/// One unit of an angle word: 180° over 32768, rad.
let witMotionAngleUnit = Double.pi / 32768

/// Whether a set holds the type; bit n of `set` stands for 0x50 + n.
@inline(__always)
private func holds(_ set: UInt16, _ type: UInt8) -> Bool {
  type & 0xF0 == 0x50 && set & (1 << UInt16(type & 0x0F)) != 0
}

/// 50 to 5A and 5F. Ports, pressure, position, satellites and register replies are frames too, and are stepped over as such.
private let knownTypes: UInt16 = 0b1000_0111_1111_1111
/// 50 to 54 and 59.
private let sampleTypes: UInt16 = 0b0000_0010_0001_1111
