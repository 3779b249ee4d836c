import Foundation
import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("The catalogue of protocols and the device pages")
struct CatalogueTests {
  private func page(_ name: String) throws -> String {
    try String(contentsOf: SharedData.projectFolder.appending(path: "Hardware/" + name), encoding: .utf8)
  }

  @Test("Every row is whole", arguments: ProtocolCatalogue.rows)
  func rows(row: ProtocolDescription) throws {
    #expect(CharacterFormat(row.characters.description) == row.characters)
    #expect(!row.bauds.isEmpty && !row.summary.isEmpty)
    #expect(row.staticAngleSDDegrees > 0 && row.staticAngleSDDegrees < 2)
    #expect(close(row.staticAngleSD, row.staticAngleSDDegrees * .pi / 180))
    #expect(try ProtocolCatalogue.find(row.name).name == row.name)
    #expect(try ProtocolCatalogue.find(row.name.uppercased()).name == row.name)
    // What the row says of checksums and of the kind of measurement is what the decoder does.
    var random = RandomSource(seed: 1)
    guard var encoder = row.makeEncoder() else { return }
    var bytes: [UInt8] = []
    for index in 0..<3 { encoder.encode(randomSample(for: row.name, index: index, using: &random), into: &bytes) }
    var decoder = row.makeDecoder(stream: StreamID(2))
    var samples: [SensorSample] = []
    decoder.consume(bytes.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
    decoder.finish(into: &samples)
    #expect(samples.count == 3)
    for sample in samples {
      #expect(sample.stream == StreamID(2))
      // The long lines of a Jewell have a checksum, its short ones have none.
      #expect(sample.flags.contains(.unchecked) == (!row.hasChecksum && row.name != "jewell"))
      let wanted: SensorSample.Fields =
        switch row.measurement {
        case .imu: .acceleration
        case .inclination: .inclinationX
        case .orientation: .orientation
        }
      #expect(sample.fields.contains(wanted))
      #expect(row.clock != .none || !sample.fields.contains(.deviceTime))
    }
    if let range = row.accelerationRange { #expect(close(range, 16 * standardGravity)) }
    if let range = row.angularRateRange { #expect(close(range, 2000 * radiansPerDegree)) }
  }

  @Test("The device page says the same mount, speeds and name as the catalogue", arguments: ProtocolCatalogue.rows)
  func pages(row: ProtocolDescription) throws {
    let text = try page(row.hardwarePage)
    #expect(text.contains("`--protocol \(row.name)`"))
    if row.characters == CharacterFormat(stopBits: 2) { #expect(text.contains("2 stop bits")) }
    if row.dialogue != nil { #expect(text.contains("`talus stream")) }
    #expect(text.contains("Default mount: `\(row.usualMount)`"))
    #expect(text.contains("Serial speeds tried: \(row.bauds.map(String.init).joined(separator: ", "))"))
    #expect(text.contains("Assumed static angle uncertainty: \(row.staticAngleSDDegrees)°"))
    let overview = try page("README.md")
    let line = try #require(overview.split(separator: "\n").first { $0.contains("(\(row.hardwarePage))") })
    #expect(line.contains("`\(row.usualMount)`"))
    #expect(line.contains("`\(row.name.hasPrefix("lines:") ? "lines:COLUMNS" : row.name)`"))
    #expect(line.contains(row.hasChecksum ? "| yes |" : "| no |"))
  }

  @Test("The inclination kinds of lines get their own mount")
  func inclinationLines() throws {
    let row = try ProtocolCatalogue.find("lines:t_ms,incl_x_deg")
    #expect(row.measurement == .inclination)
    #expect(try page(row.hardwarePage).contains("`\(row.usualMount)`"))
  }

  @Test("An unknown name is answered with the names that exist")
  func unknown() {
    let error = #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find("witmoton") }
    for name in ["witmotion", "rion", "dxl360s", "lines:COLUMNS"] {
      #expect(error?.description.contains(name) == true)
    }
    #expect(
      ProtocolCatalogue.names
        == ProtocolCatalogue.rows.map(\.name).filter { !$0.contains(":") } + ["orientation:ORDER", "lines:COLUMNS"])
  }

  @Test("Plain 'lines' is refused with the reason and an example")
  func plainLines() {
    let error = #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find("lines") }
    #expect(error?.description.contains("bare numbers do not say") == true)
    #expect(error?.description.contains("lines:" + ColumnMap.example) == true)
  }
}
