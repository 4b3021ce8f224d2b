package import DurableFiles
package import RunbookPorts
internal import Values

/// Keeps people's answers as files of one folder, until a run takes them in.
///
/// Each form has a folder, each answer a file in it, named by its time so that they are read in their order; a file that
/// was handed in lies beside its answer. Whoever can write to the folder can answer, in anybody's name; whose file it is
/// goes with the answer.
package struct AnswerBox: AnswerDesk {
  /// How long an answer may lie before it is seen.
  private static let nap = Duration.milliseconds(250)
  /// Longest answer that is read.
  private static let answerLimitBytes = 1 << 20
  /// Longest file that can be handed in.
  package static let fileLimitBytes = 64 << 20

  private let folder: String
  private let pause: @Sendable (Duration) async throws -> Void

  /// - Parameter pause: Waits for a span of time; throws when it is cancelled.
  package init(folder: String, pause: @escaping @Sendable (Duration) async throws -> Void) {
    self.folder = folder
    self.pause = pause
  }

  /// Leaves an answer.
  ///
  /// - Parameter name: Later ones have greater names.
  /// - Returns: after it is on the disk.
  package func leave(_ answer: PersonAnswer, file: [UInt8]?, named name: String) throws(FileProblem) {
    let place = place(of: answer.form)
    try Folder.make(place)
    if let file { try WholeFile.write(file, to: "\(place)/\(name).file") }
    let json = JSON.object(["answer": answer.json, "has_file": .bool(file != nil)])
    try WholeFile.write(json.canonicalBytes, to: "\(place)/\(name).json")
    try Folder.synchronize(place)
  }

  package func answers(to form: String) -> AsyncStream<DeskAnswer> {
    let (answers, send) = AsyncStream.makeStream(of: DeskAnswer.self)
    let work = Task {
      var seen: Set<String> = []
      while true {
        for name in names(of: form) where seen.insert(name).inserted {
          if let answer = read(name, of: form) { send.yield(answer) }
        }
        do { try await pause(Self.nap) } catch { return send.finish() }
      }
    }
    send.onTermination = { _ in work.cancel() }
    return answers
  }

  /// Form keys are ids between slashes.
  private func place(of form: String) -> String {
    "\(folder)/" + form.split(separator: "/").joined(separator: "+")
  }

  /// Nobody has answered a form whose folder cannot be read.
  private func names(of form: String) -> [String] {
    ((try? Folder.names(in: place(of: form))) ?? []).filter { $0.hasSuffix(".json") }
  }

  /// `nil` for what is no answer.
  private func read(_ name: String, of form: String) -> DeskAnswer? {
    let path = "\(place(of: form))/\(name)"
    guard let written = try? OpenFile(path, for: .reading), let user = try? written.owner(),
      let bytes = try? written.whole(limitBytes: Self.answerLimitBytes),
      let json = try? JSON(parsing: bytes), case .object? = json["answer"], let words = json["answer"],
      let answer = try? PersonAnswer(recordedIn: RecordBody(words)), answer.form.utf8.elementsEqual(form.utf8)
    else { return nil }
    let left = answer.left(by: user)
    guard case .bool(true)? = json["has_file"] else { return DeskAnswer(left) }
    let file = try? WholeFile.read("\(path.dropLast(5)).file", limitBytes: Self.fileLimitBytes)
    return file.map { DeskAnswer(left, file: $0) }
  }
}
