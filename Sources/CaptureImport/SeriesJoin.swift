import Motion

/// Puts the readings of one file, taken at times of their own, on to the times of an accelerometer.
struct SeriesJoin {
  private let readings: [(nanoseconds: Int64, rate: Vector3)]
  /// The longest step over which it interpolates, ns.
  private let longestStep: Int64

  /// - Parameter shift: the first reading after the accelerometer's first sample, ns.
  init(_ samples: [Capture.Sample], _ quantity: KeyPath<SensorSample, Vector3>, shift: Int64) {
    readings = samples.map { ($0.time.nanoseconds &+ shift, $0.sample[keyPath: quantity]) }
    let steps = zip(readings, readings.dropFirst()).map { $1.nanoseconds &- $0.nanoseconds }.sorted()
    longestStep = steps.isEmpty ? 0 : steps[steps.count / 2] &* 5 / 2
  }

  /// Gives each sample the angular rate of its moment. Samples before the first reading and after the last, up to a
  /// second of them, are left out, so that a capture begins and ends with both sensors; a longer stretch without
  /// gyroscope stays in, without angular rate. All of it is said in notes.
  func fillAngularRate(of capture: inout Capture) {
    guard let first = readings.first, let last = readings.last else {
      capture.notes.append("the gyroscope's file has no reading")
      return
    }
    let before = capture.samples.prefix { $0.time.nanoseconds < first.nanoseconds }
    let after = capture.samples.reversed().prefix { $0.time.nanoseconds > last.nanoseconds }
    guard before.count < capture.samples.count, after.count < capture.samples.count else {
      capture.notes.append("the gyroscope's readings lie outside the accelerometer's time: not used")
      return
    }
    let second = 1_000_000_000
    let leadsShortly = first.nanoseconds <= second
    let trailsShortly = capture.samples[capture.samples.count - 1].time.nanoseconds &- last.nanoseconds <= second
    let leftOut = (leadsShortly ? before.count : 0) + (trailsShortly ? after.count : 0)
    if trailsShortly { capture.samples.removeLast(after.count) }
    if leadsShortly { capture.samples.removeFirst(before.count) }
    let origin = capture.samples.first?.time.nanoseconds ?? 0

    var next = 0
    var without = 0
    for index in capture.samples.indices {
      let time = capture.samples[index].time.nanoseconds
      while next < readings.count, readings[next].nanoseconds < time { next += 1 }
      if let rate = rate(at: time, next) {
        capture.samples[index].sample.angularRate = rate
        capture.samples[index].sample.fields.insert(.angularRate)
      } else {
        without += 1
      }
      capture.samples[index].time.nanoseconds = time &- origin
    }
    for index in capture.gaps.indices {
      capture.gaps[index].start.nanoseconds = capture.gaps[index].start.nanoseconds &- origin
      capture.gaps[index].end.nanoseconds = capture.gaps[index].end.nanoseconds &- origin
    }
    let end = capture.samples.last?.time ?? .zero
    capture.gaps.removeAll { $0.start < .zero || $0.end > end }
    capture.notes.append("the gyroscope is interpolated linearly on to the accelerometer's times")
    if leftOut > 0 {
      capture.notes.append("\(leftOut) accelerometer samples before the gyroscope's first or after its last left out")
    }
    if without > 0 {
      capture.notes.append("samples without angular rate, in holes of the gyroscope's data: \(without)")
    }
  }

  /// Adds the gravity of its moment to each sample's acceleration; samples without it are left out.
  ///
  /// - Throws: `gravityRemoved` when the two files have no time in common.
  func addGravity(to capture: inout Capture) throws(ImportError) {
    var next = 0
    let count = capture.samples.count
    capture.samples = capture.samples.compactMap { sample in
      while next < readings.count, readings[next].nanoseconds < sample.time.nanoseconds { next += 1 }
      guard let gravity = rate(at: sample.time.nanoseconds, next) else { return nil }
      var whole = sample
      whole.sample.acceleration = sample.sample.acceleration + gravity
      return whole
    }
    guard let origin = capture.samples.first?.time.nanoseconds else {
      throw ImportError(
        .gravityRemoved, "gravity is taken out of the acceleration, and the file of gravity is of another time")
    }
    for index in capture.samples.indices { capture.samples[index].time.nanoseconds -= origin }
    capture.gaps = FileTime(times: capture.samples.map(\.time)).gaps
    capture.notes.append("gravity, from its own file, is added to the acceleration that it was taken out of")
    if capture.samples.count < count {
      capture.notes.append("\(count - capture.samples.count) samples left out: no gravity at their time")
    }
  }

  /// The value at a time, between the reading `next`, the first that is not earlier, and the one before it.
  private func rate(at time: Int64, _ next: Int) -> Vector3? {
    guard next < readings.count else { return nil }
    let later = readings[next]
    if later.nanoseconds == time { return later.rate }
    guard next > 0 else { return nil }
    let earlier = readings[next - 1]
    let step = later.nanoseconds &- earlier.nanoseconds
    guard step <= longestStep else { return nil }
    let part = Double(time &- earlier.nanoseconds) / Double(step)
    return earlier.rate * (1 - part) + later.rate * part
  }
}
