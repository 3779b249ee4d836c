/// Standard gravity, m/s². Sensors that report in g mean this value.
public let standardGravity = 9.806_65

/// Metres in one inch.
public let metresPerInch = 0.0254

/// Degrees in one radian.
public let degreesPerRadian = 180 / Double.pi

/// Radians in one degree.
public let radiansPerDegree = Double.pi / 180
