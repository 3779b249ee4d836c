import Motion

/// Holds the gyroscope against gravity: while a sensor turns, the direction of gravity in its frame turns the other way,
/// d(up)/dt = up × ω. That shows the gyroscope's unit, and an axis of the wrong sign.
enum GyroscopeAgreement {
  /// What each axis of the gyroscope would have to be multiplied with.
  struct Gain {
    /// Of all axes together.
    var overall: Double
    /// NaN for an axis that hardly turned.
    var axes: Vector3
    /// 1 where gravity turns exactly as the gyroscope says, 0 where it has nothing to do with it.
    var correlation: Double
  }

  /// Steps over which the direction of gravity is compared, s: long against noise, short against drift.
  private static let window = 0.1

  /// Nil where the sensor hardly turned, or has not both quantities.
  static func measure(_ samples: [Capture.Sample]) -> Gain? {
    guard let rest = RestMagnitude.measure(samples), rest > 0 else { return nil }
    /// Whether the sensor hardly accelerates: only then is the direction mostly gravity's.
    func isGravity(_ acceleration: Vector3) -> Bool { abs(acceleration.length / rest - 1) < 0.1 }
    var start = 0
    var turned = Vector3.zero
    var normal = [Double](repeating: 0, count: 9)
    var right = Vector3.zero
    var (products, measured, predicted) = (0.0, 0.0, 0.0)
    var pieces = 0
    for index in samples.indices.dropFirst() where index < 400_000 {
      let (before, now) = (samples[index - 1], samples[index])
      let step = now.time.seconds - before.time.seconds
      guard now.sample.fields.isSuperset(of: [.acceleration, .angularRate]),
        before.sample.fields.contains(.acceleration), step < 0.2, now.sample.angularRate.isFinite
      else {
        start = index
        turned = .zero
        continue
      }
      turned = turned + now.sample.angularRate * step
      guard now.time.seconds - samples[start].time.seconds >= window else { continue }
      let (a, b) = (samples[start].sample.acceleration, now.sample.acceleration)
      if isGravity(a), isGravity(b), abs(a.length - b.length) < 0.05 * a.length, let up = a.normalized,
        let later = b.normalized
      {
        let change = later - up
        let middle = (up + later) * 0.5
        let columns = [
          middle.cross(Vector3(turned.x, 0, 0)), middle.cross(Vector3(0, turned.y, 0)),
          middle.cross(Vector3(0, 0, turned.z)),
        ]
        let expected = columns[0] + columns[1] + columns[2]
        products += change.dot(expected)
        measured += change.dot(change)
        predicted += expected.dot(expected)
        for row in 0..<3 { for column in 0..<3 { normal[row * 3 + column] += columns[row].dot(columns[column]) } }
        right = right + Vector3(columns[0].dot(change), columns[1].dot(change), columns[2].dot(change))
        pieces += 1
      }
      start = index
      turned = .zero
    }
    // Two hundredths of a radian a piece on the average: less is noise.
    guard pieces >= 8, measured / Double(pieces) > 4e-4 * 0.25, predicted > 0 else { return nil }
    return Gain(
      overall: products / predicted, axes: solve(normal, right),
      correlation: products / (measured * predicted).squareRoot())
  }

  /// Three equations by Cramer's rule; an axis without a tenth of the information of the best is NaN. Where one axis is all that turned, it is
  /// that one's equation alone.
  private static func solve(_ m: [Double], _ r: Vector3) -> Vector3 {
    let (c0, c1, c2) = (Vector3(m[0], m[3], m[6]), Vector3(m[1], m[4], m[7]), Vector3(m[2], m[5], m[8]))
    let determinant = c0.dot(c1.cross(c2))
    let most = max(m[0], m[4], m[8])
    guard abs(determinant) > 1e-6 * most * most * most else {
      func alone(_ diagonal: Double, _ value: Double) -> Double { diagonal > 0.1 * most ? value / diagonal : .nan }
      let alone = [alone(m[0], r.x), alone(m[4], r.y), alone(m[8], r.z)]
      guard alone.count(where: { !$0.isNaN }) == 1 else { return Vector3(.nan, .nan, .nan) }
      return Vector3(alone[0], alone[1], alone[2])
    }
    func known(_ diagonal: Double, _ value: Double) -> Double { diagonal > 0.1 * most ? value / determinant : .nan }
    return Vector3(
      known(m[0], r.dot(c1.cross(c2))), known(m[4], c0.dot(r.cross(c2))), known(m[8], c0.dot(c1.cross(r))))
  }

  /// Finds an unknown unit, and says what gravity contradicts.
  ///
  /// - Parameters:
  ///   - unknownUnit: the columns whose unit the file does not say; nil where it does.
  ///   - isChosen: whether the user gave the unit, so that it stays as it is.
  static func judge(_ capture: inout Capture, unknownUnit: String?, isChosen: Bool) {
    guard capture.fields.contains(.angularRate) else { return }
    var measured = measure(capture.samples)
    if let columns = unknownUnit {
      settleUnit(&capture, columns, measured)
      guard capture.fields.contains(.angularRate) else { return }
      measured = measure(capture.samples)
    }
    guard let gain = measured, abs(gain.correlation) > 0.8 else { return }
    let degrees = 180 / Double.pi
    if unknownUnit == nil, abs(gain.overall * degrees - 1) < 0.25 || abs(gain.overall / degrees - 1) < 0.25 {
      let isDegrees = gain.overall < 1
      let words = isDegrees ? "deg/s and not rad/s" : "rad/s and not deg/s"
      guard !isChosen else {
        capture.notes.append("gravity turns as if the gyroscope were in \(words)")
        return
      }
      scale(&capture, isDegrees ? 1 / degrees : degrees)
      capture.notes.append(
        "the file's unit of the gyroscope cannot be: gravity turns as if it were in \(words); scaled so (--units gyro=… keeps a unit)"
      )
      return
    }
    // A factor far from one has another cause than a sign: the sensor swings freely, or only shakes.
    guard abs(gain.overall) > 0.1, abs(gain.overall) < 10 else { return }
    let axes = [("x", gain.axes.x), ("y", gain.axes.y), ("z", gain.axes.z)]
    let wrong = axes.filter { $0.1 < -0.5 && $0.1 > -2 }.map(\.0)
    let shown = (abs(gain.overall) * 100).rounded() / 100
    let isOpposite = gain.overall < 0
    if gain.overall > -2, gain.overall < 2, !wrong.isEmpty || gain.overall < -0.5 {
      capture.notes.append(
        "the gyroscope and gravity disagree about the sign of the \(wrong.isEmpty ? "turning" : wrong.joined(separator: " and ")) axis: angles from both will be wrong"
      )
    } else if shown < 0.7 || shown > 1.4 {
      capture.notes.append(
        "gravity turns \(shown) times as fast as the gyroscope says\(isOpposite ? ", and the other way round" : ""): its unit, the unit of time or the rate (--units gyro=…, --units time=…, --rate HZ)\(isOpposite ? ", and a sign," : "") may be wrong"
      )
    }
  }

  private static func settleUnit(_ capture: inout Capture, _ columns: String, _ gain: Gain?) {
    let degrees = 180 / Double.pi
    var isDegrees: Bool?
    var how = ""
    if let gain, abs(gain.correlation) > 0.5 {
      // The nearer of the two on a scale of ratios, whatever the sign.
      let factor = abs(gain.overall)
      if factor > 0.35, factor < 3 { isDegrees = false }
      if factor * degrees > 0.35, factor * degrees < 3 { isDegrees = true }
      how = "gravity turns as fast as that"
    }
    if isDegrees == nil {
      let most = capture.samples.reduce(0) {
        let rate = $1.sample.angularRate
        return $1.sample.fields.contains(.angularRate) ? max($0, abs(rate.x), abs(rate.y), abs(rate.z)) : $0
      }
      // No gyroscope on a person reaches 40 rad/s (2292 deg/s, above the usual full range of 2000).
      if most > 40 {
        isDegrees = true
        how = "no gyroscope reaches \(Int(min(most, 1e9))) rad/s"
      }
    }
    if isDegrees == nil, let rest = restNoise(capture.samples) {
      // At rest a gyroscope shows its offset and its noise. More than 0.2 rad/s (11 deg/s) is no offset, and less than
      // 0.012 deg/s is quieter than the sensors that people wear.
      if rest.level > 0.2 { isDegrees = true } else if rest.noise > 1e-6, rest.noise < 0.012 { isDegrees = false }
      how =
        "it shows \((rest.level * 1e4).rounded() / 1e4) at rest, with a noise of \((rest.noise * 1e4).rounded() / 1e4)"
    }
    guard let isDegrees else {
      capture.correct(SampleCorrection(removed: .angularRate))
      capture.notes.append(
        "the gyroscope was left out: the file does not say whether \(columns) are in deg/s or rad/s, and it turns too little to tell; say --units gyro=deg/s or --units gyro=rad/s"
      )
      return
    }
    if isDegrees { scale(&capture, 1 / degrees) }
    capture.notes.append("the unit of \(columns) is not said; it is \(isDegrees ? "deg/s" : "rad/s"): \(how)")
  }

  /// What the gyroscope shows in the steadiest tenth of blocks of 20 samples: the largest axis, and the spread of the axes.
  private static func restNoise(_ samples: [Capture.Sample]) -> (level: Double, noise: Double)? {
    var blocks: [(unrest: Double, level: Double, noise: Double)] = []
    var start = 0
    while start + 20 <= samples.count, blocks.count < 20_000 {
      let block = samples[start..<(start + 20)].filter {
        $0.sample.fields.isSuperset(of: [.acceleration, .angularRate])
      }
      start += 20
      guard block.count == 20 else { continue }
      let share = 1.0 / 20
      let steady = block.reduce(Vector3.zero) { $0 + $1.sample.acceleration * share }
      let rate = block.reduce(Vector3.zero) { $0 + $1.sample.angularRate * share }
      let unrest = block.reduce(0) { $0 + ($1.sample.acceleration - steady).lengthSquared }
      let spread = block.reduce(0) { $0 + ($1.sample.angularRate - rate).lengthSquared }
      blocks.append((unrest, max(abs(rate.x), abs(rate.y), abs(rate.z)), (spread * share / 3).squareRoot()))
    }
    guard blocks.count >= 3 else { return nil }
    blocks.sort { $0.unrest < $1.unrest }
    let calm = blocks.prefix(max(blocks.count / 10, 1))
    let levels = calm.map(\.level).sorted()
    let noises = calm.map(\.noise).sorted()
    return (levels[levels.count / 2], noises[noises.count / 2])
  }

  private static func scale(_ capture: inout Capture, _ factor: Double) {
    capture.correct(SampleCorrection(rateScale: factor))
  }
}
