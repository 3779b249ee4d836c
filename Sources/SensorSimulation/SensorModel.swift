import Motion

/// The errors of three accelerometer or gyroscope axes, in the unit of the quantity: m/s² or rad/s.
public struct TriadModel: Hashable, Sendable {
  /// One-sided spectral density of the white noise, unit/√Hz. A sample's noise has the standard deviation density · √(rate / 2): the
  /// band from zero to half the sample rate.
  public var noiseDensity: Double = 0
  /// Standard deviation of the constant bias from one device to the next, of each axis.
  public var biasSD: Vector3 = .zero
  /// Bias random walk: its standard deviation after one second, unit/√s.
  public var biasWalk: Double = 0
  /// Standard deviation of the part of the bias that comes and goes (a Gauss-Markov process of first order that forgets in
  /// 100 s, which is assumed): what data sheets call bias instability.
  public var biasInstability: Double = 0
  /// Standard deviation of the bias's temperature coefficient from one device to the next, of each axis, unit/°C.
  public var temperatureCoefficientSD: Double = 0
  /// Standard deviation of the scale error, as a fraction.
  public var scaleSD: Double = 0
  /// Standard deviation of what each axis feels of each other one, as a fraction.
  public var crossAxisSD: Double = 0
  /// Full scale: readings lie between −range and range.
  public var range: Double = .infinity
  /// Width of the reading in bits, two's complement over the range; nil where it is not quantised.
  public var bits: Int? = nil

  /// Without any error.
  public init() {}

  /// One step of the reading; zero where it is not quantised.
  public var resolution: Double {
    guard let bits, range.isFinite else { return 0 }
    return range / Double(1 << (bits - 1))
  }
}

/// How far an orientation that was fused on board is from the truth.
public struct FusionModel: Hashable, Sendable {
  /// Standard deviation of each of the two tilt errors: constant from device to device, and wandering (Gauss-Markov of first
  /// order), rad.
  public var tiltBiasSD: Double
  public var tiltWanderSD: Double
  /// How soon the wandering error is forgotten, s.
  public var wanderTime: Double
  /// Standard deviation of the heading's drift, rad/s.
  public var headingDriftSD: Double
}

/// A class of device: how far its specimens are from perfect. What one specimen has is drawn from the spreads here
/// (`SensorSpecimen`).
///
public struct SensorModel: Hashable, Sendable {
  public var name: String
  public var accelerometer = TriadModel()
  public var gyroscope = TriadModel()
  /// Where the device's low-pass filter has lost 3 dB, Hz: a sample is then the mean over the 0.443 / bandwidth seconds before
  /// it, and the noise passes a filter of first order. nil: a sample is the value at one instant.
  public var bandwidth: Double? = nil
  /// How much warmer the device gets after the first sample, °C, approached exponentially in 300 s (assumed); what that does
  /// is decided by the triads' temperature coefficients.
  public var warmUp: Double = 0
  /// What a device that fuses on board makes of its orientation; nil where it does not, or without an error.
  public var fusion: FusionModel? = nil
  /// Standard deviation of the sampling instants from the even raster, s; never more than 0.4 of the interval.
  public var samplingJitterSD: Double = 0
  /// Standard deviation of the clock's rate error, as a fraction: 1e-6 is 1 ppm.
  public var clockErrorSD: Double = 0
  /// Probability that a run of lost samples begins at a sample, and how many are lost in a run on average.
  public var lossProbability: Double = 0
  public var lossLength: Double = 1
  /// What the device says about time with each sample.
  public var deviceClock: DeviceClock = .none
  /// What its clock or counter says at the first sample.
  public var firstTick: UInt64 = 0
  /// The temperature that it reports, °C, never changing; nil where it reports none.
  public var temperature: Double? = nil

  /// A perfect device under another name, to be changed.
  public init(name: String) { self.name = name }
}
