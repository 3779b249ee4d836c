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

/// Makes a capture of the rows that were read: judges its time, its gaps and its acceleration, and says every doubt.
///
/// - Throws: `noSamples`, `unusableTime`, `gravityRemoved` or `unusableUnit`.
func assemble(
  _ rows: consuming RowsToSamples, clock: ColumnMap.Clock, format: some CaptureFormat, file: String,
  acceleration: AccelerationUnit, isJudged: Bool = true, notes: [String] = []
) throws(ImportError) -> Capture {
  guard !rows.samples.isEmpty, rows.unreadableRows <= rows.samples.count else {
    throw ImportError(
      .noSamples, at: rows.firstUnreadable,
      rows.samples.isEmpty
        ? "none of \(rows.unreadableRows + rows.emptyRows) rows could be read"
        : "\(rows.unreadableRows) rows could not be read and \(rows.samples.count) could")
  }
  guard rows.rowsOutOfOrder <= rows.samples.count else {
    throw ImportError(
      .unusableTime, at: rows.firstOutOfOrder.map { ImportError.Position(line: $0) },
      "the time runs backwards and does not recover: \(rows.rowsOutOfOrder) rows are earlier than a row before them")
  }
  var capture: Capture
  switch clock {
  case .column, .text: capture = Capture(format: format.name, timeSource: .column)
  case .counter: capture = Capture(format: format.name, timeSource: .counter)
  case .row: capture = Capture(format: format.name, timeSource: .row)
  }
  capture.usualMount = format.usualMount
  capture.files = [file]
  capture.notes = notes
  capture.samples = rows.samples
  capture.rejectedRows = rows.rowsOutOfOrder + rows.unreadableRows + rows.emptyRows
  if rows.rowsOutOfOrder > 0 {
    capture.notes.append(
      "\(rows.rowsOutOfOrder) rows left out: their time repeats or runs backwards, first in line \(rows.firstOutOfOrder ?? 0)"
    )
  }
  if rows.emptyRows > 0 {
    capture.notes.append("\(rows.emptyRows) rows left out: nothing of this sensor stands in them")
  }
  if let position = rows.firstUnreadable {
    capture.notes.append("\(rows.unreadableRows) rows left out: they could not be read, first at \(position)")
  }
  noteMissingQuantities(&capture)
  switch clock {
  case .column, .text:
    let time = FileTime(times: capture.samples.map(\.time))
    capture.rate = time.rate
    capture.gaps = time.gaps
    if time.isJittery {
      capture.notes.append(
        "the steps of time are very uneven: these look like times of arrival, and the rate is the mean one")
    }
  case .counter(_, let rate):
    capture.rate = rate
    capture.gaps = rows.gaps
  case .row(let rate):
    capture.rate = rate
    capture.gaps = rows.gaps
  }
  if capture.samples.count < 2 { capture.rate = nil }
  noteDoubtfulRate(&capture)
  if isJudged { try judgeAcceleration(&capture, acceleration) }
  return capture
}

/// Says when the rate is none that a sensor has: then the unit of the time is not what the file says.
private func noteDoubtfulRate(_ capture: inout Capture) {
  guard let rate = capture.rate, rate > 20_000 || rate < 0.5, capture.timeSource == .column else { return }
  capture.notes.append(
    "\(rate > 1000 ? rate.rounded() : (rate * 1000).rounded() / 1000) samples a second by the file's times: the unit of its time is hardly what it says (--units time=…)"
  )
}

/// Says of each quantity that some samples hold how many do not; a column that is empty throughout is not there.
private func noteMissingQuantities(_ capture: inout Capture) {
  let quantities: [(SensorSample.Fields, String)] = [
    (.acceleration, "acceleration"), (.angularRate, "angular rate"), (.magneticField, "magnetic field"),
    (.orientation, "orientation"), (.inclinationX, "x inclination"), (.inclinationY, "y inclination"),
  ]
  for (field, name) in quantities {
    let without = capture.samples.count { !$0.sample.fields.contains(field) }
    if without > 0, without < capture.samples.count {
      capture.notes.append("samples without \(name): \(without) of \(capture.samples.count)")
    }
  }
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
      throw ImportError(
        .unusableUnit,
        "the file does not say the unit of \(columns), and its length at rest, \(shown), fits neither g, mg nor m/s²")
    }
    scaleAcceleration(&capture, fit.scale)
    capture.notes.append("the unit of \(columns) is not said; the length at rest, \(shown), makes it \(fit.unit)")
  case .said(let said, let scale):
    if let fit {
      if fit.scale != 1 {
        let inSaidUnit = (rest / scale * 1000).rounded() / 1000
        scaleAcceleration(&capture, fit.scale)
        capture.notes.append(
          "the file says \(said), but the acceleration at rest is \(inSaidUnit) in that unit: scaled so that it is gravity"
        )
      } else if abs(rest / standardGravity - 1) > 0.04 {
        capture.notes.append(
          "the acceleration at rest is \(shown) m/s², gravity is 9.81: a scale error of the sensor, or it never rests")
      }
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

private func scaleAcceleration(_ capture: inout Capture, _ scale: Double) {
  guard scale != 1 else { return }
  for index in capture.samples.indices {
    capture.samples[index].sample.acceleration = capture.samples[index].sample.acceleration * scale
  }
}
