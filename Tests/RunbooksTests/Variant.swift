import Testing

/// A case made of a recorded one by changes to its files, and how it must end.
struct Variant: Sendable, CustomTestStringConvertible {
  enum Base: String, Sendable {
    case webShell = "web shell"
    case flashCrowd = "flash crowd"
    /// The flash crowd's data without the crowd: an ordinary quarter of an hour, with the alert.
    case quiet = "flash crowd without its crowd"
  }

  let name: String
  let base: Base
  let edits: [Edit]
  let expected: Expected
  var configuration: [(text: String, other: String)] = []

  /// What a run must say. What is `nil` is not looked at.
  struct Expected: Sendable {
    let verdict: String
    var origin: [String]?
    var accessed: [String]?
    var modified: [String]?
    var open: [String]?
    var answers: [String: String] = [:]
  }

  init(
    _ name: String, _ base: Base, _ edits: Edit..., ends verdict: String, origin: [String]? = nil,
    accessed: [String]? = [], modified: [String]? = [], open: [String]? = [], answers: [String: String] = [:]
  ) {
    self.name = name
    self.base = base
    self.edits = edits
    expected = Expected(
      verdict: verdict, origin: origin?.sorted(), accessed: accessed?.sorted(), modified: modified?.sorted(),
      open: open, answers: answers)
  }

  /// The same with another text in the configuration.
  func configured(_ text: String, as other: String) -> Variant {
    var result = self
    result.configuration.append((text, other))
    return result
  }

  var testDescription: String { "\(name) (\(base.rawValue))" }

  /// Makes the case, runs the runbook on it, and compares.
  func judge() async throws {
    let folder = try ScratchFolder()
    var files = try Self.files(of: base)
    for edit in edits { edit.apply(&files) }
    try files.write(to: folder)
    let run = try await CaseRun(folder.path) { text in
      configuration.reduce(text) { $0.replacing($1.text, with: $1.other) }
    }
    #expect(run.verdict == expected.verdict, "\(run.text)")
    if let origin = expected.origin { #expect(run.findings(of: "origin") == origin) }
    if let accessed = expected.accessed { #expect(run.findings(of: "accessed") == accessed) }
    if let modified = expected.modified { #expect(run.findings(of: "modified") == modified) }
    if let open = expected.open { #expect(run.open == open) }
    for (question, answer) in expected.answers { #expect(run.answer(to: question) == answer, "\(question)") }
  }

  private static func files(of base: Base) throws -> CaseFiles {
    switch base {
    case .webShell: try webShell.get()
    case .flashCrowd: try flashCrowd.get()
    case .quiet: try quiet.get()
    }
  }

  private static let webShell = Result { try CaseFiles("\(Places.shippedCases)/webshell") }
  private static let flashCrowd = Result { try CaseFiles("\(Places.shippedCases)/flash-crowd") }
  private static let quiet = flashCrowd.map { files in
    var files = files
    files.removeNewcomers(since: "04:34:55")
    return files
  }
}

/// A change to the files of a case.
struct Edit: Sendable {
  let apply: @Sendable (inout CaseFiles) -> Void

  init(_ apply: @escaping @Sendable (inout CaseFiles) -> Void) { self.apply = apply }

  /// Several changes as one.
  init(_ edits: [Edit]) {
    apply = { files in for edit in edits { edit.apply(&files) } }
  }
}

extension CaseFiles {
  /// Takes away the requests of all who were not seen before an instant, with what they left elsewhere.
  fileprivate mutating func removeNewcomers(since start: Moment) {
    let client = { (line: Line) in String(line.text.prefix { $0 != " " }) }
    let regulars = Set((access ?? []).filter { $0.time < start }.map(client))
    access?.removeAll { !regulars.contains(client($0)) }
    // The kernel saw a program start within a second of its request.
    let asked = Set(
      (access ?? []).compactMap { line in
        line.text.split(separator: " ").dropFirst(6).first.map { path in
          "\(path.prefix { $0 != "?" }) \(line.time.clock)"
        }
      })
    kernel?.removeAll { event in
      guard event.time >= start, event.text.contains("key=\"shop-exec\""),
        let script = event.text.split(separator: "\"").first(where: { $0.hasPrefix("/srv/shop/htdocs/app/") })
      else { return false }
      let path = script.dropFirst("/srv/shop/htdocs".count)
      return ![event.time, event.time + -1].contains { asked.contains("\(path) \($0.clock)") }
    }
    // The rate goes on as it went before.
    guard var points = series, let first = points.firstIndex(where: { $0.time >= start.epochSeconds }) else { return }
    for index in first..<points.count { points[index].value = points[index % first].value }
    series = points
  }
}
