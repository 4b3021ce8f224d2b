import Foundation

/// `tocsin-bench THING ARGUMENTS…`: measures one part of Tocsin alone, in its own process.
@main
struct Measure {
  /// What can be measured; each stands in a file of its own.
  static var things: [any Measurement.Type] {
    [
      YAMLMeasurement.self, CELMeasurement.self, CheckMeasurement.self, EntityMeasurement.self, RunMeasurement.self,
      ReplayMeasurement.self,
      TrailMeasurement.self,
    ]
  }

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let thing = things.first(where: { $0.name == arguments.first }) else {
      let lines = things.map { "  tocsin-bench \($0.name) \($0.usage)\n" }.joined()
      stop(64, "usage:\n\(lines)")
    }
    do { try thing.run(Array(arguments.dropFirst())) } catch { stop(2, "tocsin-bench: \(error)\n") }
  }

  private static func stop(_ status: Int32, _ text: String) -> Never {
    FileHandle.standardError.write(Data(text.utf8))
    exit(status)
  }
}

/// Something that can be measured.
protocol Measurement {
  /// The word by which it is called.
  static var name: String { get }
  /// Its arguments, for people.
  static var usage: String { get }
  /// Measures, and prints one line for each figure.
  static func run(_ arguments: [String]) throws
}

/// Why something was not measured.
struct MeasurementError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
