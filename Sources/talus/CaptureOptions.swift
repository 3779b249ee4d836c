import ArgumentParser
import CaptureImport

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
      discussion: "Quantities: \(ImportOptions.columnKeys.joined(separator: ", ")).",
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

  /// The choices with the rate that the command has an option of its own for.
  func options(rate: Double?) throws -> ImportOptions {
    var options = ImportOptions(rate: rate, sensor: sensor ?? shank)
    do {
      if let columns { options.columns = try ImportOptions.pairs(columns, keys: ImportOptions.columnKeys) }
      if let units { options.units = try ImportOptions.pairs(units, keys: ImportOptions.unitKeys) }
    } catch {
      throw ValidationError("\(error)")
    }
    return options
  }
}
