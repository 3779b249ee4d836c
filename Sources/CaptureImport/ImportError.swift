import Glibc

/// Why a capture could not be read, for the person who has it.
public struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of trouble, for programs.
  public enum Kind: Equatable, Sendable {
    /// The file or folder could not be opened or read; the system's error number.
    case unreadable(errno: Int32)
    /// There is not one byte in it.
    case empty
    /// Not text: a binary file, or text in 16-bit units.
    case notText
    /// No format of the catalogue fits; `attempts` says why each does not.
    case unknownFormat
    /// Neither a time column nor a counter with a rate: `--rate` is needed.
    case noTime
    /// The time column can't be used: unit not said and not to be guessed, or it runs backwards.
    case unusableTime
    /// The acceleration in it has gravity taken out, and with it the vertical.
    case gravityRemoved
    /// The file does not say a unit, or says one that can't be.
    case unusableUnit
    /// A spreadsheet or a locale has destroyed the numbers: marks are lost, or numbers have become dates.
    case destroyedNumbers
    /// No sensor of the file is the one that was asked for.
    case noSuchSensor
    /// What the user said of the columns or units does not fit the file.
    case unusableChoice
    /// The table has no row that can be read.
    case noSamples
  }

  /// One format that was tried, and why it does not fit.
  public struct Attempt: Equatable, Sendable {
    public var format: String
    public var reason: String
    public var position: Position?

    public init(format: String, reason: String, position: Position? = nil) {
      self.format = format
      self.reason = reason
      self.position = position
    }
  }

  /// A place in a text, both from 1; the column counts the cells of the row.
  public struct Position: Equatable, Sendable, CustomStringConvertible {
    public var line: Int
    public var column: Int?

    public init(line: Int, column: Int? = nil) {
      self.line = line
      self.column = column
    }

    public var description: String { column.map { "line \(line), column \($0)" } ?? "line \(line)" }
  }

  /// What kind of trouble it is.
  public var kind: Kind
  /// The file or folder, as the person named it.
  public var file: String
  public var position: Position?
  /// The reason, in words that stand without the file's name.
  public var reason: String
  public var attempts: [Attempt]

  public init(
    _ kind: Kind, file: String = "", at position: Position? = nil, _ reason: String, attempts: [Attempt] = []
  ) {
    self.kind = kind
    self.file = file
    self.position = position
    self.reason = reason
    self.attempts = attempts
  }

  /// A file or folder that the system does not let us read.
  public init(unreadable path: String, errno: Int32) {
    self.init(.unreadable(errno: errno), file: path, String(cString: strerror(errno)))
  }

  /// The whole text: file, place, reason, and one line for each format that was tried.
  public var description: String {
    var text = file
    if let position { text += text.isEmpty ? "\(position)" : ", \(position)" }
    text += (text.isEmpty ? "" : ": ") + reason
    for attempt in attempts {
      text += "\n  \(attempt.format): \(attempt.reason)"
      if let position = attempt.position { text += " (\(position))" }
    }
    return text
  }
}
