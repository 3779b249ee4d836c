import CaptureImport
import Glibc
import Motion

/// A leg that stands and then leans forward and back for twenty seconds, spelled as files spell it: one motion for every format, so that what is
/// read can be held against it.
enum MovingLeg {
  struct Moment {
    var index: Int
    /// s
    var time: Double
    /// m/s²
    var acceleration: [Double]
    /// rad/s
    var rate: [Double]
    /// Scalar first, sensor to earth.
    var quaternion: [Double]
    /// rad
    var lean: Double
  }

  static let hertz = 100.0

  static let moments: [Moment] = (0..<2000).map { index in
    let time = Double(index) / hertz
    func lean(_ time: Double) -> Double { time < 3 ? 0.05 : 0.05 + 0.35 * (1 - cos(2 * .pi * (time - 3) / 4)) }
    let a = lean(time)
    let turning = (lean(time + 1e-5) - lean(time - 1e-5)) / 2e-5
    let (side, rest) = (0.2, (1 - 0.2 * 0.2).squareRoot())
    let up = [side, rest * cos(a), rest * sin(a)]
    // A few thousandths that no two rows share, so that the numbers look measured.
    let noise = Double((index * 7919) % 101 - 50) / 50
    let quaternion = [1 + up[2], up[1], -up[0], 0]
    let length = quaternion.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return Moment(
      index: index, time: time, acceleration: up.map { standardGravity * $0 + 0.01 * noise },
      rate: [-turning + 0.002 * noise, 0.01 - 0.002 * noise, -0.006 + 0.001 * noise],
      quaternion: quaternion.map { $0 / length }, lean: a)
  }

  /// The rows under a head.
  ///
  /// - Parameters:
  ///   - mark: the decimal mark.
  ///   - cells: a row's cells; numbers with a point.
  static func file(
    _ head: String, _ separator: String = ",", mark: String = ".", end: String = "\n",
    _ cells: (Moment) -> [String]
  ) -> String {
    var text = head + end
    for moment in moments {
      text +=
        cells(moment).map { mark == "." ? $0 : $0.split(separator: ".").joined(separator: mark) }
        .joined(separator: separator) + end
    }
    return text
  }

  /// Whether the capture holds the motion: its rate, and both vectors as they were.
  ///
  /// - Parameter before: samples of something else at its beginning.
  static func isIn(_ capture: Capture, after before: Int = 0) -> Bool {
    guard let rate = capture.rate, abs(rate - hertz) < 0.5, capture.samples.count > 1900 else { return false }
    return (500..<1500).allSatisfy { index in
      let (sample, truth) = (capture.samples[index + before].sample, moments[index])
      let error = sample.acceleration - Vector3(truth.acceleration[0], truth.acceleration[1], truth.acceleration[2])
      let other = sample.angularRate - Vector3(truth.rate[0], truth.rate[1], truth.rate[2])
      return error.length < 0.05 && other.length < 0.02
    }
  }
}

extension MovingLeg.Moment {
  /// The acceleration in parts of a unit, written with six decimals.
  func acc(_ unit: Double = 1) -> [String] { acceleration.map { Self.text($0 / unit) } }
  func gyr(_ unit: Double = 1) -> [String] { rate.map { Self.text($0 / unit) } }
  var quat: [String] { quaternion.map(Self.text) }

  /// With six decimals.
  static func text(_ value: Double) -> String {
    let parts = Int((abs(value) * 1e6).rounded())
    let fraction = String(parts % 1_000_000)
    return (value < 0 ? "-" : "") + "\(parts / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count)
      + fraction
  }

  /// Time of day from ten o'clock.
  var clock: String {
    let ms = index * 10
    func two(_ value: Int, _ width: Int = 2) -> String {
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    return "10:\(two(ms / 60_000)):\(two(ms / 1000 % 60)).\(two(ms % 1000, 3))"
  }
}

/// rad/s in one deg/s.
let degree = Double.pi / 180
