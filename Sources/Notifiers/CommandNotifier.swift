internal import ChildProcesses
internal import Diagnostics
package import RunbookPorts
internal import Values

/// Delivers notices through a local command: an argument vector, never a shell. The notice comes to its standard input
/// as one line of JSON.
///
/// The exit code tells what became of it: 0 it was delivered; 75 (`EX_TEMPFAIL`) it was not, and trying again may help;
/// anything else it was not and will not. A command that is still running after `timeout` is killed with all that it
/// has started; then, as after any death by a signal, nobody knows whether it has delivered the notice.
package struct CommandNotifier: Notifier {
  package static let temporaryFailure: Int32 = 75

  package let name = "command"
  private let arguments: [String]
  private let environment: [(name: String, value: String)]
  private let timeout: Duration

  /// - Parameters:
  ///   - arguments: The program, as a path or a name that the engine's `PATH` finds, and its arguments.
  ///   - environment: All variables that the command sees.
  package init(
    arguments: [String], environment: [(name: String, value: String)] = [], timeout: Duration = .seconds(30)
  ) {
    self.arguments = arguments
    self.environment = environment
    self.timeout = timeout
  }

  package func deliver(_ notice: Notice) async throws(NoticeError) {
    guard let program = arguments.first, !program.isEmpty else { throw .refused("the command is empty") }
    let words = arguments + environment.flatMap { [$0.name, $0.value] }
    guard !words.contains(where: { $0.utf8.contains(0) }) else {
      throw .refused("a word of the command '\(program)' holds a NUL byte, which no program can be given")
    }
    let command = ChildCommand(
      arguments, environment: environment.map { "\($0.name)=\($0.value)" },
      input: Array(notice.json.compactText.utf8) + [0x0A], timeout: timeout)
    let outcome: ChildCommand.Outcome
    do { outcome = try await command.run() } catch { throw .refused("cannot start '\(program)': \(error.message)") }
    switch outcome.end {
    case .exited(0): return
    case .exited(Self.temporaryFailure): throw .failed(message("'\(program)' could not deliver now", outcome))
    case .exited(let code): throw .refused(message("'\(program)' ended with exit code \(code)", outcome))
    case .killed(let signal):
      throw .outcomeUnknown(message("'\(program)' was ended by signal \(signal)", outcome))
    case .timedOut:
      let message = message("'\(program)' did not end within \(timeout.shorthand)", outcome)
      throw outcome.hasReadInput ? .outcomeUnknown(message) : .failed(message)
    }
  }

  /// What became of it, for the trail, where nothing can be erased: a program that repeats its command line must not
  /// bring a token there.
  private func message(_ what: String, _ outcome: ChildCommand.Outcome) -> String {
    guard var complaint = outcome.complaint else { return what }
    // `--token X` says as much as `--token=X`.
    let words = arguments.map { $0.hasPrefix("-") ? "\($0)=" : "\($0) " }
    for secret in SecretShape.secrets(in: words.joined()) {
      complaint = complaint.replacing(secret, with: String(repeating: "*", count: secret.count))
    }
    return "\(what): \(SecretShape.concealed(complaint))"
  }
}
