import Motion

/// What the messages of a channel are.
enum ChannelMeaning: Hashable, Sendable {
  case bytes(StreamID, Direction)
  case events

  var topic: String {
    switch self {
    case .bytes(let stream, let direction): "/stream/\(stream.number)/\(direction.rawValue)"
    case .events: Format.eventsTopic
    }
  }

  /// The meaning of a channel with this topic and encoding; nil when it is none of ours.
  init?(topic: String, encoding: String) {
    if topic == Format.eventsTopic {
      guard encoding == "json" else { return nil }
      self = .events
      return
    }
    let parts = topic.split(separator: "/", omittingEmptySubsequences: false)
    guard encoding == Format.bytesEncoding, parts.count == 4, parts[0].isEmpty, parts[1] == "stream",
      let number = UInt16(parts[2]), let direction = Direction(rawValue: String(parts[3]))
    else { return nil }
    self = .bytes(StreamID(number), direction)
  }
}

/// A channel on the writing side.
struct EncodedChannel: Sendable {
  /// Where a message lies in its chunk.
  struct Place: Sendable {
    var time: UInt64
    var offset: UInt64
  }

  var id: UInt16
  var meaning: ChannelMeaning
  var messages: UInt64 = 0
  /// The messages in the open chunk.
  var inChunk: [Place] = []

  init(id: UInt16, meaning: ChannelMeaning) {
    self.id = id
    self.meaning = meaning
  }

  func appendRecord(to bytes: inout [UInt8]) {
    bytes.appendRecord(Opcode.channel) {
      $0.appendInteger(id)
      $0.appendInteger(meaning == .events ? Format.eventSchemaID : 0)
      $0.appendText(meaning.topic)
      $0.appendText(meaning == .events ? "json" : Format.bytesEncoding)
      $0.appendPairs([:])
    }
  }

  static func appendEventSchema(to bytes: inout [UInt8]) {
    bytes.appendRecord(Opcode.schema) {
      $0.appendInteger(Format.eventSchemaID)
      $0.appendText(Format.eventSchemaName)
      $0.appendText("jsonschema")
      $0.appendText(Format.eventSchema)
    }
  }
}
