import Motion

/// JSON that Movesense's apps write: packets with a `Timestamp` in ms and arrays `ArrayAcc` (m/s²), `ArrayGyro` (deg/s) and `ArrayMagn`
/// of one length, wherever they stand in the document. A packet's samples lie evenly between its stamp and the next one's.
///
/// It is read in one pass over the bytes; a file that was cut off gives its whole packets.
enum MovesenseJSON {
  static let name = "movesense"

  /// Whether the beginning of a file has packets in it.
  static func identify(_ bytes: Span<UInt8>) -> Bool {
    var scanner = JSONScanner(limit: min(bytes.count, TableHead.mostBytes))
    while let token = scanner.next(bytes) {
      if case .key(let start, let end) = token, scanner.spells(bytes, start, end, "ArrayAcc") { return true }
    }
    return false
  }

  static func read(_ bytes: CaptureBytes, file: String, _ options: ImportOptions) throws(ImportError) -> Capture {
    let bytes = try bytes.inUTF8()
    // Sensors that stream each quantity for itself write packets of one quantity each; a hundred packets show it.
    var packets = PacketReader(bytes)
    var (together, apart, count) = (false, false, 0)
    while count < 100, let packet = packets.next() {
      count += 1
      if !packet.acceleration.isEmpty, !packet.angularRate.isEmpty { together = true }
      if packet.acceleration.isEmpty, !packet.angularRate.isEmpty { apart = true }
    }
    var series: any SampleSeries = PacketSeries(bytes, of: \.acceleration)
    if apart, !together { series = try SeriesJoin(series, PacketSeries(bytes, of: \.angularRate), .angularRate) }
    let plan = SensorPlan(
      file: file, map: ColumnMap(clock: .column(0, secondsPerUnit: 1e-3)), acceleration: .said("m/s²", scale: 1))
    var capture: Capture
    do throws(ImportError) {
      capture = try assemble(series, plan, format: name, usualMount: nil, held: options.held)
    } catch {
      guard error.kind == .noSamples else { throw error }
      throw ImportError(.noSamples, "no packet with 'ArrayAcc' and 'Timestamp' in it")
    }
    GyroscopeAgreement.judge(&capture, unknownUnit: nil, isChosen: false)
    return capture
  }
}

/// Takes the packets out of the document one by one.
private struct PacketReader: Sendable {
  struct Packet {
    var timestamp = Double.nan
    var acceleration: [Vector3] = []
    var angularRate: [Vector3] = []
    var magneticField: [Vector3] = []
  }

  /// Which of a packet's arrays is being read.
  private enum Part {
    case acceleration
    case angularRate
    case magneticField
  }

  /// More samples than any device puts into a packet; what a broken file has beyond is left out.
  private static let longest = 4096

  private let bytes: CaptureBytes
  let size: Int
  private var scanner: JSONScanner
  private var open: [Packet] = []
  private var part: Part?
  private var axis = -1
  private var vector = Vector3.zero
  private var expectsTime = false
  private var released = 0
  /// Whether the document's end has not been seen.
  private(set) var isOpen = true

  init(_ bytes: CaptureBytes) {
    self.bytes = bytes
    size = bytes.withBytes { $0.count }
    scanner = JSONScanner(limit: size)
  }

  var position: Int { scanner.position }

  /// The next packet with a time; nil at the end.
  mutating func next() -> Packet? {
    let bytes = bytes
    let packet = bytes.withBytes { next($0) }
    if scanner.position - released > 1 << 20 {
      bytes.release(released..<scanner.position)
      released = scanner.position & ~4095
    }
    return packet
  }

  private mutating func next(_ bytes: Span<UInt8>) -> Packet? {
    while let token = scanner.next(bytes) {
      switch token {
      case .open:
        open.append(Packet())
        // Nesting deeper than any writer's is no capture; the scanner goes on, the stack does not grow.
        if open.count > 32 { open.removeFirst() }
      case .close:
        if let part, axis >= 0 {
          if open.count > 1 { append(part) }
          axis = -1
          vector = .zero
        }
        if scanner.depth == 0 { isOpen = false }
        if let last = open.popLast(), last.timestamp.isFinite, !last.acceleration.isEmpty || !last.angularRate.isEmpty {
          return last
        }
      case .endOfArray: part = nil
      case .key(let start, let end):
        expectsTime = scanner.spells(bytes, start, end, "Timestamp")
        if scanner.spells(bytes, start, end, "ArrayAcc") {
          part = .acceleration
        } else if scanner.spells(bytes, start, end, "ArrayGyro") {
          part = .angularRate
        } else if scanner.spells(bytes, start, end, "ArrayMagn") {
          part = .magneticField
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
          open[open.count - 1].timestamp = value
          expectsTime = false
        } else if part != nil {
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
    return nil
  }

  private mutating func append(_ part: Part) {
    let place = open.count - 2
    switch part {
    case .acceleration: if open[place].acceleration.count < Self.longest { open[place].acceleration.append(vector) }
    case .angularRate: if open[place].angularRate.count < Self.longest { open[place].angularRate.append(vector) }
    case .magneticField: if open[place].magneticField.count < Self.longest { open[place].magneticField.append(vector) }
    }
  }
}

/// The samples of those packets that have one quantity, with what else stands beside it.
private struct PacketSeries: SampleSeries {
  private var packets: PacketReader
  private let isAcceleration: Bool
  /// Waits for the time of the next one.
  private var pending: PacketReader.Packet?
  private var origin: Double?
  private var previous: Double?
  private var step = 20.0
  private var isFirst = true
  private(set) var counts = RowCounts()

  init(_ bytes: CaptureBytes, of quantity: KeyPath<PacketReader.Packet, [Vector3]>) {
    packets = PacketReader(bytes)
    isAcceleration = quantity == \.acceleration
  }

  var share: Double { Double(packets.position) / Double(max(packets.size, 1)) }
  var start: SeriesStart? { origin.map { SeriesStart(value: $0, integer: nil, secondsPerUnit: 1e-3) } }
  var notes: [String] {
    counts.notes + (packets.isOpen ? ["the file was cut off; its whole packets were read"] : [])
  }

  mutating func next(into batch: inout SampleBatch) -> Bool {
    for _ in 0..<64 {
      guard let packet = packets.next() else {
        guard let last = pending else { return false }
        give(last, into: &batch)
        pending = nil
        return true
      }
      guard !(isAcceleration ? packet.acceleration : packet.angularRate).isEmpty else { continue }
      if let earlier = pending {
        let count = isAcceleration ? earlier.acceleration.count : earlier.angularRate.count
        let next = (packet.timestamp - earlier.timestamp) / Double(count)
        // Over a hole the samples keep the step that they had.
        if next > 0, isFirst || next < 1.5 * step { step = next }
        isFirst = false
        give(earlier, into: &batch)
      }
      pending = packet
    }
    return true
  }

  private mutating func give(_ packet: PacketReader.Packet, into batch: inout SampleBatch) {
    let origin = origin ?? packet.timestamp
    self.origin = origin
    for place in (isAcceleration ? packet.acceleration : packet.angularRate).indices {
      let seconds = (packet.timestamp - origin + Double(place) * step) * 1e-3
      guard seconds < 1e9, previous == nil || seconds > (previous ?? 0) + 1e-9 else {
        counts.outOfOrder += 1
        continue
      }
      previous = seconds
      var sample = SensorSample()
      if place < packet.acceleration.count {
        sample.acceleration = packet.acceleration[place]
        sample.fields.insert(.acceleration)
      }
      if place < packet.angularRate.count {
        sample.angularRate = packet.angularRate[place] * radiansPerDegree
        sample.fields.insert(.angularRate)
      }
      if place < packet.magneticField.count {
        sample.magneticField = packet.magneticField[place]
        sample.fields.insert(.magneticField)
      }
      batch.samples.append(Capture.Sample(time: SessionTime(seconds: seconds), sample: sample))
    }
  }
}
