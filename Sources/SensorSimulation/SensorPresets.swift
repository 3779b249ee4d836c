import Motion

// The figures of each class say where they come from. Where a data sheet gives a typical value, it is taken as one
// standard deviation, unless said otherwise; a limit (±) as two.
extension SensorModel {
  /// Accelerometer and gyroscope in the units of data sheets: µg/√Hz, mg, mg/°C, g and (°/s)/√Hz, °/s, (°/s)/°C, °/s; per cent.
  ///
  /// Assumed for each chip: the bias walks by 10 µg/√s and 0.001 (°/s)/√s and comes and goes by 40 µg and 5 °/h; it warms up by
  /// 5 °C on the leg; its samples jitter by 50 µs and its clock is 100 ppm off; a small controller stamps them in microseconds.
  private static func chip(
    _ name: String,
    accelerometer a: (noise: Double, bias: Double, drift: Double, scale: Double, cross: Double, range: Double),
    gyroscope g: (noise: Double, bias: Double, drift: Double, scale: Double, cross: Double, range: Double),
    bandwidth: Double
  ) -> SensorModel {
    var model = SensorModel(name: name)
    let milli = standardGravity / 1000
    model.accelerometer.noiseDensity = a.noise * milli / 1000
    model.accelerometer.biasSD = Vector3(a.bias, a.bias, a.bias) * milli
    model.accelerometer.temperatureCoefficientSD = a.drift * milli
    model.accelerometer.biasWalk = 0.01 * milli
    model.accelerometer.biasInstability = 0.04 * milli
    model.accelerometer.scaleSD = a.scale / 100
    model.accelerometer.crossAxisSD = a.cross / 100
    model.accelerometer.range = a.range * standardGravity
    model.accelerometer.bits = 16
    model.gyroscope.noiseDensity = g.noise * radiansPerDegree
    model.gyroscope.biasSD = Vector3(g.bias, g.bias, g.bias) * radiansPerDegree
    model.gyroscope.temperatureCoefficientSD = g.drift * radiansPerDegree
    model.gyroscope.biasWalk = 0.001 * radiansPerDegree
    model.gyroscope.biasInstability = 5.0 / 3600 * radiansPerDegree
    model.gyroscope.scaleSD = g.scale / 100
    model.gyroscope.crossAxisSD = g.cross / 100
    model.gyroscope.range = g.range * radiansPerDegree
    model.gyroscope.bits = 16
    model.bandwidth = bandwidth
    model.warmUp = 5
    model.samplingJitterSD = 50e-6
    model.clockErrorSD = 100e-6
    model.deviceClock = .clock(bits: 32, nanosecondsPerTick: 1000)
    return model
  }

  /// The devices by name, for a command line.
  public static let presets: [SensorModel] = [
    .perfect, .mpu6050, .bmi160, .bmi270, .lsm6ds3, .lsm6dso, .icm20948, .wt901, .bno08x, .inclinometer, .adxl355,
  ]

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

  /// A Bosch BMI160 at ±4 g and ±500 °/s. Typical values as they are commonly quoted from its data sheet, not checked against a copy:
  /// noise 180 µg/√Hz and 0.007 (°/s)/√Hz, offset 40 mg and 3 °/s (before its own compensation), 1 mg/°C and 0.05 (°/s)/°C. Assumed:
  /// scale 0.5 and 1 %, cross-axis 0.5 and 1 %, bandwidth 40 Hz.
  public static let bmi160 = chip(
    "bmi160", accelerometer: (180, 40, 1, 0.5, 0.5, 4), gyroscope: (0.007, 3, 0.05, 1, 1, 500), bandwidth: 40)

  /// A Bosch BMI270 at ±4 g and ±500 °/s. Data sheet BST-BMI270-DS000: noise 160 µg/√Hz and 0.007 (°/s)/√Hz, offset of the
  /// gyroscope 0.5 °/s. As commonly quoted, not checked: offset 20 mg, 0.25 mg/°C, 0.02 (°/s)/°C, scale 0.4 and 0.4 %. Assumed:
  /// cross-axis 0.3 and 0.5 %, bandwidth 40 Hz.
  public static let bmi270 = chip(
    "bmi270", accelerometer: (160, 20, 0.25, 0.4, 0.3, 4), gyroscope: (0.007, 0.5, 0.02, 0.4, 0.5, 500), bandwidth: 40)

  /// An ST LSM6DS3 at ±4 g and ±500 °/s. As commonly quoted from its data sheet, not checked: noise 90 µg/√Hz and 0.007 (°/s)/√Hz, offset
  /// 40 mg and 10 °/s, 0.5 mg/°C and 0.05 (°/s)/°C. Assumed: scale 1 and 1 %, cross-axis 0.5 and 0.5 %, bandwidth 50 Hz.
  public static let lsm6ds3 = chip(
    "lsm6ds3", accelerometer: (90, 40, 0.5, 1, 0.5, 4), gyroscope: (0.007, 10, 0.05, 1, 0.5, 500), bandwidth: 50)

  /// An ST LSM6DSO at ±4 g and ±500 °/s. As commonly quoted from its data sheet, not checked: noise 70 µg/√Hz and 0.0038 (°/s)/√Hz, offset
  /// 20 mg and 1 °/s, 0.1 mg/°C and 0.01 (°/s)/°C. Assumed: scale 0.5 and 0.5 %, cross-axis 0.5 and 0.5 %, bandwidth 50 Hz.
  public static let lsm6dso = chip(
    "lsm6dso", accelerometer: (70, 20, 0.1, 0.5, 0.5, 4), gyroscope: (0.0038, 1, 0.01, 0.5, 0.5, 500), bandwidth: 50)

  /// A TDK ICM-20948 at ±4 g and ±500 °/s. Data sheet DS-000189 revision 1.3: accelerometer 230 µg/√Hz, ±25 mg as a part and ±50 mg
  /// on a board (taken as one SD of 25 mg), 0.8 mg/°C, scale 0.5 %, cross-axis 2 % (one SD of 1 %). As commonly quoted, not
  /// checked: gyroscope 0.015 (°/s)/√Hz, 5 °/s, 0.05 (°/s)/°C, scale 1.5 %, cross-axis 1 %. Assumed: bandwidth 50 Hz.
  public static let icm20948 = chip(
    "icm20948", accelerometer: (230, 25, 0.8, 0.5, 1, 4), gyroscope: (0.015, 5, 0.05, 1.5, 1, 500), bandwidth: 50)

  /// A BNO08x that fuses on board without its magnetometer. BNO080 data sheet, figure 6-12, "gaming rotation vector": error of what
  /// is not heading 1.5° at rest and 2.5° in motion, drift of the heading 0.5°/min; the errors of two tilts together, so that each has
  /// 1.06° at rest, of which 0.9° is taken as constant and 0.6° as wandering within 20 s (the split is assumed).
  public static let bno08x: SensorModel = {
    var model = SensorModel(name: "bno08x")
    model.accelerometer.range = 8 * standardGravity
    model.accelerometer.bits = 16
    model.accelerometer.noiseDensity = 150e-6 * standardGravity
    model.gyroscope.range = 2000 * radiansPerDegree
    model.gyroscope.bits = 16
    model.gyroscope.noiseDensity = 0.014 * radiansPerDegree
    model.fusion = FusionModel(
      tiltBiasSD: 0.9 * radiansPerDegree, tiltWanderSD: 0.6 * radiansPerDegree, wanderTime: 20,
      headingDriftSD: 0.5 / 60 * radiansPerDegree)
    model.samplingJitterSD = 200e-6
    model.clockErrorSD = 100e-6
    return model
  }()

  /// A digital inclinometer of the DXL360S kind: good to 0.1° in each axis (its maker says ±0.08° near 0 and 90°, ±0.1° to ±0.2° else, taken as
  /// two SD of 0.2°), slow (5 Hz), without a gyroscope that anybody sees. An accelerometer bias of 1.7 mg is 0.1°.
  public static let inclinometer: SensorModel = {
    var model = SensorModel(name: "inclinometer")
    model.accelerometer.noiseDensity = 100e-6 * standardGravity
    model.accelerometer.biasSD = Vector3(0.0017, 0.0017, 0.0017) * standardGravity
    model.accelerometer.scaleSD = 0.001
    model.accelerometer.range = 2 * standardGravity
    model.bandwidth = 5
    model.samplingJitterSD = 1e-3
    model.clockErrorSD = 200e-6
    return model
  }()

  /// An Analog Devices ADXL355 as an inclinometer: ±2.048 g in 20 bits, 22.5 µg/√Hz, offset 25 mg, 0.02 mg/°C, as commonly quoted, not
  /// checked. Assumed: a user's calibration leaves 2 mg, scale 0.1 %, cross-axis 0.5 %, bandwidth 30 Hz.
  public static let adxl355: SensorModel = {
    var model = SensorModel(name: "adxl355")
    model.accelerometer.noiseDensity = 22.5e-6 * standardGravity
    model.accelerometer.biasSD = Vector3(0.002, 0.002, 0.002) * standardGravity
    model.accelerometer.temperatureCoefficientSD = 20e-6 * standardGravity
    model.accelerometer.scaleSD = 0.001
    model.accelerometer.crossAxisSD = 0.005
    model.accelerometer.range = 2.048 * standardGravity
    model.accelerometer.bits = 20
    model.bandwidth = 30
    model.warmUp = 5
    model.samplingJitterSD = 50e-6
    model.clockErrorSD = 100e-6
    return model
  }()
}
