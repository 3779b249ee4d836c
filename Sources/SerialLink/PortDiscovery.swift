import CUdev
import Glibc

/// Finds the serial ports of this machine through libudev. Without a running udevd, as in a container, libudev reads the kernel's own
/// description, and only the stable names are missing.
public enum PortDiscovery {
  /// All ports that have a device behind them, sensors' makers first, then by path. Nothing is opened: looking must not disturb a
  /// device that is in use.
  public static func ports() -> [PortDescription] {
    var found = describeAll()
    for (index, holders) in PortHolder.holders(ofPorts: found.map(\.path)).enumerated() {
      found[index].heldBy = holders
    }
    return found
  }

  /// The stable names of the ports, in the same order.
  static func names() -> [String] { describeAll().map(\.stableName) }

  private static func describeAll() -> [PortDescription] {
    guard let udev = udev_new() else { return [] }
    defer { udev_unref(udev) }
    guard let search = udev_enumerate_new(udev) else { return [] }
    defer { udev_enumerate_unref(search) }
    udev_enumerate_add_match_subsystem(search, "tty")
    udev_enumerate_scan_devices(search)
    let links = StableLinks()
    var found: [PortDescription] = []
    var entry = udev_enumerate_get_list_entry(search)
    while let here = entry {
      entry = udev_list_entry_get_next(here)
      guard let device = udev_device_new_from_syspath(udev, udev_list_entry_get_name(here)) else { continue }
      defer { udev_device_unref(device) }
      if let port = describe(device, links) { found.append(port) }
    }
    return found.sorted(by: comesBefore)
  }

  private static func comesBefore(_ a: PortDescription, _ b: PortDescription) -> Bool {
    let aIsMaker = a.knownSensor?.isSensorMaker == true
    let bIsMaker = b.knownSensor?.isSensorMaker == true
    if aIsMaker != bIsMaker { return aIsMaker }
    // ttyUSB10 comes after ttyUSB9.
    if a.path.utf8.count != b.path.utf8.count { return a.path.utf8.count < b.path.utf8.count }
    return a.path < b.path
  }

  private static func describe(_ device: OpaquePointer, _ links: StableLinks) -> PortDescription? {
    // In a container the kernel may know of ports that have no node here.
    guard let path = text(udev_device_get_devnode(device)), access(path, F_OK) == 0, isPort(device) else { return nil }
    // Parents belong to their children in libudev; they are not released.
    let usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device")
    let vendorID = usb.flatMap { number(attribute($0, "idVendor")) }
    let productID = usb.flatMap { number(attribute($0, "idProduct")) }
    let isAccessible = access(path, R_OK | W_OK) == 0
    return PortDescription(
      path: path, stableName: links.name(of: path),
      vendor: usb.flatMap { attribute($0, "manufacturer") } ?? "",
      product: usb.flatMap { attribute($0, "product") } ?? "",
      vendorID: vendorID, productID: productID,
      serialNumber: usb.flatMap { attribute($0, "serial") } ?? "",
      driver: driver(of: device) ?? "",
      knownSensor: vendorID.flatMap { vendor in productID.flatMap { SensorHint.forUSB(vendor: vendor, product: $0) } },
      isAccessible: isAccessible, accessAdvice: isAccessible ? nil : PermissionAdvice(examining: path))
  }

  /// Virtual consoles and the like have no parent; neither has a Bluetooth serial port (rfcomm) that is not connected.
  private static func isPort(_ device: OpaquePointer) -> Bool {
    let name = text(udev_device_get_sysname(device)) ?? ""
    if name.hasPrefix("rfcomm") { return true }
    guard udev_device_get_parent(device) != nil else { return false }
    guard name.hasPrefix("ttyS") else { return true }
    // The 8250 driver makes nodes for hardware that may not be there. Its own type tells, but only root may read it; for others, a node
    // that stands on nothing but the driver's placeholder counts as empty.
    if let type = attribute(device, "type") { return type != "0" }
    return driver(of: device) != "serial8250"
  }

  /// The driver of the nearest ancestor that has one. The layers that the kernel puts between a port and its hardware ("port",
  /// "ctrl") are not what a person means.
  private static func driver(of device: OpaquePointer) -> String? {
    var ancestor = udev_device_get_parent(device)
    while let here = ancestor {
      if let name = text(udev_device_get_driver(here)), name != "port", name != "ctrl" { return name }
      ancestor = udev_device_get_parent(here)
    }
    return nil
  }

  private static func attribute(_ device: OpaquePointer, _ name: String) -> String? {
    text(udev_device_get_sysattr_value(device, name))
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    guard let pointer else { return nil }
    let text = printable(String(cString: pointer))
    return text.isEmpty ? nil : text
  }

  private static func number(_ digits: String?) -> UInt16? { digits.flatMap { UInt16($0, radix: 16) } }
}

/// The lasting links that udev makes beside the nodes. Two adapters without a serial number share one name, and its link leads to only one
/// of them: so links are followed rather than believed.
private struct StableLinks {
  /// A file, as the kernel tells files apart.
  private struct File: Hashable {
    var device: dev_t
    var number: ino_t

    init?(_ path: String) {
      var found = stat()
      guard stat(path, &found) == 0 else { return nil }
      device = found.st_dev
      number = found.st_ino
    }
  }

  private var names: [File: String] = [:]

  init() {
    for folder in ["/dev/serial/by-id", "/dev/serial/by-path"] {
      for entry in folderEntries(folder) {
        let link = "\(folder)/\(entry)"
        guard let node = File(link), names[node] == nil else { continue }
        names[node] = link
      }
    }
  }

  func name(of path: String) -> String { File(path).flatMap { names[$0] } ?? path }
}
