import Testing

@Suite("Documentation")
struct DocumentationTests {
  @Test("public declarations are documented")
  func publicDeclarations() throws {
    let files = try ProjectFile.all(in: "Sources", endings: [".swift"])
    let requirements = Documentation.requirements(in: files)
    for file in files {
      for (line, name) in Documentation.missing(in: file, except: requirements) {
        Issue.record("\(file):\(line): \(name) has no doc comment")
      }
    }
  }

  @Test("the search finds what is missing, and nothing else")
  func search() {
    let file = ProjectFile(
      path: "Sources/Motion/Made.swift",
      lines: """
        import RealModule

        /// A pair.
        @frozen
        public struct Pair: Sendable {
          public var first: Double
          @inlinable public var second: Double { first }

          public var alone: Double
          /// Said.
          public var said: Double
          public static let other = 1

          public init(_ first: Double) {
            self.first = first
          }

          public static func + (a: Pair, b: Pair) -> Pair { a }

          @inlinable
          public mutating func unsaid() {}

          public mutating func unsaid(twice: Int) {}
          /// Says.
          @inlinable
          public func says() {
          }
          public var description: String { "" }

          public func required() {}
          func inside() {}

          public struct Inner {
            public var hidden: Int
          }
          /// Two that belong together.
          public func begin() {}
          public func end() {}
        }

        public enum Bare {}
        /// What one must do.
        public protocol Rule {
          func required()
        }
        """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    let missing = Documentation.missing(in: file, except: Documentation.requirements(in: [file]))
    #expect(missing.map(\.name) == ["alone", "unsaid", "Inner", "hidden", "Bare"])
  }
}
