/// One row of the table of modules.
struct ModuleRow: Equatable {
  var name: String
  /// Modules of Talus.
  var mayImport: Set<String>
  /// Modules of packages and of the operating system.
  var fromOutside: Set<String>
}

enum ImportTable {
  /// What comes with the compiler and the operating system, and is therefore not in `Package.swift`.
  static let system: Set = ["Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

  /// The table as people read it, in the README.
  static func inReadme() throws -> [ModuleRow] {
    let lines = try ProjectFile("README.md").lines
    guard let header = lines.firstIndex(of: "| module | holds | may import | from outside |") else { return [] }
    return lines[(header + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(names)
      return ModuleRow(name: cells[1].first ?? "", mayImport: Set(cells[3]), fromOutside: Set(cells[4]))
    }
  }

  /// The words between backquotes.
  private static func names(_ cell: some StringProtocol) -> [String] {
    String(cell).matches(of: /`([\w-]+)`/).map { String($0.1) }
  }

  /// The dependencies of each target under Sources/ as `Package.swift` has them, in its order.
  static func inPackage() throws -> [(name: String, dependencies: Set<String>)] {
    let text = try ProjectFile("Package.swift").lines.joined(separator: "\n")
    let room = /(?:room\(|\.(?:systemLibrary|target|executableTarget)\(\s*name:)\s*"([\w-]+)"([^\]\)]*(?:\][^\)]*)?)/
    guard let body = text.range(of: "let package = ")?.upperBound else { return [] }
    return text[body...].matches(of: room).compactMap { match in
      let dependencies = match.2.prefix { $0 != "]" }
      guard !match.2.contains("path:") else { return nil }
      var names = Set(dependencies.matches(of: /"(\w+)"/).map { String($0.1) })
      if dependencies.contains(/\bmath\b/) { names.insert("RealModule") }
      return (String(match.1), names)
    }
  }
}
