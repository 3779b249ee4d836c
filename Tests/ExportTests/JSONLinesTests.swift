import AnkleKinematics
import DecimalText
import Export
import Foundation
import LungeTest
import Motion
import Pipeline
import TestKit
import Testing

@Suite struct JSONLinesTests {
  private func line(_ emission: Emission) -> String {
    var text = TextBuffer()
    JSONLines.append(emission, to: &text)
    return text.string
  }

  private func reading(stream: UInt16 = 0, kneeToWall: Double = .nan, flags: Reading.Flags = []) -> Reading {
    Reading(
      stream: StreamID(stream), time: SessionTime(nanoseconds: 12_340_000_000),
      tibialInclination: 23.4564 * radiansPerDegree, inclinationSD: 0.5117 * radiansPerDegree, tiltToRight: 0,
      dorsiflexion: -0.0001 * radiansPerDegree, kneeToWall: kneeToWall, flags: flags, progress: MovementProgress())
  }

  static let trial = Trial(
    stream: StreamID(0), kind: .trial, number: 2, side: .left, start: SessionTime(seconds: 1),
    end: SessionTime(seconds: 6.5), plateauStart: SessionTime(seconds: 3), plateauEnd: nil,
    endRange: Uncertain(38.1 * radiansPerDegree, sd: 0.6 * radiansPerDegree), baseline: 4 * radiansPerDegree,
    peakRate: 41.26 * radiansPerDegree, frontalTilt: -1.5 * radiansPerDegree, kneeToWall: nil, verdict: .attention,
    reasons: [.unfinished, .mountAssumed])

  @Test func aReadingHasItsKeysInOneOrder() {
    #expect(
      line(.reading(reading(kneeToWall: 0.1024, flags: [.afterGap, .mountAssumed])))
        == #"{"class":"reading","t_s":12.340000,"tibial_inclination_deg":23.456,"sd_deg":0.512,"#
        + #""dorsiflexion_deg":0.000,"ktw_cm":10.2,"flags":["mount-assumed","after-gap"]}"# + "\n")
  }

  @Test func whatIsNotKnownIsNullAndLaterStreamsAreNumbered() {
    var unknown = reading(stream: 2)
    unknown.tibialInclination = .nan
    #expect(
      line(.reading(unknown))
        == #"{"class":"reading","stream":2,"t_s":12.340000,"tibial_inclination_deg":null,"sd_deg":0.512,"#
        + #""dorsiflexion_deg":0.000,"ktw_cm":null,"flags":[]}"# + "\n")
  }

  @Test func aTrialHasAllItsKeys() {
    #expect(
      line(.trial(Self.trial))
        == #"{"class":"trial","number":2,"kind":"trial","side":"left","start_s":1.000000,"end_s":6.500000,"#
        + #""plateau_start_s":3.000000,"plateau_end_s":null,"duration_s":5.500,"hold_s":null,"#
        + #""end_range_deg":38.100,"end_range_sd_deg":0.600,"#
        + #""ktw_cm":null,"ktw_sd_cm":null,"ktw_low_cm":null,"ktw_high_cm":null,"baseline_deg":4.000,"peak_rate_dps":41.3,"frontal_tilt_deg":-1.500,"#
        + #""axial_rotation_deg":null,"heel_lift_deg":null,"dorsiflexion_deg":null,"#
        + #""verdict":"attention","reasons":["mount-assumed","unfinished"]}"# + "\n")
  }

  @Test func aGapSaysWhyAndHowMuch() {
    let gap = Gap(
      stream: StreamID(1), start: SessionTime(seconds: 1.5), end: SessionTime(seconds: 2), missingSamples: nil,
      cause: .counterJump)
    #expect(
      line(.gap(gap))
        == #"{"class":"gap","stream":1,"start_s":1.500000,"end_s":2.000000,"missing_samples":null,"#
        + #""cause":"counter-jump"}"# + "\n")
  }

  @Test func aMarkerKeepsItsWordsInOneLine() throws {
    let words = "first\nsecond \"third\" \u{1F9B6}"
    let text = line(.marker(SessionTime(seconds: 3), words))
    #expect(text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(parsed["text"] as? String == words)
    #expect(parsed["t_s"] as? Double == 3)
  }

  @Test("Writing readings into a buffer with room needs no other buffer")
  func theBufferIsMovedNotCopied() {
    var text = TextBuffer(capacity: 1 << 16)
    let before = text.bytes.withUnsafeBufferPointer { $0.baseAddress }
    for _ in 0..<100 { JSONLines.append(.reading(reading(flags: .stale)), to: &text) }
    #expect(text.bytes.withUnsafeBufferPointer { $0.baseAddress } == before)
  }

  @Test("The page of keys names every key of every line")
  func everyKeyIsDocumented() throws {
    var configuration = PipelineConfiguration()
    configuration.protocolName = "witmotion"
    var text = TextBuffer()
    JSONLines.append(
      device: DeviceIdentity(name: "WT901"), configuration: configuration, baud: 115_200, rate: 200, to: &text)
    JSONLines.append(SensorStatus(SessionCounters()), stream: StreamID(1), to: &text)
    JSONLines.append(.reading(reading()), to: &text)
    JSONLines.append(.trial(Self.trial), to: &text)
    let page = try String(contentsOf: SharedData.projectFolder.appending(path: "Samples/json-keys.md"), encoding: .utf8)
    for line in text.string.split(separator: "\n") {
      let parsed = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      for key in parsed.keys { #expect(page.contains("`\(key)`"), "\(key) is not in Samples/json-keys.md") }
    }
    let device = try #require(
      try JSONSerialization.jsonObject(with: Data(text.string.split(separator: "\n")[0].utf8)) as? [String: Any])
    #expect(device["name"] as? String == "WT901")
    #expect(device["vendor"] is NSNull)
    #expect(device["baud"] as? Int == 115_200)
    #expect(device["mount_assumed"] as? Bool == true)
    for name in Reading.Flags.names.map(\.1) { #expect(page.contains("`\(name)`")) }
    for name in Trial.Reasons.names.map(\.1) { #expect(page.contains("`\(name)`")) }
    for cause in Gap.Cause.allCases { #expect(page.contains("`\(cause.rawValue)`")) }
  }

  @Test("Every reason, verdict and cause has words of its own")
  func wordsAreComplete() {
    let unnamed = ReasonWords.entry([]).short
    let reasons = Trial.Reasons.names.map { ReasonWords.entry($0.0) }
    #expect(!reasons.contains { $0.short == unnamed })
    #expect(Set(reasons.map(\.sentence)).count == reasons.count)
    let flags = Reading.Flags.names.map { ReasonWords.sentence($0.0) }
    #expect(!flags.contains(ReasonWords.sentence([])))
    #expect(Set(flags).count == flags.count)
    #expect(
      ReasonWords.entries([.unfinished, .gap]).map(\.short)
        == [ReasonWords.entry(.gap).short, ReasonWords.entry(.unfinished).short])
  }
}
