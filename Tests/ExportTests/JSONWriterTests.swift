import DecimalText
import Export
import Foundation
import Testing

@Suite struct JSONWriterTests {
  private func write(_ layout: JSONWriter.Layout = .compact, _ body: (inout JSONWriter) -> Void) -> String {
    var text = TextBuffer()
    text.appendJSON(layout: layout, body)
    return text.string
  }

  @Test func commasStandBetweenMembersAndElementsOnly() {
    let text = write { json in
      json.beginObject()
      json.member("a", integer: 1)
      json.key("b")
      json.beginArray()
      json.beginObject()
      json.endObject()
      json.beginArray()
      json.endArray()
      json.bool(true)
      json.endArray()
      json.member("c", word: "x")
      json.endObject()
    }
    #expect(text == #"{"a":1,"b":[{},[],true],"c":"x"}"#)
  }

  @Test func indentedTextHasOneMemberALine() {
    let text = write(.indented) { json in
      json.beginObject()
      json.key("list")
      json.beginArray()
      json.integer(1)
      json.integer(2)
      json.endArray()
      json.key("none")
      json.beginArray()
      json.endArray()
      json.endObject()
    }
    #expect(text == "{\n  \"list\": [\n    1,\n    2\n  ],\n  \"none\": []\n}")
  }

  @Test("Every Unicode scalar below 0x300, and some above, comes back as it was")
  func stringsSurvive() throws {
    let scalars = (0..<0x300).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "\u{1F9B6}", "\u{10FFFF}"]
    for scalar in scalars {
      let value = "a\(Character(scalar))\"\\"
      let text = write { json in
        json.beginObject()
        json.key(text: value)
        json.string(text: value)
        json.endObject()
      }
      // No raw control character may stand in a line.
      #expect(!text.utf8.contains { $0 < 0x20 })
      let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
      let (key, string) = try #require(parsed.first)
      // Scalars, because String equality takes some different ones for the same.
      #expect(Array(string.unicodeScalars) == Array(value.unicodeScalars))
      #expect(Array(key.unicodeScalars) == Array(value.unicodeScalars))
    }
  }

  @Test func whatIsNotANumberIsNull() {
    let text = write { json in
      json.beginArray()
      json.number(.nan, decimals: 3)
      json.number(-.infinity, decimals: 3)
      json.number(nil, decimals: 3)
      json.number(-0.0004, decimals: 3)
      json.number(1e300, decimals: 3)
      json.integer(Optional<Int>.none)
      json.string(text: nil)
      json.seconds(nanoseconds: nil)
      json.seconds(nanoseconds: -1_500)
      json.endArray()
    }
    #expect(text == "[null,null,null,0.000,1e+300,null,null,null,-0.000002]")
  }

  @Test func linesAreAppendedBehindOneAnother() {
    var text = TextBuffer()
    text.append("x")
    for _ in 0..<2 { text.appendJSON { $0.bool(false) } }
    #expect(text.string == "xfalsefalse")
  }
}
