import Diagnostics
package import Values

/// A question as the run's records describe it.
package struct AskedQuestion {
  package let id: String
  package let ask: String
  /// The entity's name, where it is asked of each.
  package let each: String?
  package let isSign: Bool

  /// - Parameter fields: What the run's fields hold, for the places of the question that name them.
  package init?(_ json: JSON, fields: [String: String] = [:]) {
    guard let id = json["id"]?.text else { return nil }
    self.id = id
    ask = Self.fill(json["ask"]?.text ?? id, with: fields)
    each = json["each"]?.text
    if case .bool(true)? = json["sign"] { isSign = true } else { isSign = false }
  }

  /// The question about all of them.
  package var askOfAll: String {
    guard let each else { return ask }
    return Self.fill(ask, with: [each: "each \(each)"])
  }

  /// The text with what is known of the names in its `${…}`; the others stay as they were written.
  private static func fill(_ ask: String, with values: [String: String]) -> String {
    var text = ""
    var rest = Substring(ask)
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      let hole = start.lowerBound..<rest.index(after: end)
      text += rest[..<start.lowerBound] + (values[String(rest[start.upperBound..<end])] ?? String(rest[hole]))
      rest = rest[hole.upperBound...]
    }
    return text + rest
  }
}

/// An answer as a record has it.
package struct GivenAnswer {
  package let entity: String?
  package let ask: String
  package let answer: String
  package var finding: [String]
  package let because: String
  package let assumed: Bool
  package let isContinued: Bool

  package init(_ json: JSON) {
    entity = json["entity"]?.text
    ask = json["ask"]?.text ?? ""
    answer = json["answer"]?.text ?? "unknown"
    finding = (json["finding"]?.elements ?? []).compactMap(\.text)
    because = json["because"]?.text ?? ""
    if case .bool(true)? = json["assumed"] { assumed = true } else { assumed = false }
    if case .bool(true)? = json["continued"] { isContinued = true } else { isContinued = false }
  }
}

/// How often each answer was given.
package struct AnswerCounts {
  /// `yes` first, then other labels as they come, then `no`, and `unknown` last.
  package let counts: [(answer: String, count: Int)]

  package init(_ answers: [GivenAnswer]) {
    var found: [(answer: String, count: Int)] = []
    for answer in answers {
      if let index = found.firstIndex(where: { $0.answer == answer.answer }) {
        found[index].count += 1
      } else {
        found.append((answer.answer, 1))
      }
    }
    func rank(_ answer: String) -> Int {
      switch answer {
      case "yes": 0
      case "no": 2
      case "unknown": 3
      default: 1
      }
    }
    counts = found.enumerated().sorted {
      (rank($0.element.answer), $0.offset) < (rank($1.element.answer), $1.offset)
    }.map(\.element)
  }

  package var isAllNo: Bool { counts.allSatisfy { $0.answer == "no" } }

  package var text: String {
    if counts.count == 1, let only = counts.first, only.count == 1 { return visible(only.answer) }
    return counts.map { "\(visible($0.answer)) \($0.count)" }.joined(separator: ", ")
  }
}

extension Substring {
  /// The first place of a text, by bytes.
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].utf8.starts(with: text.utf8) {
        return start..<utf8.index(start, offsetBy: text.utf8.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
