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

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, resources: resources,
    swiftSettings: strict)
}

let package = Package(
  name: "tocsin",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Layer 0
    module("Diagnostics"),
    module("Values"),
    // Layer 1
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    module("YAMLTree", ["Diagnostics", "CLibYAML"]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
    module("CEL", ["Values", "CRE2"]),
    module("Baselines", ["Values"]),
    module("RunbookPorts", ["Values"]),
    // Layer 2
    module("RunbookLanguage", ["CEL", "Diagnostics", "RunbookPorts", "Values", "YAMLTree"]),
    // Layer 3
    module("Investigation", ["Baselines", "CEL", "RunbookLanguage", "RunbookPorts", "Values"]),
    tests(of: "Diagnostics"),
    tests(of: "Values"),
  ],
  swiftLanguageModes: [.v6]
)
