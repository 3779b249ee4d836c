import Motion

/// How sure a format is of the acceleration's unit.
enum AccelerationUnit: Equatable {
  /// The file or the format says it, with its factor to m/s², so that the samples are in m/s² if it is true.
  case said(String, scale: Double)
  /// Nobody says it: the samples hold the file's numbers. The columns are named for messages.
  case unsaid(columns: String)
  /// The user says it: doubts are told, and nothing is changed.
  case chosen(String)
}

/// The most samples that are held of a capture: two minutes at 1 kHz, twenty at 100 Hz.
let mostSamplesHeld = 1 << 17

/// Makes a capture of a sensor's samples: reads its beginning, judges its time, its gaps and its acceleration, and says every doubt.
///
/// - Parameter held: how many samples are held, and judged by.
/// - Throws: `noSamples`, `unusableTime`, `gravityRemoved` or `unusableUnit`.
func assemble(
  _ given: any SampleSeries, _ plan: SensorPlan, format: String, usualMount: String?, held: Int
) throws(ImportError) -> Capture {
  var series = given
  var batch = SampleBatch()
  var isOver = false
  while batch.samples.count < held {
    guard try series.next(into: &batch) else {
      isOver = true
      break
    }
  }
  if batch.samples.isEmpty, plan.addsGravity, series.counts.unreadable == 0, series.counts.empty == 0 {
    throw ImportError(
      .gravityRemoved, "gravity is taken out of the acceleration, and the file of gravity is of another time")
  }
  try series.counts.check(samples: batch.samples.count)
  let source: Capture.TimeSource =
    switch plan.map.clock {
    case .column, .text: .column
    case .counter: .counter
    case .row: .row
    }
  var capture = Capture(format: format, timeSource: source)
  capture.sensor = plan.name
  capture.usualMount = usualMount
  capture.files = [plan.file] + plan.companions.map(\.file).filter { $0 != plan.file }
  capture.notes = plan.notes
  capture.rejectedRows = series.counts.rejected
  // A capture begins with its first sample that was kept.
  let origin = batch.samples[0].time.nanoseconds
  for index in batch.samples.indices { batch.samples[index].time.nanoseconds &-= origin }
  for index in batch.gaps.indices {
    batch.gaps[index].start.nanoseconds &-= origin
    batch.gaps[index].end.nanoseconds &-= origin
  }
  swap(&capture.samples, &batch.samples)
  let last = capture.samples[capture.samples.count - 1].time
  var tally = QuantityTally()
  for sample in capture.samples { tally.take(sample.sample.fields) }
  if isOver { capture.notes += series.notes + tally.notes }
  var time: FileTime?
  switch plan.map.clock {
  case .column, .text:
    let found = FileTime(times: capture.samples.map(\.time))
    capture.rate = found.rate
    // Where its clock began anew the file's time has no hole to show.
    capture.gaps = (found.gaps + batch.gaps).sorted { $0.end < $1.end }
    if found.isJittery {
      capture.notes.append(
        "the steps of time are very uneven: these look like times of arrival, and the rate is the mean one")
    }
    time = found
  case .counter(_, let rate), .row(let rate):
    capture.rate = rate
    capture.gaps = batch.gaps.filter { $0.start >= .zero && $0.end <= last }
  }
  if capture.samples.count < 2 { capture.rate = nil }
  noteDoubtfulRate(&capture)
  if !isOver {
    capture.rest = SampleStream(series, origin: origin, after: last, time: time, tally: tally)
    capture.notes.append(
      "units and signs were judged by the first \(capture.samples.count) samples (\(Int(capture.duration)) s)")
  }
  if let start = series.start {
    capture.start = start.value * start.secondsPerUnit + Double(origin) * 1e-9
    // Since 1970, or 2000; less is a clock that began with the device, or at midnight.
    capture.isDated = source == .column && start.value * start.secondsPerUnit > 3e8
  }
  try judgeAcceleration(&capture, plan.addsGravity ? .said("m/s²", scale: 1) : plan.acceleration)
  if plan.settlesQuaternion { QuaternionSense.settle(&capture) }
  return capture
}

/// Says when the rate is none that a sensor has: then the unit of the time is not what the file says.
private func noteDoubtfulRate(_ capture: inout Capture) {
  guard let rate = capture.rate, rate > 20_000 || rate < 0.5, capture.timeSource == .column else { return }
  capture.notes.append(
    "\(rate > 1000 ? rate.rounded() : (rate * 1000).rounded() / 1000) samples a second by the file's times: the unit of its time is hardly what it says (--units time=…)"
  )
}

/// Compares the acceleration at rest with gravity. A unit that is not said is found so, or refused; a unit that is said
/// and can't be is replaced by the one that fits, with a note; without gravity there is no vertical to measure from.
func judgeAcceleration(_ capture: inout Capture, _ unit: AccelerationUnit) throws(ImportError) {
  guard let rest = RestMagnitude.measure(capture.samples) else { return }
  let shown = (rest * 100).rounded() / 100
  let fit = RestMagnitude.accelerationScale(rest: rest)
  switch unit {
  case .chosen(let said):
    if abs(rest / standardGravity - 1) > 0.04 {
      capture.notes.append("in \(said) the acceleration at rest is \(shown) m/s², and gravity is 9.81")
    }
  case .unsaid(let columns):
    guard let fit else {
      let advice =
        if rest < 0.8 {
          "if gravity was taken out of it, there is no vertical to measure from: export the acceleration with gravity"
        } else if rest > 1e5 {
          "a spreadsheet under another locale may have lost the decimal marks: export it again"
        } else {
          "say it with --units acc=…, or which columns are the acceleration with --columns"
        }
      throw ImportError(
        .unusableUnit,
        "the file does not say the unit of \(columns), and its length at rest, \(shown), fits neither g, mg nor m/s²; \(advice)"
      )
    }
    scaleAcceleration(&capture, fit.scale)
    capture.notes.append("the unit of \(columns) is not said; the length at rest, \(shown), makes it \(fit.unit)")
    noteScaleError(&capture, rest * fit.scale)
  case .said(let said, let scale):
    if fit?.scale == 1 {
      noteScaleError(&capture, rest)
      return
    }
    // The number as the file has it, in the unit that makes it gravity.
    let number = rest / abs(scale)
    if let other = RestMagnitude.accelerationScale(rest: number) {
      scaleAcceleration(&capture, other.scale / abs(scale))
      capture.notes.append(
        "the file says \(said), but the acceleration at rest is \((number * 1000).rounded() / 1000) in that unit: scaled so that it is gravity, in \(other.unit)"
      )
      noteScaleError(&capture, number * other.scale)
      return
    }
    if rest < standardGravity / 2 {
      throw ImportError(
        .gravityRemoved,
        "gravity is not in the acceleration (at rest its length is \(shown) m/s²), so there is no vertical to measure from; export the acceleration with gravity"
      )
    }
    guard rest < 2 * standardGravity else {
      throw ImportError(
        .unusableUnit, "the acceleration at rest would be \(shown) m/s²; no unit of acceleration makes that gravity")
    }
    capture.notes.append(
      "the acceleration is never at rest near gravity (its steadiest length is \(shown) m/s²): treat angles with doubt")
  }
}

private func noteScaleError(_ capture: inout Capture, _ rest: Double) {
  guard abs(rest / standardGravity - 1) > 0.04 else { return }
  capture.notes.append(
    "the acceleration at rest is \((rest * 100).rounded() / 100) m/s², gravity is 9.81: a scale error of the sensor, or it never rests"
  )
}

private func scaleAcceleration(_ capture: inout Capture, _ scale: Double) {
  if scale != 1 { capture.correct(SampleCorrection(accelerationScale: scale)) }
}
