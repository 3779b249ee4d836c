/// Finds public declarations that nothing says a word about.
///
/// The rule, in which a comment may cover several lines that belong together:
/// - every public type has a doc comment of its own;
/// - a public property or function has one, or follows without a blank line on a one-line declaration that is documented;
/// - of several functions with one name in a file, the first has one;
/// - initialisers, operators and enum cases need none, nor does what a protocol requires: the protocol says it.
enum Documentation {
  /// Requirements of the standard library's protocols.
  private static let standard: Set = [
    "==", "description", "debugDescription", "encode", "hash", "hashValue", "makeIterator", "next", "rawValue",
    "allCases",
    "id", "errorDescription", "run", "validate",
  ]

  /// Names of what the protocols in these files require.
  static func requirements(in files: [ProjectFile]) -> Set<String> {
    var names = standard
    for file in files {
      var inside = false
      for line in file.lines {
        if line.contains(/^\s*(public\s+|package\s+)?protocol\s/) { inside = true }
        if line.hasPrefix("}") { inside = false }
        if inside, let match = line.firstMatch(of: /\b(?:func|var)\s+(\w+)/) { names.insert(String(match.1)) }
      }
    }
    return names
  }

  /// The line number and name of every public declaration that has no doc comment where it needs one.
  static func missing(in file: ProjectFile, except requirements: Set<String>) -> [(line: Int, name: String)] {
    let attributes = /^(?:@\w+(?:\([^)]*\))?\s*)+/
    let declaration =
      /^public\s+(?:(?:static|final|mutating|nonmutating|indirect|prefix|postfix|nonisolated|private\(set\)|internal\(set\)|borrowing|consuming|class)\s+)*(struct|class|enum|actor|protocol|typealias|func|var|let|subscript|init)\b[?!]?\s*(\S*)/
    var found: [(Int, String)] = []
    var functions: Set<String> = []  // that are documented, or already found
    var documented = false  // by a comment directly above
    var covered = false  // by a comment above, or by a run of lines that began under one
    for (index, whole) in file.lines.enumerated() {
      let line = String(whole.drop(while: \.isWhitespace))
      if line.hasPrefix("///") {
        documented = true
        covered = true
        continue
      }
      if line.hasPrefix("//") || line.hasPrefix("#if") || line.hasPrefix("#endif") { continue }
      let rest = line.replacing(attributes, with: "", maxReplacements: 1)
      if rest.isEmpty && !line.isEmpty { continue }
      guard let match = rest.firstMatch(of: declaration) else {
        documented = false
        covered = false
        continue
      }
      let kind = String(match.1)
      let name = String(match.2.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      let isOperator = kind == "func" && name.isEmpty
      let opens = line.hasSuffix("{") || line.hasSuffix("(")
      switch kind {
      case "init": break
      case "var", "let":
        if !covered && !requirements.contains(name) { found.append((index + 1, name)) }
      case "func":
        if !covered && !isOperator && !requirements.contains(name) && !functions.contains(name) {
          found.append((index + 1, name))
        }
        functions.insert(name)
      default:
        if !documented { found.append((index + 1, name.isEmpty ? kind : name)) }
      }
      let isType = ["struct", "class", "enum", "actor"].contains(kind)
      covered = isType ? documented : covered && !opens
      documented = false
    }
    return found
  }
}
