import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("DXL360S level")
struct DXL360STests {
  @Test("Hundredths of a degree, signed, flagged as unchecked")
  func values() throws {
    let decoded = try decode("dxl360s", ascii("X-0005Y+9001"))
    let sample = try #require(decoded.samples.first)
    #expect(close(sample.inclinationX, -0.05 * radiansPerDegree))
    #expect(close(sample.inclinationY, 90.01 * radiansPerDegree))
    #expect(sample.flags == .unchecked)
  }

  @Test("A wrong character anywhere is found, and the next frame is read")
  func everyPlace() throws {
    for place in 0..<12 {
      for wrong in ["X", "Z", "-", "5", "\0"] {
        var frame = ascii("X-0005Y+0001")
        guard frame[place] != ascii(wrong)[0] else { continue }
        frame[place] = ascii(wrong)[0]
        let isDigitForDigit = ![0, 1, 6, 7].contains(place) && wrong == "5"
        let isSignForSign = [1, 7].contains(place) && wrong == "-"
        let decoded = try decode("dxl360s", ascii("X+0001Y+0002") + frame + ascii("X+0003Y+0004"))
        #expect(decoded.samples.count == (isDigitForDigit || isSignForSign ? 3 : 2), "\(place) \(wrong)")
        #expect(decoded.counters.checksumFailures == 0)
      }
    }
  }
}

@Suite("Plain numeric lines")
struct NumericLinesTests {
  private let imu = "lines:" + ColumnMap.example

  /// Decodes lines behind the end of a first, partial one.
  private func lines(_ name: String, _ text: String) throws -> Decoded { try decode(name, ascii("\n" + text)) }

  @Test("Every separator is understood, alone, with spaces, and at the end")
  func separators() throws {
    for text in [
      "10,1,2,3,4,5,6\n", "10;1;2;3;4;5;6\r\n", "10\t1\t2\t3\t4\t5\t6\n", "10 1 2 3 4 5 6\n",
      "  10   1 2 3  4 5 6  \r\n",
      "10, 1, 2 ,3,4,5,6,\n", "10,1 2\t3;4,5,6 ;\n", "+10,1e0,.2e1,3.,4.0,50e-1,6\n",
    ] {
      let decoded = try lines(imu, text)
      let sample = try #require(decoded.samples.first, "\(text)")
      #expect(sample.deviceTicks == 10_000)
      #expect(close(sample.acceleration, Vector3(1, 2, 3) * standardGravity))
      #expect(close(sample.angularRate, Vector3(4, 5, 6) * radiansPerDegree))
      #expect(sample.fields == [.deviceTime, .acceleration, .angularRate])
      #expect(sample.flags == .unchecked)
    }
  }

  @Test("Lines that are not what the map says are stepped over, and the next sample says so")
  func refused() throws {
    for bad in [
      "10,1,2,3,4,5", "10,1,2,3,4,5,6,7", "10,1,,3,4,5,6", "10,nan,2,3,4,5,6", "10,1,2,inf,4,5,6", "10,1,2,3,4,5,ovf",
      "10,1,2,3,4,5,6x", "10,0x1,2,3,4,5,6", "hello", "-10,1,2,3,4,5,6", "10,1,2,3,4,5,1e999", "1e300,1,2,3,4,5,6",
      "10,,1,2,3,4,5,6", ",10,1,2,3,4,5,6",
    ] {
      let decoded = try lines(imu, "10,1,2,3,4,5,6\n\(bad)\n20,1,2,3,4,5,7\n")
      #expect(decoded.samples.count == 2, "\(bad)")
      #expect(decoded.counters.skipped == UInt64(bad.utf8.count + 2), "\(bad)")
      #expect(decoded.counters.checksumFailures == 0)
      #expect(decoded.samples.last?.flags == [.unchecked, .afterLoss])
    }
  }

  @Test("What comes before the first end of line is not taken for a line")
  func partialFirstLine() throws {
    let decoded = try decode(imu, ascii("0,1,2,3,4,5,6\n20,1,2,3,4,5,6\n"))
    #expect(decoded.samples.map(\.deviceTicks) == [20_000])
    #expect(decoded.counters.skipped == 14)
  }

  @Test("An empty line is a frame without a sample")
  func emptyLines() throws {
    let decoded = try lines(imu, "10,1,2,3,4,5,6\r\n\r\n  \n20,1,2,3,4,5,7\n")
    #expect(decoded.samples.map(\.flags) == [.unchecked, .unchecked])
    #expect(decoded.counters.frames == 4)
  }

  @Test("A line without an end is stepped over up to its end, never kept and never cut in two")
  func overlongLine() throws {
    let long = String(repeating: "1234567890", count: 300) + ",1,2,3,4,5,6\n"
    for length in [509, 510, 511, 512, 513, 520] {
      let padded = String(repeating: " ", count: length - 14) + "10,1,2,3,4,5,6\n"
      let decoded = try lines(imu, padded + long + "20,1,2,3,4,5,6\n")
      #expect(decoded.samples.map(\.deviceTicks) == (padded.utf8.count <= 512 ? [10_000, 20_000] : [20_000]))
    }
    let open = try decode(imu, ascii("\n" + String(repeating: "7,", count: 4000)))
    #expect(open.counters.held == 0)
    #expect(open.samples.isEmpty)
  }

  @Test("Units come from the names")
  func units() throws {
    let mixed = try lines("lines:az_mg,ax_mps2,ay_g,gz_radps,gx_dps,gy_dps,t_s", "1000 1.5 2 0.5 180 90 12.345678\n")
    let sample = try #require(mixed.samples.first)
    #expect(close(sample.acceleration, Vector3(1.5, 2 * standardGravity, standardGravity)))
    #expect(close(sample.angularRate, Vector3(.pi, .pi / 2, 0.5)))
    #expect(sample.deviceTicks == 12_345_678)
    let level = try lines("lines:-,t_us,incl_x_deg,incl_y_deg", "label 4294967297 -45 9e1\n")
    #expect(level.samples.first?.deviceTicks == 1)
    #expect(level.samples.first.map { close($0.inclinationX, -.pi / 4) && close($0.inclinationY, .pi / 2) } == true)
  }

  @Test("Clocks of the columns: a microsecond counter wraps, others do not")
  func clocks() throws {
    #expect(try ProtocolCatalogue.find("lines:t_us,incl_x_deg").clock == .clock(bits: 32, nanosecondsPerTick: 1000))
    #expect(try ProtocolCatalogue.find("lines:t_ms,incl_x_deg").clock == .clock(bits: 64, nanosecondsPerTick: 1000))
    #expect(try ProtocolCatalogue.find("lines:incl_x_deg").clock == .none)
  }

  @Test("Maps that make no sample are refused with the reason")
  func badMaps() {
    for (map, reason) in [
      ("t_ms,ax_g,ay_g", "all three axes"), ("t_ms", "neither"), ("ax,ay,az", "'ax' is not a column name"),
      ("ax_g,ay_g,az_g,gx_dps", "all three axes"), ("ax_g,ay_g,az_g,az_mg", "repeats"),
      ("", "needs the names of its columns"),
      ("gx_dps,gy_dps,gz_dps", "neither"), ("ax_g,ay_g,az_g,incl_z_deg", "not a column name"),
      (String(repeating: "-,", count: 40) + "incl_x_deg", "more than the 32"), ("incl_y_deg", "neither"),
      (",", "not a column name"),
    ] {
      let error = #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find("lines:" + map) }
      #expect(error?.description.contains(reason) == true, "\(map): \(error?.description ?? "")")
    }
  }

  @Test("The encoder writes nothing for a sample that lacks a column")
  func encoderGaps() throws {
    var encoder = try #require(try ProtocolCatalogue.find(imu).makeEncoder())
    var bytes: [UInt8] = []
    encoder.encode(SensorSample(), into: &bytes)
    #expect(bytes.isEmpty)
  }
}
