import Motion
import Recording
import Testing

@Suite struct AnchorTests {
  /// Recordings from before the anchor had an uncertainty lack the key; they read as before.
  @Test(arguments: [nil, Int64(0), 27_500_000])
  func theUncertaintyOfTheCalendarTimeIsKept(uncertainty: Int64?) throws {
    var header = SampleLog.header
    header.anchor.uncertaintyNanoseconds = uncertainty
    var encoder = RecordingEncoder(header)
    var bytes: [UInt8] = []
    encoder.takeOutput(into: &bytes)
    #expect(try RecordingReader.readHeader(bytes.span).anchor == header.anchor)
  }
}
