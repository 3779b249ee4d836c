import CaptureImport
import Pipeline
import Replay
import Reporting

/// A table that says of each session, or each part of one, what is known of it: `talus report --manifest`. A row is for the file of its
/// `file` column (all inputs without one), from `start_s` to `end_s` of session time, or from the operator's marker `start_marker` to `end_marker`; its
/// other columns are words of the configuration (`side`, `condition`, `mount`, …).
struct SessionManifest {
  /// A row that fits an input.
  struct Part {
    var choices: ConfigurationChoices
    var window: ClosedRange<Double>?
    /// Texts of the markers that it lies between.
    var startMarker: String?
    var endMarker: String?
    /// The sensor of a file that holds several; nil for what the options say.
    var sensor: String?
    /// What tells the part from others of one file, for the report's name.
    var label: String

    /// Where the part lies in a recording.
    var bounds: SessionPart {
      SessionPart(
        start: startMarker.map { .marker($0) } ?? window.map { .time($0.lowerBound) },
        end: endMarker.map { .marker($0) } ?? window.map { .time($0.upperBound) })
    }
  }

  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  private let path: String
  private let table: TextTable

  init(path: String) throws {
    self.path = path
    table = try TextTable(path: path)
    let known = ["file", "start_s", "end_s", "start", "end", "start_marker", "end_marker", "mount", "sensor", "rate"]
    for name in table.names where !known.contains(name) && !name.isEmpty {
      var choices = ConfigurationChoices()
      // A key that is known takes a text or complains of it; one that is not is passed over, and that is said.
      if let isKnown = try? choices.set(name, ""), !isKnown {
        printError("talus: note: \(path): the column '\(name)' says nothing that a report uses")
      }
    }
  }

  /// The rows for an input, in their order; none when no row names it.
  func parts(of input: String, name: String, _ choices: ConfigurationChoices) throws -> [Part] {
    var parts: [Part] = []
    for (index, row) in table.rows.enumerated() {
      let values = Dictionary(zip(table.names, row)) { first, _ in first }
      if let file = values["file"], !file.isEmpty, file != name, file != input, !input.hasSuffix("/" + file) {
        continue
      }
      var part = Part(choices: choices, label: "")
      part.startMarker = values["start_marker"].flatMap { $0.isEmpty ? nil : $0 }
      part.endMarker = values["end_marker"].flatMap { $0.isEmpty ? nil : $0 }
      for (key, text) in zip(table.names, row) where !text.isEmpty && !key.hasSuffix("_marker") {
        do {
          if key == "mount" {
            part.choices.mount = text
          } else if key == "sensor" {
            part.sensor = text
          } else {
            _ = try part.choices.set(key, text)
          }
        } catch {
          throw Unusable(description: "\(path), row \(index + 1): \(error)")
        }
      }
      let start = try seconds(values["start_s"] ?? values["start"], index)
      let end = try seconds(values["end_s"] ?? values["end"], index)
      if start != nil || end != nil {
        let from = start ?? 0
        guard from < end ?? .infinity else {
          throw Unusable(description: "\(path), row \(index + 1): the end is not after the start")
        }
        part.window = from...(end ?? .greatestFiniteMagnitude)
      }
      part.label = [values["side"], values["condition"]].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "-")
      parts.append(part)
    }
    return parts
  }

  private func seconds(_ text: String?, _ row: Int) throws -> Double? {
    guard let text, !text.isEmpty else { return nil }
    guard let value = Double(text), value >= 0, value.isFinite else {
      throw Unusable(description: "\(path), row \(row + 1): '\(text)' is no time in s from the start of the session")
    }
    return value
  }
}
