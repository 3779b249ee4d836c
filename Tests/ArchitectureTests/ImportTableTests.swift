import Testing

/// The README's table of modules, the sources and `Package.swift` say the same.
@Suite("Import table")
struct ImportTableTests {
  @Test("every folder under Sources has a row, and every row a folder")
  func rowsAreTheFolders() throws {
    let rows = try ImportTable.inReadme().map(\.name)
    #expect(!rows.isEmpty, "README.md has lost its table of modules")
    #expect(try ProjectFile.folders(in: "Sources") == rows.sorted())
  }

  @Test("a row allows only modules of earlier rows")
  func rowsPointUpwards() throws {
    var earlier: Set<String> = []
    for row in try ImportTable.inReadme() {
      let later = row.mayImport.subtracting(earlier)
      #expect(later.isEmpty, "\(row.name) may import \(later.sorted()), which no earlier row holds")
      earlier.insert(row.name)
    }
  }

  @Test("from DecimalText to Pipeline nothing of the operating system is allowed")
  func stagesAreSelfContained() throws {
    let rows = try ImportTable.inReadme()
    let last = try #require(rows.firstIndex { $0.name == "Pipeline" })
    for row in rows[...last] {
      let refused = row.fromOutside.subtracting(["RealModule", "Synchronization"])
      #expect(refused.isEmpty, "\(row.name) may import \(refused.sorted())")
    }
  }

  @Test("Package.swift has the rows' dependencies")
  func packageAgrees() throws {
    let rows = try ImportTable.inReadme()
    let targets = try ImportTable.inPackage()
    #expect(targets.map(\.name) == rows.map(\.name), "the order is that of the table")
    for row in rows {
      guard let target = targets.first(where: { $0.name == row.name }) else { continue }
      let table = row.mayImport.union(row.fromOutside.subtracting(ImportTable.system))
      #expect(
        target.dependencies == table,
        "\(row.name): only in Package.swift \(target.dependencies.subtracting(table).sorted()), only in the table \(table.subtracting(target.dependencies).sorted())"
      )
    }
  }

  @Test("every file imports only what its module's row allows")
  func filesKeepToTheTable() throws {
    let rows = try ImportTable.inReadme()
    let files = try ProjectFile.all(in: "Sources", endings: [".swift"])
    #expect(files.count >= rows.count - 2, "the sources were not found")
    for file in files {
      guard let row = rows.first(where: { $0.name == file.module }) else { continue }  // another test says so
      for (line, module) in file.imports where !row.mayImport.union(row.fromOutside).contains(module) {
        Issue.record("\(file):\(line): \(row.name) may not import \(module)")
      }
    }
  }

  @Test(
    "import statements are found however they are written",
    arguments: [
      "import Motion", "  import Motion", "@testable import Motion", "public import Motion",
      "import struct Motion.Side",
      "@_spi(Internals) internal import Motion", "@preconcurrency import Motion  // why",
    ])
  func importStatements(line: String) {
    #expect(
      ProjectFile(path: "Sources/Timebase/File.swift", lines: ["// import Glibc", line]).imports.map(\.module) == [
        "Motion"
      ])
  }
}
