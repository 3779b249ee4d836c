import Testing

@testable import Export

@Suite("Words about a rate")
struct RateWordsTests {
  @Test("A gyroscope at 10 Hz is doubted, one that means 20 Hz is not")
  func doubt() throws {
    let words = try #require(RateWords.doubt(10.02))
    #expect(words.hasPrefix("10.0 Hz is slow"))
    #expect(RateWords.doubt(12.5) != nil)
    for rate in [19.8, 20, 50, 1000] { #expect(RateWords.doubt(rate) == nil) }
  }
}
