import Motion

/// JSON that Movesense's apps write: packets with a `Timestamp` in ms and arrays `ArrayAcc` (m/s²), `ArrayGyro` (deg/s) and `ArrayMagn`
/// of one length, wherever they stand in the document. A packet's samples lie evenly between its stamp and the next one's.
///
/// It is read in one pass over the bytes; a file that was cut off gives its whole packets.
struct MovesenseJSON {
  static let name = "movesense"

  private struct Packet {
    var timestamp: Double
    var acceleration: [Vector3] = []
    var angularRate: [Vector3] = []
    var magneticField: [Vector3] = []
  }

  /// Whether the beginning of a file has packets in it.
  static func identify(_ bytes: Span<UInt8>) -> Bool {
    var scanner = JSONScanner(limit: min(bytes.count, TableHead.mostBytes))
    while let token = scanner.next(bytes) {
      if case .key(let start, let end) = token, scanner.spells(bytes, start, end, "ArrayAcc") { return true }
    }
    return false
  }

  static func read(_ bytes: Span<UInt8>, file: String) throws(ImportError) -> Capture {
    var packets: [Packet] = []
    // Sensors that stream each quantity for itself write packets of one quantity each.
    var scanner = JSONScanner(limit: bytes.count)
    var open: [(depth: Int, packet: Packet)] = []
    var array: WritableKeyPath<Packet, [Vector3]>?
    var axis = -1
    var vector = Vector3.zero
    var expectsTime = false
    var cutOff = true
    while let token = scanner.next(bytes) {
      switch token {
      case .open:
        open.append((scanner.depth, Packet(timestamp: .nan)))
        // Nesting deeper than any writer's is no capture; the scanner goes on, the stack does not grow.
        if open.count > 32 { open.removeFirst() }
      case .close:
        if array != nil, axis >= 0 {
          if open.count > 1 { open[open.count - 2].packet[keyPath: array!].append(vector) }
          axis = -1
          vector = .zero
        }
        if let last = open.popLast(), last.packet.timestamp.isFinite,
          !last.packet.acceleration.isEmpty || !last.packet.angularRate.isEmpty
        {
          packets.append(last.packet)
        }
        if scanner.depth == 0 { cutOff = false }
      case .endOfArray: array = nil
      case .key(let start, let end):
        expectsTime = scanner.spells(bytes, start, end, "Timestamp")
        if scanner.spells(bytes, start, end, "ArrayAcc") {
          array = \.acceleration
        } else if scanner.spells(bytes, start, end, "ArrayGyro") {
          array = \.angularRate
        } else if scanner.spells(bytes, start, end, "ArrayMagn") {
          array = \.magneticField
        } else if scanner.spells(bytes, start, end, "x") {
          axis = 0
        } else if scanner.spells(bytes, start, end, "y") {
          axis = 1
        } else if scanner.spells(bytes, start, end, "z") {
          axis = 2
        } else {
          axis = -1
        }
      case .number(let value):
        if expectsTime, !open.isEmpty {
          open[open.count - 1].packet.timestamp = value
          expectsTime = false
        } else if array != nil {
          switch axis {
          case 0: vector.x = value
          case 1: vector.y = value
          case 2: vector.z = value
          default: break
          }
        }
      case .other: expectsTime = false
      }
    }
    return try capture(of: packets, file: file, cutOff: cutOff)
  }

  private static func capture(of packets: [Packet], file: String, cutOff: Bool) throws(ImportError) -> Capture {
    let both = packets.filter { !$0.acceleration.isEmpty }
    guard !both.isEmpty else { throw ImportError(.noSamples, "no packet with 'ArrayAcc' and 'Timestamp' in it") }
    let gyroscopeApart = both.allSatisfy(\.angularRate.isEmpty) && packets.contains { !$0.angularRate.isEmpty }
    var capture = try samples(of: both, file: file)
    if gyroscopeApart {
      var turned = packets.filter { !$0.angularRate.isEmpty }
      for index in turned.indices { turned[index].acceleration = turned[index].angularRate }
      let other = try samples(of: turned, file: file)
      let shift = SessionTime(seconds: (turned[0].timestamp - both[0].timestamp) * 1e-3).nanoseconds
      SeriesJoin(other.samples, \.angularRate, shift: shift).fillAngularRate(of: &capture)
    }
    if cutOff { capture.notes.append("the file was cut off; its whole packets were read") }
    try judgeAcceleration(&capture, .said("m/s²", scale: 1))
    GyroscopeAgreement.judge(&capture, unknownUnit: nil, isChosen: false)
    return capture
  }

  private static func samples(of packets: [Packet], file: String) throws(ImportError) -> Capture {
    var capture = Capture(format: name, timeSource: .column)
    capture.files = [file]
    let origin = packets[0].timestamp
    var step = 20.0
    for (index, packet) in packets.enumerated() {
      let count = packet.acceleration.count
      if index + 1 < packets.count {
        let next = (packets[index + 1].timestamp - packet.timestamp) / Double(count)
        // Over a hole the samples keep the step that they had.
        if next > 0, index == 0 || next < 1.5 * step { step = next }
      }
      for (place, acceleration) in packet.acceleration.enumerated() {
        let seconds = (packet.timestamp - origin + Double(place) * step) * 1e-3
        let time = SessionTime(seconds: min(max(seconds, -1), 1e9))
        guard capture.samples.isEmpty || time > capture.samples[capture.samples.count - 1].time else {
          capture.rejectedRows += 1
          continue
        }
        var sample = SensorSample()
        sample.acceleration = acceleration
        sample.fields = .acceleration
        if place < packet.angularRate.count {
          sample.angularRate = packet.angularRate[place] * radiansPerDegree
          sample.fields.insert(.angularRate)
        }
        if place < packet.magneticField.count {
          sample.magneticField = packet.magneticField[place]
          sample.fields.insert(.magneticField)
        }
        capture.samples.append(Capture.Sample(time: capture.samples.isEmpty ? .zero : time, sample: sample))
      }
    }
    let time = FileTime(times: capture.samples.map(\.time))
    capture.rate = time.rate
    capture.gaps = time.gaps
    return capture
  }
}
