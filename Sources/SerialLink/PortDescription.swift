/// One serial port of this machine, and the device behind it as far as the bus tells. Texts are empty where nothing is known.
public struct PortDescription: Hashable, Sendable {
  /// The device node, such as /dev/ttyUSB0. Which number it gets depends on what was plugged in first.
  public var path: String
  /// A path that stays the same over plugging and restarts: the device's own (by-id), else its socket's (by-path), else `path`.
  public var stableName: String
  public var vendor: String
  public var product: String
  /// The numbers on the USB bus; nil for other ports.
  public var vendorID: UInt16?
  public var productID: UInt16?
  public var serialNumber: String
  /// The kernel driver, such as ftdi_sio or cdc_acm.
  public var driver: String
  /// What the numbers suggest.
  public var knownSensor: SensorHint?
  /// This process may read and write the port.
  public var isAccessible: Bool
  /// What to do where it may not.
  public var accessAdvice: PermissionAdvice?
  /// Programs that have the port open now, as far as this user may see.
  public var heldBy: [PortHolder]

  public init(
    path: String, stableName: String, vendor: String = "", product: String = "", vendorID: UInt16? = nil,
    productID: UInt16? = nil, serialNumber: String = "", driver: String = "", knownSensor: SensorHint? = nil,
    isAccessible: Bool, accessAdvice: PermissionAdvice? = nil, heldBy: [PortHolder] = []
  ) {
    self.path = path
    self.stableName = stableName
    self.vendor = vendor
    self.product = product
    self.vendorID = vendorID
    self.productID = productID
    self.serialNumber = serialNumber
    self.driver = driver
    self.knownSensor = knownSensor
    self.isAccessible = isAccessible
    self.accessAdvice = accessAdvice
    self.heldBy = heldBy
  }
}
