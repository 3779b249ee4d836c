/// A text as an argument of a test: it is named in one line, whatever line ends and tabs are in it.
public struct EscapedText: ExpressibleByStringLiteral, CustomStringConvertible, Sendable {
  public let text: String

  public init(stringLiteral text: String) { self.text = text }

  public var description: String { text.debugDescription }
}
