import Foundation
import FoundationXML
import Motion
import Reporting
import TestKit
import Testing

@Suite struct ReportHTMLTests {
  /// Collects what a strict XML reader makes of the page.
  private final class Outline: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    var text = ""
    var attributes: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
      attributes attributeDict: [String: String]
    ) {
      counts[elementName, default: 0] += 1
      attributes += attributeDict.map { "\($0.key)=\($0.value)" }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func outline(_ input: ReportInput) throws -> Outline {
    let parser = XMLParser(data: Data(ReportHTML.bytes(input)))
    let outline = Outline()
    parser.delegate = outline
    let isWellFormed = parser.parse()
    #expect(
      isWellFormed,
      "line \(parser.lineNumber), column \(parser.columnNumber): \(String(describing: parser.parserError))")
    return outline
  }

  @Test(
    "A folder named in TALUS_KEEP_REPORTS gets the fixtures' reports, to look at",
    arguments: ReportFixture.Example.allCases)
  func pagesAreWellFormed(_ example: ReportFixture.Example) throws {
    let input = example.input
    let page = try outline(input)
    #expect(page.counts["main"] == 1)
    #expect(page.counts["h1"] == 1)
    if let folder = ProcessInfo.processInfo.environment["TALUS_KEEP_REPORTS"] {
      try ReportFiles.write(input, into: folder)
    }
  }
}
