import Motion
import RealModule

/// How samples travel to the host. Times in s.
public struct ArrivalModel: Hashable, Sendable {
  public var name: String
  /// No sample arrives sooner than this after it was taken: processing and transmission.
  public var latency: Double = 0
  /// Mean of the additional delay, which differs from sample to sample (exponentially distributed).
  public var jitter: Double = 0
  /// The host sees bytes only at instants this far apart: a USB adapter's latency timer or frame. 0: at once.
  public var bunching: Double = 0
  /// Times a minute at which nothing comes through for `stallDuration`; what was held then arrives together.
  public var stallsPerMinute: Double = 0
  public var stallDuration: Double = 0

  /// Arrival at the instant of sampling, under another name, to be changed.
  public init(name: String) { self.name = name }

  /// The arrivals by name, for a command line.
  public static let presets: [ArrivalModel] = [.immediate, .usb1ms, .usb16ms, .usb16msStalls]

  /// The preset with this name; nil when there is none.
  public static func preset(named name: String) -> ArrivalModel? { presets.first { $0.name == name } }

  /// Each sample arrives when it is taken.
  public static let immediate = ArrivalModel(name: "immediate")

  /// Full-speed USB, polled every millisecond; latency and jitter are typical, assumed.
  public static let usb1ms = usb(name: "usb1ms", period: 0.001)

  /// An adapter that hands bytes on every 16 ms, which is the default of the FTDI latency timer under Linux.
  public static let usb16ms = usb(name: "usb16ms", period: 0.016)

  /// `usb16ms` on a busy host: four times a minute nothing arrives for 0.3 s (assumed).
  public static let usb16msStalls: ArrivalModel = {
    var model = usb(name: "usb16ms-stalls", period: 0.016)
    model.stallsPerMinute = 4
    model.stallDuration = 0.3
    return model
  }()

  private static func usb(name: String, period: Double) -> ArrivalModel {
    var model = ArrivalModel(name: name)
    model.latency = 0.004
    model.jitter = 0.0003
    model.bunching = period
    return model
  }
}

/// Arrivals of one session, sample after sample. They never go backwards.
struct ArrivalClock: Sendable {
  private let model: ArrivalModel
  private let origin: HostInstant
  private var random: RandomStream
  private let phase: Double
  private var stallStart: Double
  private var last: HostInstant

  /// - Parameter origin: the host's clock at session time zero.
  init(model: ArrivalModel, origin: HostInstant, seed: UInt64, stream: StreamID) {
    self.model = model
    self.origin = origin
    last = origin
    random = RandomStream(seed: seed, purpose: .arrivals, stream: stream)
    phase = random.uniform() * model.bunching
    stallStart = .infinity
    if model.stallsPerMinute > 0 { stallStart = random.exponential(mean: 60 / model.stallsPerMinute) }
  }

  /// When the sample taken at `time` (s) arrives.
  mutating func arrival(of time: Double) -> HostInstant {
    var ready = time + model.latency
    if model.jitter > 0 { ready += random.exponential(mean: model.jitter) }
    while ready >= stallStart {
      let stallEnd = stallStart + model.stallDuration
      if ready < stallEnd {
        ready = stallEnd
        break
      }
      stallStart = stallEnd + random.exponential(mean: 60 / model.stallsPerMinute)
    }
    if model.bunching > 0 {
      ready = phase + ((ready - phase) / model.bunching).rounded(.up) * model.bunching
    }
    // Rounded up: a sample must not arrive a fraction of a nanosecond early.
    let instant = HostInstant(nanoseconds: origin.nanoseconds &+ Int64((ready * 1e9).rounded(.up)))
    last = max(last, instant)
    return last
  }
}
