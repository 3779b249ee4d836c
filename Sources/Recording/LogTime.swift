import Motion

extension UTCAnchor {
  /// The instant as MCAP's time: nanoseconds since 1970 UTC. It wraps, so that it can always be turned back.
  func logTime(of instant: HostInstant) -> UInt64 {
    UInt64(bitPattern: utcNanoseconds &+ (instant.nanoseconds &- host.nanoseconds))
  }

  /// The instant that has this time.
  func instant(ofLogTime time: UInt64) -> HostInstant {
    HostInstant(nanoseconds: Int64(bitPattern: time) &- utcNanoseconds &+ host.nanoseconds)
  }
}
