import Pipeline
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

  /// With TALUS_KEEP_REPORTS set to a folder, the pages are left there to be looked at.
  @Test("Every page is well-formed and stands alone", arguments: ReportFixture.Example.allCases)
  func pagesAreWellFormed(_ example: ReportFixture.Example) throws {
    let input = example.input
    let page = try outline(input)
    #expect(page.counts["main"] == 1)
    #expect(page.counts["h1"] == 1)
    #expect(page.counts["script"] == nil)
    let source = String(decoding: ReportHTML.bytes(input), as: UTF8.self)
    #expect(!source.contains("http:") && !source.contains("https:"))
    #expect(!page.attributes.contains { $0.hasPrefix("src=") || $0.hasPrefix("on") })
    #expect(page.attributes.filter { $0.hasPrefix("href=") }.allSatisfy { $0.hasPrefix("href=#") })
    #expect(page.text.contains("no diagnosis"))
    #expect(!page.text.contains("nan") && !page.attributes.contains { $0.contains("nan") })
    if let folder = ProcessInfo.processInfo.environment["TALUS_KEEP_REPORTS"] {
      try ReportFiles.write(input, into: folder)
    }
  }

  @Test func bothSidesStandBesideEachOther() throws {
    let page = try outline(ReportFixture.bothSides)
    // The first three valid trials: 36.8, 37.4 and 38.1; 42.2, 42.9 and 43.4.
    for figure in ["37.4°", "42.8°", "5.4°", "right greater", "knee bent", "3 of 5", "gap of 700 ms at 35.2 s"] {
      #expect(page.text.contains(figure), "\(figure)")
    }
    #expect(page.attributes.filter { $0 == "class=card left" || $0 == "class=card right" }.count == 2)
    // One row with the reasons of each of the three doubtful trials.
    #expect(page.attributes.filter { $0 == "class=why" }.count == 3)
    #expect(page.attributes.filter { $0 == "role=img" }.count == 3)
    #expect(page.text.contains("The tibia tilted sideways by more than 5°."))
  }

  @Test func whatWasAssumedOrOverriddenIsSaid() throws {
    let unstated = try outline(ReportFixture.unstated)
    #expect(unstated.text.contains("assumed"))
    #expect(unstated.text.contains("Side not stated"))
    #expect(unstated.text.contains("no knee-to-wall equivalent"))
    #expect(!unstated.text.contains("Knee-to-wall eq."))
    let overridden = try outline(ReportFixture.oneSide)
    #expect(overridden.text.contains("the recording says “right”, “left” was used"))
  }

  @Test func aSessionWithoutALungeSaysSo() throws {
    let page = try outline(ReportFixture.empty)
    #expect(page.text.contains("No lunge was found"))
    // Only the counters.
    #expect(page.counts["table"] == 1)
  }

  @Test("Hostile words stay words, in text and in attributes")
  func hostileTextIsEscaped() throws {
    let hostile = "\"><script>alert('x')</script>]]><img src=x onerror=alert(1)> & \u{202E}gnp\u{0} \u{7}"
    var input = ReportFixture.oneSide
    input.title = hostile
    input.generator = hostile
    input.sources[0].name = hostile
    input.sources[0].recordedOn = hostile
    input.sources[0].configuration.placement = hostile
    input.sources[0].configuration.mount = hostile
    input.sources[0].notes = [hostile]
    input.sources[0].overrides = [ConfigurationOverride(setting: hostile, recorded: hostile, used: hostile)]
    input.sources[0].series[0].basis = hostile
    let page = try outline(input)
    #expect(page.counts["script"] == nil)
    #expect(page.counts["img"] == nil)
    #expect(!page.attributes.contains { $0.hasPrefix("onerror") })
    #expect(page.text.contains("<script>alert('x')</script>]]>"))
    #expect(!page.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{7}" })
  }

  @Test func anHourOfSamplesMakesASmallPage() {
    #expect(ReportHTML.bytes(ReportFixture.longSession).count < 500_000)
  }

  @Test func equalInputsGiveEqualBytes() {
    #expect(ReportHTML.bytes(ReportFixture.bothSides) == ReportHTML.bytes(ReportFixture.bothSides))
  }
}
