import CEL
import Diagnostics
import Values

/// Why an expression gave what it gave, part by part, each below what it decided.
struct ExplanationText {
  /// Longest value that is shown within the tree, in code points.
  static let valueLimit = 80
  /// Deepest level that is shown.
  static let levelLimit = 12

  private let style: Style
  private var lines: [String] = []

  init(coloured: Bool) {
    style = Style(coloured: coloured)
  }

  /// - Returns: A text of several lines; empty where nothing but the whole decided.
  mutating func text(of explanation: Explanation) -> String {
    lines = []
    addParts(of: explanation, level: 1)
    return lines.joined(separator: "\n")
  }

  private mutating func addParts(of explanation: Explanation, level: Int) {
    guard level <= Self.levelLimit else { return add("…", level) }
    for reason in explanation.reasons where !Self.isHolder(reason, of: explanation) {
      add("\(Self.oneLine(reason.text)) \(outcome(reason.outcome))", level)
      addParts(of: reason, level: level + 1)
    }
    if let elements = explanation.elements { add(elements, level) }
  }

  private mutating func add(_ elements: ElementFindings, _ level: Int) {
    let kinds = [
      ("it holds for", elements.matchedCount, elements.matched),
      ("it does not hold for", elements.rejectedCount, elements.rejected),
      ("it is open for", elements.undecidedCount, elements.undecided),
    ]
    for (what, count, findings) in kinds where count > 0 {
      let shown = findings.map { "[\($0.index)] \(Self.value($0.element))" }
      let rest = count > findings.count ? " …" : ""
      add("\(what) \(count) element\(count == 1 ? "" : "s"): \(shown.joined(separator: ", "))\(rest)", level)
      if let reason = findings.first?.reason {
        add("\(Self.oneLine(reason.text)) \(outcome(reason.outcome))", level + 1)
        addParts(of: reason, level: level + 2)
      }
    }
    if !elements.isComplete { add("not all elements were looked at", level) }
  }

  /// Whether a part is nothing but what the other is selected from, as `a.labels` of `a.labels.site`.
  private static func isHolder(_ part: Explanation, of whole: Explanation) -> Bool {
    guard case .value = whole.outcome, whole.text.utf8.starts(with: part.text.utf8) else { return false }
    let isPath = whole.text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || (48...57).contains(byte)
        || (97...122).contains(byte | 0x20)
    }
    return isPath && whole.text.utf8.count > part.text.utf8.count
  }

  private mutating func add(_ text: String, _ level: Int) {
    lines.append(String(repeating: "  ", count: level) + text)
  }

  private func outcome(_ outcome: Evaluation) -> String {
    switch outcome {
    case .value(let value): style("is", .quiet) + " " + Self.value(value)
    case .failure(let failure):
      style(failure.kind == .unknown ? "is unknown:" : "fails:", .open) + " " + visible(failure.description)
    }
  }

  private static func value(_ value: Value) -> String { ValueText.text(of: value).shortened(to: valueLimit) }

  /// Line breaks and the blanks around them become one space.
  private static func oneLine(_ text: String) -> String {
    visible(text.split(whereSeparator: \.isWhitespace).joined(separator: " ")).shortened(to: valueLimit)
  }
}

extension Explanation {
  /// The tree for machines: `text`, `value` or `error`, `reasons`, and for macros `elements`.
  var json: JSON {
    var members: [JSON.Member] = [.init("text", .string(text))]
    switch outcome {
    case .value(let value): members.append(.init("value", SuiteNotation.json(of: value)))
    case .failure(let failure): members.append(.init("error", .string(failure.description)))
    }
    if !reasons.isEmpty { members.append(.init("reasons", .array(reasons.map(\.json)))) }
    if let elements { members.append(.init("elements", elements.json)) }
    return .object(members)
  }
}

extension ElementFindings {
  fileprivate var json: JSON {
    func kind(_ count: Int, _ findings: [Finding]) -> JSON {
      .object([
        "count": .integer(Int64(count)),
        "first": .array(
          findings.map {
            .object([
              "index": .integer(Int64($0.index)), "element": SuiteNotation.json(of: $0.element),
              "reason": $0.reason?.json,
            ])
          }),
      ])
    }
    return .object([
      "matched": kind(matchedCount, matched), "rejected": kind(rejectedCount, rejected),
      "undecided": kind(undecidedCount, undecided), "complete": .bool(isComplete),
    ])
  }
}
