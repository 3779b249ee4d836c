import Motion
import RealModule

/// What a message tells that is no quantity by itself: the increments of velocity (4010) and orientation (8030) since the message before, and the
/// calendar's time (1010).
///
/// An increment becomes a mean rate by the time between two messages, which the clock and the packet counter tell: ticks over packets since the first
/// message, because one tick of 0.1 ms is a percent of a sample at 100 Hz. The first message of a stream has none.
struct XsensIncrements: Sendable {
  private var velocity: Vector3?
  private var turn: Vector3?
  private var calendarTicks: UInt64?
  private var first: (packets: UInt64, ticks: UInt64)?
  private var last: (packets: UInt64, ticks: UInt64)?

  mutating func begin() {
    velocity = nil
    turn = nil
    calendarTicks = nil
  }

  /// Takes an item; false for one of another kind.
  mutating func take(_ frame: Span<UInt8>, at index: Int, length: Int, identifier: UInt16) -> Bool {
    let format = Int(identifier & 3)
    let width = xsensWidth(format)
    func number(_ place: Int) -> Double { xsensNumber(frame, at: index &+ place &* width, format: format) }
    switch identifier & 0xFFF0 {
    case 0x4010 where length == 3 &* width: velocity = Vector3(number(0), number(1), number(2))
    case 0x8030 where length == 4 &* width:
      let q = Quaternion(w: number(0), x: number(1), y: number(2), z: number(3))
      if q.lengthSquared > 0.9 && q.lengthSquared < 1.1 { turn = rotationVector(q.normalized) }
    case 0x1010 where length == 12: calendarTicks = xsensCalendarTicks(frame, at: index)
    default: return false
    }
    return true
  }

  /// Makes rates of the increments where the message has no rates of its own.
  mutating func fill(packets: UInt64, _ sample: inout SensorSample) {
    guard sample.fields.contains(.deviceTime), velocity != nil || turn != nil else { return }
    let now = (packets: packets, ticks: sample.deviceTicks)
    guard let first, let last, now.packets > last.packets, now.ticks > last.ticks,
      now.packets - last.packets < 100
    else {
      // The stream begins, or the clock or the counter began anew.
      self.first = now
      self.last = now
      return
    }
    self.last = now
    let seconds = Double(now.ticks - first.ticks) * 1e-4 / Double(now.packets - first.packets)
    guard seconds > 1e-4, seconds < 1 else { return }
    if let velocity, !sample.fields.contains(.acceleration) {
      sample.acceleration = velocity / seconds
      sample.fields.insert(.acceleration)
    }
    if let turn, !sample.fields.contains(.angularRate) {
      sample.angularRate = turn / seconds
      sample.fields.insert(.angularRate)
    }
  }

  /// Takes the calendar's time where the device sends no clock of its own.
  func finish(_ sample: inout SensorSample) {
    guard let calendarTicks, !sample.fields.contains(.deviceTime) else { return }
    sample.deviceTicks = calendarTicks
    sample.fields.insert(.deviceTime)
  }
}

/// The vector whose direction is the axis and whose length is the angle, rad, of a small turn.
private func rotationVector(_ q: Quaternion) -> Vector3 {
  let axis = q.w < 0 ? Vector3(-q.x, -q.y, -q.z) : Vector3(q.x, q.y, q.z)
  let sine = axis.length
  return sine < 1e-9 ? axis * 2 : axis * (2 * Double.atan2(y: sine, x: abs(q.w)) / sine)
}

/// Ticks of 0.1 ms since 2000, in 32 bits as those of the device's own clock: nanoseconds, year, month, day, hour, minute, second. Nil for no date.
private func xsensCalendarTicks(_ frame: Span<UInt8>, at index: Int) -> UInt64? {
  let nanoseconds = Int(frame.bigEndian(UInt32.self, at: index))
  let year = Int(frame.bigEndian(UInt16.self, at: index &+ 4)) - 2000
  let (month, day) = (Int(frame[index &+ 6]), Int(frame[index &+ 7]))
  guard let date = secondsSince2000(year: year, month: month, day: day), nanoseconds < 1_000_000_000 else { return nil }
  let seconds = date + Int(frame[index &+ 8]) * 3600 + Int(frame[index &+ 9]) * 60 + Int(frame[index &+ 10])
  return UInt64(truncatingIfNeeded: seconds * 10_000 + nanoseconds / 100_000) & 0xFFFF_FFFF
}
