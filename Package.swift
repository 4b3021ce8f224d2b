// swift-tools-version: 6.2
import PackageDescription

// Layers, from the bottom; a target may import only targets of lower layers.
// `Sources/README.md` says what each of them owns.

/// Language settings of every Swift target.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, resources: resources,
    swiftSettings: strict)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "tocsin",
  products: [
    .executable(name: "tocsin", targets: ["tocsin"]),
    .library(name: "CEL", targets: ["CEL", "Values"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Layer 0
    module("Diagnostics"),
    module("Rules", ["Diagnostics"]),
    module("Values"),
    // Layer 1
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    module("YAMLTree", ["CLibYAML", "Diagnostics", "Rules", "Values"]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
    module("CEL", ["CRE2", "Diagnostics", "Values"], exclude: ["Differences.md", "README.md"]),
    module("Baselines", ["Values"]),
    module("RunbookPorts", ["Values"]),
    // Layer 2
    module("RunbookLanguage", ["Baselines", "CEL", "Diagnostics", "Rules", "RunbookPorts", "Values", "YAMLTree"]),
    // Layer 3
    module("Investigation", ["Baselines", "CEL", "RunbookLanguage", "RunbookPorts", "Values"]),
    // Layer 4
    module("DurableFiles"),
    module("AuditTrail", ["CZlib", "DurableFiles", "RunbookPorts", "Values", crypto], exclude: ["FORMAT.md"]),
    module("ChildProcesses", ["DurableFiles"]),
    module("Exporters", ["ChildProcesses", "Diagnostics", "DurableFiles", "RunbookPorts", "Values", crypto]),
    module("Notifiers", ["ChildProcesses", "Diagnostics", "DurableFiles", "RunbookPorts", "Values"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    module(
      "LogAdapters",
      [
        "CRE2", "CZlib", "RunbookPorts", "Values", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    module("RunIndex", ["Values", .product(name: "GRDB", package: "GRDB.swift")]),
    // Layers 5 and 7
    module(
      "RunbookEngine",
      [
        "AuditTrail", "Baselines", "CEL", "Diagnostics", "DurableFiles", "Investigation", "Rules", "RunIndex",
        "RunbookLanguage", "RunbookPorts", "Values", "YAMLTree", crypto,
      ]),
    .executableTarget(
      name: "tocsin",
      dependencies: [
        "AuditTrail", "Baselines", "CEL", "Diagnostics", "DurableFiles", "Exporters", "Investigation", "LogAdapters",
        "Notifiers", "Rules", "RunIndex", "RunbookEngine", "RunbookLanguage", "RunbookPorts", "Values",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    // Not in the product: measures parts of it alone (`Benchmarks/README.md`)
    .executableTarget(
      name: "tocsin-bench",
      dependencies: [
        "AuditTrail", "CEL", "Diagnostics", "DurableFiles", "Investigation", "RunbookEngine", "RunbookLanguage",
        "RunbookPorts", "Values", "YAMLTree",
      ],
      path: "Benchmarks/Measure", swiftSettings: strict),
    // Made series, and the study of what the detectors make of them
    .target(name: "SeriesSamples", path: "Benchmarks/baselines/Samples", swiftSettings: strict),
    .executableTarget(
      name: "baseline-study", dependencies: ["Baselines", "SeriesSamples", "Values"],
      path: "Benchmarks/baselines/Study",
      swiftSettings: strict),
    // Tests, by layer
    tests(of: "Diagnostics"),
    tests(of: "Values", [crypto]),
    tests(of: "YAMLTree", ["Diagnostics"]),
    tests(of: "CEL", ["Values"], exclude: ["Fixtures"]),
    tests(of: "Baselines", ["SeriesSamples", "Values"], resources: [.copy("Fixtures")]),
    tests(
      of: "RunbookLanguage", ["CEL", "Diagnostics", "Rules", "RunbookPorts", "Values", "YAMLTree"],
      exclude: ["Fixtures"]),
    tests(of: "Investigation", ["CEL", "Diagnostics", "RunbookLanguage", "RunbookPorts", "Values"]),
    tests(of: "DurableFiles"),
    tests(
      of: "AuditTrail", ["DurableFiles", "RunbookPorts", "Values", crypto],
      exclude: ["Verification/verify_proof.go", "Verification/verify_trail.py"]),
    tests(of: "Exporters", ["DurableFiles", "RunbookPorts", "Values"]),
    tests(of: "Notifiers", ["DurableFiles", "RunbookPorts", "Values"]),
    tests(of: "LogAdapters", ["CZlib", "RunbookPorts", "Values"], resources: [.copy("Fixtures")]),
    tests(
      of: "RunbookEngine",
      ["AuditTrail", "Diagnostics", "Investigation", "LogAdapters", "RunbookLanguage", "RunbookPorts", "Values"]),
    tests(of: "RunIndex", ["Values"]),
    tests(of: "tocsin", ["Values"]),
    // What is shipped beside the program: the runbooks, run on their cases, and the examples on the pages
    .testTarget(
      name: "RunbooksTests",
      dependencies: [
        "AuditTrail", "CZlib", "Diagnostics", "Investigation", "LogAdapters", "Rules", "RunIndex", "RunbookEngine",
        "RunbookLanguage", "RunbookPorts", "Values", "YAMLTree", "tocsin",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["Corpus", "Golden"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
