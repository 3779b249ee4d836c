import Export
import LungeTest
import Motion

// What stands beside a result, for programs.

extension JSONWriter {
  /// What was said of a series: one member for each fact, null where it was not said.
  mutating func facts(_ facts: SeriesFacts) {
    key("facts")
    beginObject()
    for field in SeriesFacts.fields {
      key(text: field.key)
      let text = field.text(facts)
      if field.isNumber, let value = text.flatMap(Double.init) {
        number(value, decimals: 1)
      } else {
        string(text: text)
      }
    }
    endObject()
  }

  mutating func references(_ name: StaticString, _ references: [Reference]) {
    key(name)
    beginArray()
    for reference in references {
      beginObject()
      member("sentence", text: reference.sentence)
      member("source", text: reference.source)
      endObject()
    }
    endArray()
  }

  mutating func kneeDifference(_ knee: KneeDifference) {
    beginObject()
    member("side", text: knee.side?.rawValue)
    member("bent_deg", knee.bent * degreesPerRadian, decimals: 3)
    member("straight_deg", knee.straight * degreesPerRadian, decimals: 3)
    member("bent_minus_straight_deg", knee.difference.map { $0 * degreesPerRadian }, decimals: 3)
    member("u_deg", knee.u.map { $0 * degreesPerRadian }, decimals: 3)
    references("references", [knee.reference])
    member("obstacle", text: knee.obstacle)
    endObject()
  }

  mutating func change(_ change: Change) {
    beginObject()
    member("side", text: change.side?.rawValue)
    member("condition", text: change.condition?.rawValue)
    member("earlier", text: change.earlierName)
    member("earlier_recorded_on", text: change.earlierDate)
    member("before_deg", change.before.map { $0 * degreesPerRadian }, decimals: 3)
    member("now_deg", change.now.map { $0 * degreesPerRadian }, decimals: 3)
    let isCompared = change.obstacle == nil
    member("change_deg", isCompared ? change.difference.map { $0 * degreesPerRadian } : nil, decimals: 3)
    member("mdc_deg", change.mdc.map { $0 * degreesPerRadian }, decimals: 3)
    member("verdict", text: isCompared ? change.words : nil)
    member("before_ktw_cm", change.beforeKneeToWall?.value.map { $0 * 100 }, decimals: 1)
    member("now_ktw_cm", change.nowKneeToWall?.value.map { $0 * 100 }, decimals: 1)
    member("change_ktw_cm", isCompared ? change.kneeToWallDifference.map { $0 * 100 } : nil, decimals: 1)
    member("mdc_ktw_cm", change.kneeToWallMDC.map { $0 * 100 }, decimals: 1)
    member("verdict_ktw", text: isCompared ? change.kneeToWallWords : nil)
    member("mdc_source", text: change.source.isEmpty ? nil : change.source)
    key("remarks")
    beginArray()
    for remark in change.remarks { string(text: remark) }
    endArray()
    member("obstacle", text: change.obstacle)
    endObject()
  }
}
