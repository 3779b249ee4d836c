/// An instant on the host's monotonic clock, in nanoseconds. Only differences mean anything; the session's
/// UTC anchor ties one of them to the calendar.
@frozen
public struct HostInstant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  @inlinable public static func < (a: HostInstant, b: HostInstant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Seconds from `earlier` to this instant.
  @inlinable
  public func seconds(since earlier: HostInstant) -> Double {
    Double(nanoseconds &- earlier.nanoseconds) * 1e-9
  }
}

/// When a sample was taken: nanoseconds since the first sample of the session, as `Timebase` recovered it.
/// Every stage after `Timebase` uses this time and no other. It never runs backwards and is never revised.
@frozen
public struct SessionTime: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The nearest nanosecond to `seconds`; zero when that is not a number that fits.
  @inlinable
  public init(seconds: Double) {
    let value = (seconds * 1e9).rounded()
    self.nanoseconds = abs(value) < 9e18 ? Int64(value) : 0
  }

  /// The instant of the session's first sample.
  @inlinable public static var zero: SessionTime { SessionTime(nanoseconds: 0) }

  @inlinable public static func < (a: SessionTime, b: SessionTime) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Seconds since the first sample of the session.
  @inlinable public var seconds: Double { Double(nanoseconds) * 1e-9 }

  /// Seconds from `earlier` to this time.
  @inlinable
  public func seconds(since earlier: SessionTime) -> Double {
    Double(nanoseconds &- earlier.nanoseconds) * 1e-9
  }
}

/// Ties the host's monotonic clock to the calendar, once a session. What is done to the host's calendar clock afterwards changes nothing.
@frozen
public struct UTCAnchor: Hashable, Sendable {
  /// The instant on the monotonic clock …
  public var host: HostInstant
  /// … and what the calendar clock said then: nanoseconds since 1970-01-01 00:00 UTC.
  public var utcNanoseconds: Int64
  /// How far that may be from true UTC, ns: the greatest error that the host's time service admits, and that of the reading. Nil where the host
  /// does not keep its clock to a time service, or nothing was recorded about it.
  public var uncertaintyNanoseconds: Int64?

  @inlinable
  public init(host: HostInstant, utcNanoseconds: Int64, uncertaintyNanoseconds: Int64? = nil) {
    self.host = host
    self.utcNanoseconds = utcNanoseconds
    self.uncertaintyNanoseconds = uncertaintyNanoseconds
  }
}
