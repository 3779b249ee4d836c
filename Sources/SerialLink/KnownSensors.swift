/// What the numbers on the USB bus suggest about a port. A vendor and product number names the chip on the bus, which is the sensor's own
/// only with makers that have their own numbers; with a bridge chip only the frames tell.
public struct SensorHint: Hashable, Sendable {
  /// For people: the maker, or the bridge and what is often behind it.
  public var text: String
  /// The numbers belong to a maker of sensors.
  public var isSensorMaker: Bool

  public init(text: String, isSensorMaker: Bool) {
    self.text = text
    self.isSensorMaker = isSensorMaker
  }

  /// How many makers and chips the table holds.
  static var knownCount: Int { knownDevices.count }

  /// The hint for a device on the USB bus; nil when the numbers say nothing.
  public static func forUSB(vendor: UInt16, product: UInt16) -> SensorHint? {
    knownDevices.first { $0.vendor == vendor && ($0.product == nil || $0.product == product) }?.hint
  }
}

private struct KnownDevice {
  var vendor: UInt16
  /// nil: all products of the vendor.
  var product: UInt16?
  var hint: SensorHint

  static func maker(_ vendor: UInt16, _ text: String) -> KnownDevice {
    KnownDevice(vendor: vendor, product: nil, hint: SensorHint(text: text, isSensorMaker: true))
  }

  static func bridge(_ vendor: UInt16, _ product: UInt16?, _ chip: String, often: String) -> KnownDevice {
    KnownDevice(
      vendor: vendor, product: product, hint: SensorHint(text: "\(chip) (often: \(often))", isSensorMaker: false))
  }
}

/// Kept in step with Hardware/udev/60-talus-sensors.rules by a test.
private let knownDevices: [KnownDevice] = [
  .maker(0x2639, "Xsens (Movella) sensor"),
  .maker(0x199b, "MicroStrain (LORD, HBK) sensor"),
  .maker(0x2476, "Yost Labs sensor"),
  .bridge(0x1a86, 0x7523, "CH340 bridge", often: "WitMotion and other low-cost IMUs"),
  .bridge(0x10c4, 0xea60, "CP210x bridge", often: "IMU boards"),
  .bridge(0x0403, nil, "FTDI bridge", often: "VectorNav, first-generation x-IMU, RS-485 adapters"),
  .bridge(0x0483, 0x5740, "STM32 virtual port", often: "sensors with their own firmware"),
]
