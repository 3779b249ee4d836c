import Files

/// What stands behind the data: a reader that can seek finds everything from here.
extension RecordingEncoder {
  mutating func appendSummary() {
    var summary: [UInt8] = []
    var groups: [(opcode: UInt8, start: Int, length: Int)] = []
    func group(_ opcode: UInt8, _ body: (inout [UInt8]) -> Void) {
      let start = summary.count
      body(&summary)
      if summary.count > start { groups.append((opcode, start, summary.count - start)) }
    }

    let hasEvents = channels.contains { $0.meaning == .events }
    if hasEvents { group(Opcode.schema) { EncodedChannel.appendEventSchema(to: &$0) } }
    group(Opcode.channel) { bytes in
      for channel in channels { channel.appendRecord(to: &bytes) }
    }
    group(Opcode.statistics) { appendStatistics(to: &$0, schemas: hasEvents ? 1 : 0) }
    group(Opcode.chunkIndex) { $0.append(contentsOf: chunkIndexes) }
    group(Opcode.metadataIndex) { $0.append(contentsOf: metadataIndexes) }

    let start = taken + UInt64(output.count)
    let offsetStart = start + UInt64(summary.count)
    for group in groups {
      summary.appendRecord(Opcode.summaryOffset) {
        $0.append(group.opcode)
        $0.appendInteger(start + UInt64(group.start))
        $0.appendInteger(UInt64(group.length))
      }
    }
    summary.append(Opcode.footer)
    summary.appendInteger(UInt64(20))
    summary.appendInteger(start)
    summary.appendInteger(offsetStart)
    var crc = CRC32()
    crc.update(summary.span)
    summary.appendInteger(crc.value)
    summary.append(contentsOf: Format.magic)
    appendToOutput { $0.append(contentsOf: summary) }
  }

  private func appendStatistics(to bytes: inout [UInt8], schemas: UInt16) {
    bytes.appendRecord(Opcode.statistics) {
      $0.appendInteger(entries)
      $0.appendInteger(schemas)
      $0.appendInteger(UInt32(channels.count))
      $0.appendInteger(UInt32(0))
      $0.appendInteger(metadataCount)
      $0.appendInteger(chunkCount)
      $0.appendInteger(times?.lowerBound ?? 0)
      $0.appendInteger(times?.upperBound ?? 0)
      $0.appendSized32 { bytes in
        for channel in channels {
          bytes.appendInteger(channel.id)
          bytes.appendInteger(channel.messages)
        }
      }
    }
  }
}
