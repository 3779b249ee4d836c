import Files

/// The three files of a report.
public enum ReportFiles {
  /// Each file's name with its bytes: for people, for programs, for spreadsheets.
  public static func make(_ input: ReportInput) -> [(name: String, bytes: [UInt8])] {
    [
      (input.stem + ".html", ReportHTML.bytes(input)),
      (input.stem + ".json", ReportJSON.bytes(input)),
      (input.stem + ".csv", ReportCSV.bytes(input)),
    ]
  }

  /// Writes the files into a folder that exists, each whole or not at all.
  ///
  /// - Returns: their paths, the page for people first.
  @discardableResult
  public static func write(_ input: ReportInput, into folder: String) throws(AtomicFile.Failure) -> [String] {
    var paths: [String] = []
    for (name, bytes) in make(input) {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      try AtomicFile.write(bytes, to: path)
      paths.append(path)
    }
    return paths
  }
}
