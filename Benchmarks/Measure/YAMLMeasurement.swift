import Diagnostics
import Foundation
import YAMLTree

/// From the bytes of files to their trees, line tables and findings included, and the trees given back.
enum YAMLMeasurement: Measurement {
  static let name = "yaml"
  static let usage = "FILE…"

  static func run(_ arguments: [String]) throws {
    let files = try arguments.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
    // Sizes are no matter here; the limits of the standard are for what people write.
    let limits = YAMLLimits(bytes: 1 << 30, nodes: 100_000_000)
    for (path, bytes) in zip(arguments, files) {
      let document = YAMLReader.read(SourceText(name: path, bytes: bytes), limits: limits)
      guard document.isComplete, document.diagnostics.isEmpty else {
        throw MeasurementError("\(path) has findings: \(document.diagnostics.first?.message ?? "it was not read")")
      }
    }
    let timing = Timing {
      for (path, bytes) in zip(arguments, files) {
        keep(YAMLReader.read(SourceText(name: path, bytes: bytes), limits: limits).root)
      }
    }
    timing.report("yaml tree")
  }
}
