package import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// Names: TOC02xx.
extension Diagnostic {
  static func duplicateName(
    _ name: String, _ kind: DeclarationKind, first: SourceLocation, firstKind: DeclarationKind,
    at location: SourceLocation
  ) -> Diagnostic {
    let other = kind == firstKind ? "another \(firstKind.rawValue)" : "the \(firstKind.rawValue)"
    return Diagnostic(
      .duplicateName,
      "the \(kind.rawValue) '\(name)' has the name of \(other); in one runbook a name means one thing", at: location,
      notes: [.init("the \(firstKind.rawValue) '\(name)' stands here", at: first)])
  }

  static func reservedName(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .reservedName, "'\(name)' has a meaning of its own and cannot be an id", at: location)
  }

  /// - Parameter meant: Where the name that is written alike is declared.
  static func unknownName(
    _ name: String, _ what: String, known: [String], meant: SourceLocation? = nil, at location: SourceLocation
  ) -> Diagnostic {
    let declared = known.isEmpty ? "none is declared" : "declared here: \(quotedList(known))"
    var diagnostic = Diagnostic(
      .unknownName, "unknown \(what) '\(name.prefix(60))'; \(declared)", at: location)
    if let near = nearestName(to: name, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
      if let meant { diagnostic.notes.append(.init("'\(near)' stands here", at: meant)) }
    }
    return diagnostic
  }

  /// - Parameter location: Of all the columns.
  static func noHistoryColumn(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    let near = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return Diagnostic(
      .unknownName, "cases have no column '\(name.prefix(60))'; they have \(quotedList(known, limit: 10))\(near)",
      at: location)
  }

  static func unused(_ kind: String, _ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.unused, "nothing uses the \(kind) '\(name)'", at: location)
  }

  /// - Parameter origin: Where the first of them says what it rests on, if that is another place.
  static func circular(
    _ names: [String], origin: SourceLocation? = nil, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .circular, "these names rest on each other in a circle: \(wayRound(names))",
      at: location, notes: origin.map { [.init("'\(names.first ?? "")' rests on what stands here", at: $0)] } ?? [])
  }

  static func tooHigh(_ name: String, height: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .tooHigh,
      "under '\(name)' \(height) names stand one upon another; at most \(limit) may", at: location)
  }

  package static func repeatedRunbook(
    _ id: String, first: SourceLocation, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .repeatedRunbook, "another runbook is called '\(id)' as well; trails and hand-overs cannot tell them apart",
      at: location, notes: [.init("the first stands here", at: first)])
  }

  static func changedBuiltIn(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .builtInSeverity,
      "the severity of the built-in verdict '\(name)' cannot be changed; give the verdict a name of its own",
      at: location)
  }
}

/// Names one after the other, a long way shortened in its middle.
func wayRound(_ names: [String]) -> String {
  let shown = names.count <= 9 ? names : names.prefix(6) + ["… (\(names.count - 8) more)"] + names.suffix(2)
  return shown.joined(separator: " → ")
}
