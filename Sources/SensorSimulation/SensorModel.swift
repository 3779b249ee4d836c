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

/// A class of device: how far its specimens are from perfect. What one specimen has is drawn from the spreads here
/// (`SensorSpecimen`).
///
/// A sample is the value at one instant, not a mean over the interval: a device with a low-pass filter shows less of a tremor
/// above half the sample rate than this model.
public struct SensorModel: Hashable, Sendable {
  public var name: String
  public var accelerometer = TriadModel()
  public var gyroscope = TriadModel()
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

  /// The devices by name, for a command line.
  public static let presets: [SensorModel] = [.perfect, .mpu6050, .wt901]

  /// The preset with this name; nil when there is none.
  public static func preset(named name: String) -> SensorModel? { presets.first { $0.name == name } }

  /// No errors, no quantisation, and a 64-bit clock of microseconds.
  public static let perfect: SensorModel = {
    var model = SensorModel(name: "perfect")
    model.deviceClock = .clock(bits: 64, nanosecondsPerTick: 1000)
    return model
  }()

  /// An MPU-6050 as it leaves the factory, at its power-on ranges of ±2 g and ±250 °/s, read by a small controller that
  /// stamps samples in microseconds.
  ///
  /// From the product specification PS-MPU-6000A revision 3.4, sections 6.1 and 6.2: noise 400 µg/√Hz and 0.005 (°/s)/√Hz; tolerances of
  /// ±50 mg (z ±80 mg), ±20 °/s, ±3 % scale and ±2 % cross-axis, each taken as two standard deviations. Typical, assumed: the
  /// bias random walks, the sampling jitter of 50 µs and the clock error of 100 ppm.
  public static let mpu6050: SensorModel = {
    var model = SensorModel(name: "mpu6050")
    model.accelerometer.noiseDensity = 400e-6 * standardGravity
    model.accelerometer.biasSD = Vector3(0.025, 0.025, 0.040) * standardGravity
    model.accelerometer.biasWalk = 20e-6 * standardGravity
    model.accelerometer.scaleSD = 0.015
    model.accelerometer.crossAxisSD = 0.01
    model.accelerometer.range = 2 * standardGravity
    model.accelerometer.bits = 16
    model.gyroscope.noiseDensity = 0.005 * radiansPerDegree
    model.gyroscope.biasSD = Vector3(10, 10, 10) * radiansPerDegree
    model.gyroscope.biasWalk = 0.001 * radiansPerDegree
    model.gyroscope.scaleSD = 0.015
    model.gyroscope.crossAxisSD = 0.01
    model.gyroscope.range = 250 * radiansPerDegree
    model.gyroscope.bits = 16
    model.samplingJitterSD = 50e-6
    model.clockErrorSD = 100e-6
    model.deviceClock = .clock(bits: 32, nanosecondsPerTick: 1000)
    return model
  }()

  /// A calibrated WT901-type module: ±16 g and ±2000 °/s in 16 bits, as the WitMotion standard protocol carries them, without
  /// its time frame, which is off by default.
  ///
  /// Ranges and word width are the protocol's. All else is typical, assumed: what remains after the user's calibration of 5 mg and
  /// 0.1 °/s, 0.3 % scale and 0.2 % cross-axis, noise of 300 µg/√Hz and 0.01 (°/s)/√Hz, jitter of 100 µs, clock error of 50 ppm.
  public static let wt901: SensorModel = {
    var model = SensorModel(name: "wt901")
    model.accelerometer.noiseDensity = 300e-6 * standardGravity
    model.accelerometer.biasSD = Vector3(0.005, 0.005, 0.005) * standardGravity
    model.accelerometer.biasWalk = 10e-6 * standardGravity
    model.accelerometer.scaleSD = 0.003
    model.accelerometer.crossAxisSD = 0.002
    model.accelerometer.range = 16 * standardGravity
    model.accelerometer.bits = 16
    model.gyroscope.noiseDensity = 0.01 * radiansPerDegree
    model.gyroscope.biasSD = Vector3(0.1, 0.1, 0.1) * radiansPerDegree
    model.gyroscope.biasWalk = 0.001 * radiansPerDegree
    model.gyroscope.scaleSD = 0.003
    model.gyroscope.crossAxisSD = 0.002
    model.gyroscope.range = 2000 * radiansPerDegree
    model.gyroscope.bits = 16
    model.samplingJitterSD = 100e-6
    model.clockErrorSD = 50e-6
    model.temperature = 24
    return model
  }()
}
