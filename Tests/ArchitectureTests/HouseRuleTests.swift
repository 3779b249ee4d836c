import Testing

/// Rules that hold for every file, and that a reader of one file cannot see broken.
@Suite("House rules")
struct HouseRuleTests {
  @Test("no source file is longer than 400 lines")
  func filesAreSmall() throws {
    for file in try ProjectFile.all(in: "Sources", endings: [".swift", ".c", ".h"]) where file.lines.count > 401 {
      Issue.record("\(file) has \(file.lines.count - 1) lines")
    }
  }

  @Test("every module has tests in the folder of its name")
  func modulesHaveTests() throws {
    let elsewhere = ["CUdev": "SerialLinkTests", "CSerial": "SerialLinkTests", "talus": "CommandLineTests"]
    for module in try ProjectFile.folders(in: "Sources") {
      let folder = elsewhere[module] ?? module + "Tests"
      let files = try ProjectFile.all(in: "Tests/" + folder, endings: [".swift"])
      let hasTest = files.contains { $0.lines.contains { $0.contains("@Test") } }
      #expect(hasTest, "\(module) has no test in Tests/\(folder)")
    }
  }

  @Test("nothing is left for later in comments, and no path of one machine is left in a file")
  func noLeftovers() throws {
    // In pieces, so that this file does not find itself.
    let refused = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "/wo" + "rk/"]
    let texts = [".swift", ".c", ".h", ".md", ".sh", ".py", ".txt", ".rules", ".table", ".modulemap"]
    var files = [try ProjectFile("README.md"), try ProjectFile("Package.swift")]
    for folder in ["Sources", "Tests", "Hardware", "Samples"] {
      files += try ProjectFile.all(in: folder, endings: texts)
    }
    files += try ProjectFile.all(in: "Tools", endings: [""])  // scripts have no ending
    files += try ProjectFile.all(in: ".ci", endings: [""])
    for file in files {
      for (index, line) in file.lines.enumerated() {
        for word in refused where line.contains(word) { Issue.record("\(file):\(index + 1): \(word)") }
      }
    }
  }
}
