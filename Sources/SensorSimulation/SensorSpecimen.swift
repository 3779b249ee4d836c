import Motion

/// The constant errors of three axes of one device.
public struct TriadErrors: Hashable, Sendable {
  /// m/s² or rad/s.
  public var bias: Vector3 = .zero
  /// What each axis reads of the true vector, as rows of a matrix: the identity in a perfect device.
  public var rowX = Vector3(1, 0, 0)
  public var rowY = Vector3(0, 1, 0)
  public var rowZ = Vector3(0, 0, 1)

  /// No error.
  public init() {}

  init(of model: TriadModel, using random: inout RandomStream) {
    bias = Vector3(
      model.biasSD.x * random.normal(), model.biasSD.y * random.normal(), model.biasSD.z * random.normal())
    let (scale, cross) = (model.scaleSD, model.crossAxisSD)
    rowX = Vector3(1 + scale * random.normal(), cross * random.normal(), cross * random.normal())
    rowY = Vector3(cross * random.normal(), 1 + scale * random.normal(), cross * random.normal())
    rowZ = Vector3(cross * random.normal(), cross * random.normal(), 1 + scale * random.normal())
  }
}

/// One device of a class: its constant errors. Part of a session's truth.
public struct SensorSpecimen: Hashable, Sendable {
  public var accelerometer = TriadErrors()
  public var gyroscope = TriadErrors()
  /// How much faster than true time the device's clock runs, as a fraction.
  public var clockError: Double = 0

  /// A device without constant errors.
  public init() {}

  /// The device of this class that the seed stands for.
  public init(of model: SensorModel, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .specimen)
    accelerometer = TriadErrors(of: model.accelerometer, using: &random)
    gyroscope = TriadErrors(of: model.gyroscope, using: &random)
    // Three standard deviations are the end: no crystal is further off, and time must not run backwards.
    clockError = model.clockErrorSD * min(max(random.normal(), -3), 3)
  }
}

/// Three axes at work: constant errors, a wandering bias, white noise, the end of the range and the steps of the reading.
struct Triad: Sendable {
  let model: TriadModel
  let errors: TriadErrors
  private var wander = Vector3.zero
  private let noiseSD: Double
  private let range: Double
  private let highest: Double
  private let resolution: Double

  /// - Parameter rate: samples a second.
  init(model: TriadModel, errors: TriadErrors, rate: Double) {
    self.model = model
    self.errors = errors
    noiseSD = model.noiseDensity * (rate / 2).squareRoot()
    range = model.range
    resolution = model.resolution
    // Two's complement: the highest code is one step below full scale.
    highest = model.range - model.resolution
  }

  /// The reading of the true vector, `interval` seconds after the reading before; and whether an axis is at an end of its range.
  mutating func read(_ truth: Vector3, interval: Double, using random: inout RandomStream) -> (Vector3, Bool) {
    let step = model.biasWalk * interval.squareRoot()
    wander += step * Vector3(random.normal(), random.normal(), random.normal())
    let noise = noiseSD * Vector3(random.normal(), random.normal(), random.normal())
    let felt =
      Vector3(errors.rowX.dot(truth), errors.rowY.dot(truth), errors.rowZ.dot(truth)) + errors.bias + wander + noise
    let reading = Vector3(quantised(felt.x), quantised(felt.y), quantised(felt.z))
    return (reading, isEnd(reading.x) || isEnd(reading.y) || isEnd(reading.z))
  }

  private func quantised(_ value: Double) -> Double {
    let stepped = resolution > 0 ? (value / resolution).rounded() * resolution : value
    return min(max(stepped, -range), highest)
  }

  private func isEnd(_ value: Double) -> Bool { value >= highest || value <= -range }
}
