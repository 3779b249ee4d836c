// swift-tools-version: 6.2
import PackageDescription

// Every target of this package builds with warnings as errors; the dependencies keep their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A module of the house. Its dependencies are the arrows of the import table that
/// `Tests/ArchitectureTests` holds; a module may only depend on modules above it in this list.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one module, under Tests/ with the same name plus "Tests".
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.byName(name: name), "TestKit"] + dependencies,
    swiftSettings: strict)
}

let math: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")

let package = Package(
  name: "talus",
  products: [.executable(name: "talus", targets: ["talus"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // Ground floor
    .systemLibrary(name: "CUdev", providers: [.apt(["libudev-dev"])]),
    .target(name: "CSerial"),
    room("DecimalText"),
    room("Motion", [math]),
    // Bytes to samples, samples to session time
    room("SensorProtocols", ["DecimalText", "Motion", math]),
    room("Timebase", ["Motion"]),
    // Session time to angles, angles to trials
    room("Orientation", ["Motion", math]),
    room("AnkleKinematics", ["Motion", math]),
    room("LungeTest", ["Motion", "AnkleKinematics", math]),
    room(
      "Pipeline",
      ["DecimalText", "Motion", "SensorProtocols", "Timebase", "Orientation", "AnkleKinematics", "LungeTest"]),
    // Where samples come from when no sensor is plugged in
    room("SensorSimulation", ["DecimalText", "Motion", "SensorProtocols", "AnkleKinematics", math]),
    // Files on disk
    room("Files"),
    room("Recording", ["Motion", "Files"]),
    room("CaptureImport", ["DecimalText", "Motion", "Timebase", "Files"]),
    room("Replay", ["Motion", "SensorProtocols", "Pipeline", "Files", "Recording", "CaptureImport"]),
    // Where results go
    room("Export", ["DecimalText", "Motion", "AnkleKinematics", "LungeTest", "Pipeline", "Recording"]),
    room("SerialLink", ["Motion", "SensorProtocols", "CUdev", "CSerial"]),
    room(
      "Reporting",
      ["DecimalText", "Motion", "AnkleKinematics", "LungeTest", "Pipeline", "Files", "Replay", "Export"]),
    room("LiveView", ["DecimalText", "Motion", "AnkleKinematics", "LungeTest", "Pipeline", "Export"]),
    .executableTarget(
      name: "talus",
      dependencies: [
        "DecimalText", "Motion", "SensorProtocols", "Timebase", "Orientation", "AnkleKinematics", "LungeTest",
        "Pipeline", "SensorSimulation", "Files", "Recording", "CaptureImport", "Replay", "Export", "SerialLink",
        "Reporting", "LiveView", "CSerial", math,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Measurements: the program's stages, and a malloc that counts.
    .target(name: "CAllocations", path: "Tools/bench-allocations"),
    .executableTarget(
      name: "talus-bench",
      dependencies: [
        "DecimalText", "Motion", "SensorProtocols", "Timebase", "Orientation", "AnkleKinematics", "LungeTest",
        "Pipeline", "SensorSimulation", "CaptureImport", "Export", "CAllocations",
      ],
      path: "Tools/bench-program",
      swiftSettings: strict),
    // Tests, one folder a module
    .target(name: "TestKit", dependencies: ["CSerial", "Motion"], path: "Tests/TestKit", swiftSettings: strict),
    .testTarget(name: "ArchitectureTests", dependencies: ["TestKit"], swiftSettings: strict),
    tests("DecimalText"),
    tests("Motion"),
    tests("SensorProtocols", ["DecimalText", "Motion"]),
    tests("Timebase", ["Motion"]),
    tests("Orientation", ["Motion"]),
    tests("AnkleKinematics", ["Motion"]),
    tests("LungeTest", ["Motion", "AnkleKinematics"]),
    tests(
      "Pipeline",
      ["Motion", "SensorProtocols", "LungeTest", "AnkleKinematics", "Orientation", "SensorSimulation", "Export"]),
    tests("SensorSimulation", ["Motion", "SensorProtocols", "AnkleKinematics"]),
    tests("Files"),
    tests("Recording", ["Motion", "Files"]),
    tests("CaptureImport", ["Motion", "DecimalText"]),
    tests("Replay", ["Motion", "Pipeline", "Recording", "CaptureImport", "SensorProtocols"]),
    tests("Export", ["Motion", "Pipeline", "LungeTest", "AnkleKinematics", "DecimalText"]),
    tests("SerialLink", ["Motion", "SensorProtocols", "CSerial"]),
    tests(
      "Reporting",
      ["Motion", "LungeTest", "AnkleKinematics", "Pipeline", "Recording", "CaptureImport", "Replay", "Export"]),
    tests("LiveView", ["Motion", "Pipeline", "LungeTest", "AnkleKinematics"]),
    // The command line as a user runs it: the built program, real ptys, real files.
    .testTarget(
      name: "CommandLineTests", dependencies: ["talus", "TestKit", "Motion", "SerialLink"], swiftSettings: strict),
  ]
)

// Fuzzing is built by Tools/fuzz alone, in its own folder and with the compiler's instrumentation: no other build sees it.
if Context.environment["TALUS_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzzDriver", path: "Tools/fuzz-driver"),
    .executableTarget(
      name: "talus-fuzz",
      dependencies: [
        "CFuzzDriver", "CAllocations", "DecimalText", "Motion", "SensorProtocols", "Pipeline", "Recording",
        "CaptureImport",
        "Replay",
      ],
      path: "Tools/fuzz-program",
      swiftSettings: strict),
  ]
}
