import ArgumentParser
import Diagnostics
import RunbookEngine
import RunbookLanguage
import Values

/// Where a deployment's configuration and data lie.
struct DeploymentOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The deployment: which adapter reads each source, and where.", valueName: "file"))
  var config: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder that relative paths in the configuration count from, instead of its own.", valueName: "folder"))
  var data: String?

  func validate() throws {
    if data != nil, config == nil { throw ValidationError("--data needs --config: it says where its paths lie") }
  }

  /// Reads the configuration.
  ///
  /// - Returns: `nil` without `--config`; the findings that people should see are returned, and told to nobody yet.
  func read() throws(Unusable) -> (deployment: Deployment?, findings: [Diagnostic]) {
    guard let config else { return (nil, []) }
    if let data, !DocumentFiles.isFolder(data) { throw Unusable("there is no folder '\(data)'") }
    let document = try Documents.load(config, as: "the configuration")
    return DeploymentReader(kinds: Wiring.kinds).read(document, folder: data)
  }
}

/// A file that was named on the command line cannot be used.
struct Unusable: Error {
  let message: String
  /// With what the command ends.
  let ending: Int32

  init(_ message: String, ending: Int32 = Ending.incomplete) {
    self.message = message
    self.ending = ending
  }
}

enum Documents {
  static func load(
    _ path: String, as what: String, byteLimit: Int = DocumentFiles.byteLimit
  ) throws(Unusable) -> SourceText {
    switch DocumentFiles().load(path, byteLimit: byteLimit) {
    case .success(let document): return document
    case .failure(let problem): throw Unusable("cannot read \(what) '\(path)': \(problem.reason)")
    }
  }

  /// Reads a runbook that must be without errors; tells them otherwise.
  static func checked(_ path: String) throws(Unusable) -> CheckedRunbook {
    let document = try load(path, as: "the runbook")
    let result = RunbookChecker(files: DocumentFiles()).check(document)
    guard let runbook = result.runbook else {
      Reports.show(result.diagnostics.filter { $0.severity == .error })
      throw Unusable("the runbook has errors (\(Reports.counts(result.diagnostics)))")
    }
    return runbook
  }
}

extension JSON {
  /// A document as one JSON text.
  init(document: SourceText) throws(TrialProblem) {
    do throws(JSONError) { self = try JSON(parsing: document.bytes) } catch {
      throw TrialProblem(.data, "this is no JSON: \(error.problem)", offset: error.offset)
    }
  }
}

enum Instants {
  /// The value of an option that takes an instant.
  static func instant(_ text: String?, _ option: String) throws -> Timestamp? {
    guard let text else { return nil }
    guard let instant = Timestamp(rfc3339: text) else {
      throw ValidationError("\(option) takes an instant such as 2026-03-02T10:00:00Z, and '\(visible(text))' is none")
    }
    return instant
  }
}
