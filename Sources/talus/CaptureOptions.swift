import ArgumentParser
import CaptureImport
import SensorProtocols

/// What a user can say about a vendor's capture: the same words wherever a capture is read.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which sensor of a file that holds several: its name, a part of it, or its number.", valueName: "name"))
  var sensor: String?

  @Option(
    help: ArgumentHelp(
      "The same, where the file holds the foot's sensor, too: --foot NAME then names that one.", valueName: "name"))
  var shank: String?

  @Option(
    help: ArgumentHelp(
      "Which column holds what, such as time=1,acc-x=2,acc-y=3,acc-z=4: names or numbers from 1.",
      discussion:
        "Quantities: \(ImportOptions.columnKeys.joined(separator: ", ")). For plain lines of a sensor name every column instead, from the left, such as \(ColumnMap.example).",
      valueName: "quantity=column,…"))
  var columns: String?

  @Option(
    help: ArgumentHelp(
      "Units that the file does not say or says wrongly, such as acc=g,gyro=deg/s,time=ms.",
      valueName: "quantity=unit,…"))
  var units: String?

  func validate() throws {
    if sensor != nil, shank != nil {
      throw ValidationError("--sensor and --shank name the same sensor: leave one of them out.")
    }
    do { try options(rate: nil).checkUnits() } catch let error as ImportOptions.Unusable {
      throw ValidationError(error.description)
    }
  }

  /// The protocol of plain lines whose columns were named one by one; nil for `quantity=column` and for no columns.
  var linesProtocol: String? {
    guard let columns, !columns.contains("=") else { return nil }
    return "lines:" + columns
  }

  /// The protocol that was named: by its name, or by the columns of plain lines.
  func protocolName(_ named: String?) throws -> String? {
    guard let linesProtocol else { return named }
    try checkProtocol(linesProtocol)
    guard named == nil || named?.lowercased() == "lines" else {
      throw ValidationError(
        "--columns \(columns ?? ""): names the columns of plain lines, and --protocol \(named ?? "") has none.")
    }
    return linesProtocol
  }

  /// The choices with the rate that the command has an option of its own for.
  func options(rate: Double?) throws -> ImportOptions {
    var options = ImportOptions(rate: rate, sensor: sensor ?? shank)
    do {
      if let columns, linesProtocol == nil {
        options.columns = try ImportOptions.pairs(columns, keys: ImportOptions.columnKeys)
      }
      if let units { options.units = try ImportOptions.pairs(units, keys: ImportOptions.unitKeys) }
    } catch {
      throw ValidationError("\(error)")
    }
    return options
  }
}
