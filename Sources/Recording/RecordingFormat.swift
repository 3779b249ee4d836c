// The session recording, format version 1
// =======================================
//
// A recording is an MCAP file (container version 0, https://mcap.dev/spec). Integers are little-endian; a string is a
// u32 length and UTF-8; a map is a u32 length in bytes and keys and values in turn. Every MCAP reader shows it.
//
// Order of the file
//   magic 89 4D 43 41 50 30 0D 0A
//   Header            profile "talus", library "<software> <version>"
//   Metadata          talus.session, talus.configuration, talus.calibration, talus.person,
//                     talus.device.N for every known device in the order of N, talus.check
//   then, again and again:
//     Chunk           not compressed, with its CRC-32; holds messages, and before a channel's first message in this
//                     chunk the channel's record (and its schema's): every chunk can be read without the others
//     MessageIndex    one for every channel used in the chunk
//   DataEnd           with the CRC-32 of all bytes before it
//   Schema, Channel, Statistics, ChunkIndex, MetadataIndex, SummaryOffset
//   Footer            with the CRC-32 of the summary
//   magic
// A session that was cut off ends anywhere; all its whole chunks are good.
//
// The log
//   One message is one entry. The order of the entries is the order of the file, whatever their times say. `sequence`
//   counts the entries of all channels from 0 (modulo 2^32); a jump says how many entries the writer had to drop.
//   log_time = publish_time = anchor_utc_ns + (instant - anchor_host_ns), in 64-bit arithmetic that wraps, so that the
//   instant on the host's monotonic clock comes back exactly.
//
// Channels
//   /stream/N/received   encoding "application/octet-stream", no schema: bytes that arrived together from sensor N
//   /stream/N/sent       the same, for bytes that were sent to it
//   /events              encoding "json", schema "talus.event": one object, one of
//       {"event":"marker","text":"..."}       {"event":"side","side":"left"|"right"}
//       {"event":"link","stream":N,"link":"opened"|"unplugged"|"closed"}
//       {"event":"remark","about":"...", and further texts}: no input of the engine. Remarks about "annotation" were
//       appended to the finished file: a chunk behind all others, DataEnd and summary written anew.
//   Messages on other channels are left to those who wrote them.
//
// Metadata (all values are text)
//   talus.session        format_version "1", anchor_host_ns, anchor_utc_ns (decimal), software, software_version
//   talus.configuration  the engine's configuration, in the engine's own words
//   talus.calibration    likewise
//   talus.person         about the person and the session, pseudonymous
//   talus.device.N       name, vendor, product, serial_number, port of sensor N
//   talus.check          crc32: eight hexadecimal digits over all other records whose names begin with "talus.", sorted
//                        by name, and their pairs sorted by key (both by bytes): of each record its name, then each
//                        key and value, every one as u32 length and bytes. It holds through tools that write the
//                        file anew, and covers the head of a session that has no DataEnd.
//
// Written anew by other programs
//   Read too, when the chunks are not compressed. A file is taken for one of those when the Header's profile is empty
//   (or ros1, ros2), or when its library is one of MCAP's ("mcap" is in the name). Only then are messages outside
//   chunks taken, since no checksum covers them; records may have fields behind those that are known; and sequence
//   numbers are not looked at.
//
// Records of an unknown type are stepped over and counted; in this project's own files only those from 80 on, which
// MCAP leaves to applications: any other is damage.
//
// CRC-32 is the one of zlib and Ethernet (reflected 04C11DB7). A CRC field of 0 means that there is none.

/// The record types of MCAP.
enum Opcode {
  static let header: UInt8 = 0x01
  static let footer: UInt8 = 0x02
  static let schema: UInt8 = 0x03
  static let channel: UInt8 = 0x04
  static let message: UInt8 = 0x05
  static let chunk: UInt8 = 0x06
  static let messageIndex: UInt8 = 0x07
  static let chunkIndex: UInt8 = 0x08
  static let statistics: UInt8 = 0x0B
  static let metadata: UInt8 = 0x0C
  static let metadataIndex: UInt8 = 0x0D
  static let summaryOffset: UInt8 = 0x0E
  static let dataEnd: UInt8 = 0x0F
  /// From here on they belong to applications.
  static let firstPrivate: UInt8 = 0x80
}

/// The names and sizes that this format fixes.
enum Format {
  static let version = 1
  static let profile = "talus"
  static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  /// Opcode and length of a record.
  static let recordHead = 9
  /// A chunk's content before its records, when it is not compressed.
  static let chunkHead = 40
  /// Footer record and closing magic.
  static let tail = recordHead + 20 + 8

  static let namePrefix = "talus."
  static let session = "talus.session"
  /// Optional key of `talus.session`: how far the anchor may be from true UTC, ns.
  static let anchorUncertainty = "anchor_uncertainty_ns"
  static let configuration = "talus.configuration"
  static let calibration = "talus.calibration"
  static let person = "talus.person"
  static let devicePrefix = "talus.device."
  static let check = "talus.check"

  static let eventsTopic = "/events"
  static let bytesEncoding = "application/octet-stream"
  static let eventSchemaID: UInt16 = 1
  static let eventSchemaName = "talus.event"
  static let eventSchema = """
    {"title":"talus.event","type":"object","required":["event"],"properties":{"event":{"type":"string"},\
    "text":{"type":"string"},"side":{"type":"string"},"stream":{"type":"integer"},"link":{"type":"string"}}}
    """
}
