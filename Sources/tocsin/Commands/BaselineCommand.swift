import ArgumentParser
import Baselines

/// What is normal in a series.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Say what is normal in a series, and what is not.",
    subcommands: [
      BaselineScoreCommand.self, BaselineLearnCommand.self, BaselineShowCommand.self, BaselineForgetCommand.self,
    ])
}

extension BaselineKind: ExpressibleByArgument {}
extension Direction: ExpressibleByArgument {}
extension Season: ExpressibleByArgument {}

/// How surprising a value must be: a word of the runbook language or a number.
struct SurpriseArgument: ExpressibleByArgument {
  let value: Double

  static let words: [(word: String, value: Double)] = [("quiet", 2.5), ("normal", 2), ("sensitive", 1.5)]
  static let normal = SurpriseArgument(value: 2)

  init(value: Double) { self.value = value }

  init?(argument: String) {
    if let known = Self.words.first(where: { $0.word == argument }) {
      value = known.value
    } else if let number = Double(argument), number > 0, number <= BaselineRule.surpriseLimit {
      value = number
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { Self.words.first { $0.value == value }?.word ?? "\(value)" }
}
