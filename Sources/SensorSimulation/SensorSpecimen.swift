import Motion
import RealModule

/// The constant errors of three axes of one device.
public struct TriadErrors: Hashable, Sendable {
  /// m/s² or rad/s.
  public var bias: Vector3 = .zero
  /// What each axis reads of the true vector, as rows of a matrix: the identity in a perfect device.
  public var rowX = Vector3(1, 0, 0)
  public var rowY = Vector3(0, 1, 0)
  public var rowZ = Vector3(0, 0, 1)
  /// How the bias grows with temperature, unit/°C.
  public var temperatureCoefficient: Vector3 = .zero

  /// No error.
  public init() {}

  init(of model: TriadModel, using random: inout RandomStream) {
    bias = Vector3(
      model.biasSD.x * random.normal(), model.biasSD.y * random.normal(), model.biasSD.z * random.normal())
    let (scale, cross) = (model.scaleSD, model.crossAxisSD)
    rowX = Vector3(1 + scale * random.normal(), cross * random.normal(), cross * random.normal())
    rowY = Vector3(cross * random.normal(), 1 + scale * random.normal(), cross * random.normal())
    rowZ = Vector3(cross * random.normal(), cross * random.normal(), 1 + scale * random.normal())
    if model.temperatureCoefficientSD > 0 {
      temperatureCoefficient = model.temperatureCoefficientSD * Self.normals(&random)
    }
  }

  static func normals(_ random: inout RandomStream) -> Vector3 {
    Vector3(random.normal(), random.normal(), random.normal())
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
  public init(of model: SensorModel, seed: UInt64, stream: StreamID = StreamID(0)) {
    var random = RandomStream(seed: seed, purpose: .specimen, stream: stream)
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
  private var walked = Vector3.zero
  private var wandering: GaussMarkov
  private var filtered: Vector3?
  private let noiseSD: Double
  private let noisePassed: Double
  private let highest: Double

  /// - Parameter rate: samples a second.
  init(model: TriadModel, errors: TriadErrors, rate: Double, bandwidth: Double? = nil) {
    self.model = model
    self.errors = errors
    wandering = GaussMarkov(sd: model.biasInstability, time: 100)
    noiseSD = model.noiseDensity * (rate / 2).squareRoot()
    noisePassed = bandwidth.map { 1 - Double.exp(-2 * .pi * $0 / rate) } ?? 1
    // Two's complement: the highest code is one step below full scale.
    highest = model.range - model.resolution
  }

  /// The reading of the true vector, `interval` seconds after the reading before, with the device so much warmer than at its
  /// first one; and whether an axis is at an end of its range.
  mutating func read(
    _ truth: Vector3, interval: Double, warmth: Double, using random: inout RandomStream
  ) -> (Vector3, Bool) {
    walked += model.biasWalk * interval.squareRoot() * TriadErrors.normals(&random)
    let white = noiseSD * TriadErrors.normals(&random)
    let noise = filtered.map { $0 + (white - $0) * noisePassed } ?? white * noisePassed
    if noisePassed < 1 { filtered = noise }
    let bias = errors.bias + walked + errors.temperatureCoefficient * warmth + wandering.step(interval, using: &random)
    let felt = Vector3(errors.rowX.dot(truth), errors.rowY.dot(truth), errors.rowZ.dot(truth)) + bias + noise
    let reading = Vector3(quantised(felt.x), quantised(felt.y), quantised(felt.z))
    return (reading, isEnd(reading.x) || isEnd(reading.y) || isEnd(reading.z))
  }

  private func quantised(_ value: Double) -> Double {
    let step = model.resolution
    let stepped = step > 0 ? (value / step).rounded() * step : value
    return min(max(stepped, -model.range), highest)
  }

  private func isEnd(_ value: Double) -> Bool { value >= highest || value <= -model.range }
}

/// Three independent Gauss-Markov processes of first order: values that come and go. With a spread of zero nothing is drawn.
struct GaussMarkov: Sendable {
  let sd: Double
  let time: Double
  private var value: Vector3?

  /// - Parameters:
  ///   - sd: standard deviation of each.
  ///   - time: after so many seconds 1/e of a value is left.
  init(sd: Double, time: Double) {
    self.sd = sd
    self.time = time
  }

  /// The values so many seconds later; the first ones are drawn from the whole spread.
  mutating func step(_ interval: Double, using random: inout RandomStream) -> Vector3 {
    guard sd > 0 else { return .zero }
    let fresh = sd * TriadErrors.normals(&random)
    let kept = Double.exp(-interval / time)
    let next = value.map { $0 * kept + fresh * (1 - kept * kept).squareRoot() } ?? fresh
    value = next
    return next
  }
}
