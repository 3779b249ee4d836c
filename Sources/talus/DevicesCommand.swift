import ArgumentParser
import DecimalText
import Export
import Glibc
import SerialLink

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the serial ports, and what is known of the devices behind them.",
    discussion: """
      EXAMPLES
        talus devices
        talus devices --json | jq -r '.[].stable_name'
      """)

  @Flag(help: "For programs: one JSON array.")
  var json = false

  func run() throws {
    let ports = PortDiscovery.ports()
    var text = TextBuffer()
    if json { writeJSON(ports, to: &text) } else { writeText(ports, to: &text) }
    try writeOutput(text.bytes.span)
  }

  private func writeJSON(_ ports: [PortDescription], to text: inout TextBuffer) {
    text.appendJSON(layout: .indented) { json in
      json.beginArray()
      for port in ports {
        json.beginObject()
        json.member("path", text: port.path)
        json.member("stable_name", text: port.stableName)
        json.member("vendor", text: known(port.vendor))
        json.member("product", text: known(port.product))
        json.member("vendor_id", text: port.vendorID.map(hexadecimal))
        json.member("product_id", text: port.productID.map(hexadecimal))
        json.member("serial_number", text: known(port.serialNumber))
        json.member("driver", text: known(port.driver))
        json.key("known_sensor")
        if let hint = port.knownSensor {
          json.beginObject()
          json.member("text", text: hint.text)
          json.member("is_sensor_maker", bool: hint.isSensorMaker)
          json.endObject()
        } else {
          json.null()
        }
        json.member("accessible", bool: port.isAccessible)
        json.member("access_advice", text: port.accessAdvice?.text)
        json.key("held_by")
        json.beginArray()
        for holder in port.heldBy {
          json.beginObject()
          json.member("pid", integer: holder.processID)
          json.member("command", text: holder.command)
          json.endObject()
        }
        json.endArray()
        json.endObject()
      }
      json.endArray()
    }
    text.append("\n")
  }

  private func writeText(_ ports: [PortDescription], to text: inout TextBuffer) {
    guard !ports.isEmpty else {
      text.append("No serial port with a device behind it. Is the sensor plugged in and switched on?\n")
      text.append("Bluetooth sensors show up as a port once they are bound to one (rfcomm bind).\n")
      return
    }
    for port in ports {
      let device = [port.vendor, port.product].filter { !$0.isEmpty }.joined(separator: " ")
      text.append(text: port.path + (device.isEmpty ? "" : "  " + device) + "\n")
      func row(_ name: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        text.append("  ")
        text.append(name)
        for _ in name.utf8CodeUnitCount..<14 { text.append(" ") }
        text.append(text: value + "\n")
      }
      row("stable name", port.stableName == port.path ? "" : port.stableName)
      row("serial number", port.serialNumber)
      if let vendor = port.vendorID, let product = port.productID {
        row(
          "USB",
          "\(hexadecimal(vendor)):\(hexadecimal(product))" + (port.driver.isEmpty ? "" : ", driver \(port.driver)"))
      }
      row("sensor", port.knownSensor?.text ?? "")
      row("in use by", port.heldBy.map(\.description).joined(separator: ", "))
      if !port.isAccessible { row("access", port.accessAdvice?.text ?? "this user may not open it") }
    }
  }

  private func known(_ text: String) -> String? { text.isEmpty ? nil : text }

  private func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
