package import Values

/// Runs the scripts of runbooks: each is given one exported file, and what it prints is what it is for.
///
/// A script can reach nothing else: no network, no file of the machine that it could change.
package protocol ScriptRunner: Sendable {
  /// What keeps a script from everything else, for the record.
  ///
  /// - Throws: why no script can be run here, and what to do about it.
  func sandbox() async throws(ScriptProblem) -> JSON

  /// Runs a script once.
  func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult
}

/// Runs none.
package struct NoScripts: ScriptRunner {
  package init() {}

  private var problem: ScriptProblem { .notRun("no script is run here") }

  package func sandbox() async throws(ScriptProblem) -> JSON { throw problem }
  package func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult { throw problem }
}

/// A script with all that it needs.
package struct ScriptTask: Sendable {
  /// Its path, from the runbook's folder.
  package let path: String
  package let bytes: [UInt8]
  /// What the bytes' digest must be: `sha256:` and 64 digits.
  package let digest: String
  /// What it is given.
  package let file: ExportReceipt
  /// How long it may run.
  package let timeout: Duration
  /// The name of the file for what it prints.
  package let outputName: String

  package init(
    path: String, bytes: [UInt8], digest: String, file: ExportReceipt, timeout: Duration, outputName: String
  ) {
    self.path = path
    self.bytes = bytes
    self.digest = digest
    self.file = file
    self.timeout = timeout
    self.outputName = outputName
  }
}

/// What a script that ran has left.
package struct ScriptResult: Sendable {
  package let end: ScriptEnd
  /// What it printed, as much as is kept, with stars for what looks like a secret.
  package let output: [UInt8]
  /// How much it printed.
  package let outputBytes: Int
  /// The first line that it wrote to standard error, short and without what looks like a secret.
  package let complaint: String?
  /// What it printed, as a file; `nil` unless it ended well and printed something that was kept as a whole.
  package let file: ExportReceipt?

  package init(end: ScriptEnd, output: [UInt8], outputBytes: Int, complaint: String?, file: ExportReceipt?) {
    self.end = end
    self.output = output
    self.outputBytes = outputBytes
    self.complaint = complaint
    self.file = file
  }
}

/// How a script ended.
package enum ScriptEnd: Hashable, Sendable {
  /// As a shell tells it: a program that a signal has ended has 128 and the signal's number.
  case exited(Int)
  case timedOut
}

/// Why nothing can be said of what a script did.
package enum ScriptProblem: Error, Hashable, Sendable {
  /// It certainly was not started.
  case notRun(String)
  /// It may have run.
  case outcomeUnknown(String)

  package var message: String {
    switch self {
    case .notRun(let text), .outcomeUnknown(let text): text
    }
  }
}

// MARK: - As an event

/// What became of a script.
package enum ScriptOutcome: Hashable, Sendable {
  case ended(ScriptReceipt)
  /// It certainly was not started.
  case failed(String)
  /// It may have run.
  case unknown(String)
}

/// A script that ran.
package struct ScriptReceipt: Hashable, Sendable {
  package let end: ScriptEnd
  package let milliseconds: Int
  /// How much it printed.
  package let outputBytes: Int
  /// Where is kept what it printed; `nil`: it printed nothing.
  package let output: EvidenceReference?
  package let complaint: String?
  /// What it printed, as a file.
  package let file: ExportReceipt?

  package init(
    end: ScriptEnd, milliseconds: Int, outputBytes: Int, output: EvidenceReference?, complaint: String?,
    file: ExportReceipt?
  ) {
    self.end = end
    self.milliseconds = milliseconds
    self.outputBytes = outputBytes
    self.output = output
    self.complaint = complaint
    self.file = file
  }

  package init(_ result: ScriptResult, milliseconds: Int, output: EvidenceReference?) {
    self.init(
      end: result.end, milliseconds: milliseconds, outputBytes: result.outputBytes, output: output,
      complaint: result.complaint, file: result.file)
  }

  /// Whether it did what it is for: it ended well, and what it printed is there for others.
  package var isGood: Bool { end == .exited(0) && (file != nil || outputBytes == 0) }

  var asRecorded: ScriptReceipt {
    ScriptReceipt(
      end: end, milliseconds: milliseconds, outputBytes: outputBytes, output: output,
      complaint: complaint.map { RecordText.cut($0) }, file: file?.asRecorded)
  }
}

extension ScriptOutcome {
  /// The types of records that tell it.
  package static let recordTypes = ["script.ended", "script.failed", "script.unknown"]

  /// The outcome for people, as a sentence part.
  package var summary: String {
    switch self {
    case .failed(let reason): return "not run: \(reason)"
    case .unknown(let reason): return "perhaps run: \(reason)"
    case .ended(let receipt):
      let what =
        switch receipt.end {
        case .timedOut: "did not end in time"
        case .exited(0):
          receipt.file?.file
            ?? (receipt.outputBytes == 0
              ? "printed nothing" : "printed \(receipt.outputBytes) bytes, which are no file")
        case .exited(let code) where code > 128: "ended by signal \(code - 128)"
        case .exited(let code): "ended with exit code \(code)"
        }
      return receipt.complaint.map { "\(what): \($0)" } ?? what
    }
  }

  /// What must be told to whoever only reads the verdict; `nil` for a script that ended well.
  package var trouble: String? {
    if case .ended(let receipt) = self, receipt.isGood { nil } else { summary }
  }

  var asRecorded: ScriptOutcome {
    switch self {
    case .ended(let receipt): .ended(receipt.asRecorded)
    case .failed(let reason): .failed(RecordText.cut(reason))
    case .unknown(let reason): .unknown(RecordText.cut(reason))
    }
  }

  func journalEntry(of export: String) -> JournalEntry {
    switch self {
    case .failed(let reason): Self.entry("script.failed", export, reason)
    case .unknown(let reason): Self.entry("script.unknown", export, reason)
    case .ended(let receipt):
      JournalEntry("script.ended") { body in
        if let complaint = receipt.complaint { body.add("complaint", RecordText.cut(complaint)) }
        if let file = receipt.file { body.add("digest", file.digest) }
        if case .exited(let code) = receipt.end { body.add("exit_code", code) }
        body.add("export", export)
        if let file = receipt.file { body.add("file", RecordText.cut(file.file)) }
        body.add("milliseconds", receipt.milliseconds)
        if let output = receipt.output { body.add("output", output.json) }
        body.add("output_bytes", receipt.outputBytes)
        body.add("timed_out", receipt.end == .timedOut)
      }
    }
  }

  private static func entry(_ type: String, _ export: String, _ reason: String) -> JournalEntry {
    JournalEntry(type) { body in
      body.add("export", export)
      body.add("reason", RecordText.cut(reason))
    }
  }

  /// The inverse of `journalEntry`.
  ///
  /// - Returns: `nil` for a record of another type.
  package init?(recordedAs type: String, _ body: RecordBody) throws(RecordProblem) {
    switch type {
    case "script.failed": self = .failed(try body.text("reason"))
    case "script.unknown": self = .unknown(try body.text("reason"))
    case "script.ended": self = .ended(try ScriptReceipt(recordedIn: body))
    default: return nil
    }
  }
}

extension ScriptReceipt {
  fileprivate init(recordedIn body: RecordBody) throws(RecordProblem) {
    var file: ExportReceipt?
    let outputBytes = try body.count("output_bytes")
    if body.optional("file") != nil {
      file = ExportReceipt(file: try body.text("file"), digest: try body.text("digest"), bytes: outputBytes)
    }
    self.init(
      end: try body.bool("timed_out") ? .timedOut : .exited(try body.count("exit_code")),
      milliseconds: try body.count("milliseconds"), outputBytes: outputBytes,
      output: body.optional("output") == nil ? nil : try body.reference("output"),
      complaint: try body.optionalText("complaint"), file: file)
  }
}
