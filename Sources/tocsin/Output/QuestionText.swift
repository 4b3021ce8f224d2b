import Diagnostics
import RunbookEngine

/// One question with its answers: a line for the answer, a line of evidence; where it was asked of many, a line for
/// each answer that was given.
struct QuestionText {
  let style: Style
  let question: AskedQuestion?
  let answers: [GivenAnswer]

  var lines: [String] {
    if answers.count == 1, let only = answers.first { return single(only) }
    let heading = visible(question?.askOfAll ?? answers.first?.ask ?? "").shortened(to: RunText.evidenceLimit)
    let counts = AnswerCounts(answers).counts
    return [indented(style(heading, .title) + style("  asked of \(answers.count)", .quiet))]
      + counts.flatMap { given in group(answers.filter { $0.answer == given.answer }, given.answer) }
  }

  private func single(_ answer: GivenAnswer) -> [String] {
    let ask = answer.entity == nil && question?.each != nil ? question?.askOfAll ?? answer.ask : answer.ask
    return [mark(answer.answer) + style(visible(ask).shortened(to: RunText.evidenceLimit), .title) + assumption(answer)]
      + evidence(answer).map { indented(style($0, .quiet)) } + findings(answer).map(indented)
  }

  private func group(_ members: [GivenAnswer], _ answer: String) -> [String] {
    let count = String(members.count).padded(to: 5)
    if members.count <= RunText.groupLimit {
      return members.enumerated().flatMap { index, member -> [String] in
        let head = index == 0 ? mark(answer) + count : indented("     ")
        let name = visible(member.entity ?? "(not listed)").shortened(to: 100)
        let because = evidence(member).first.map { style("  \($0)", .quiet) } ?? ""
        return [head + name + assumption(member) + because]
          + findings(member).map { indented("       " + $0) }
      }
    }
    let shown = answer == "no" ? RunText.groupLimit : RunText.shownLimit
    let names = members.prefix(shown).map { visible($0.entity ?? "(not listed)").shortened(to: 60) }
    let rest = members.count - names.count
    let list = names.joined(separator: ", ") + (rest > 0 ? style(" … and \(rest) more", .quiet) : "")
    return [mark(answer) + count + list] + (answer == "unknown" ? reasons(members) : [])
  }

  /// Why many are unknown: usually for the same reason.
  private func reasons(_ members: [GivenAnswer]) -> [String] {
    var found: [(reason: String, count: Int)] = []
    for member in members {
      if let index = found.firstIndex(where: { $0.reason == member.because }) {
        found[index].count += 1
      } else {
        found.append((member.because, 1))
      }
    }
    let shown = found.prefix(3).map { reason in
      indented(
        "     " + style("\(reason.count): \(visible(reason.reason).shortened(to: RunText.evidenceLimit))", .quiet))
    }
    let rest = found.count - shown.count
    return shown + (rest > 0 ? [indented("     " + style("… and \(rest) more reasons", .quiet))] : [])
  }

  private func evidence(_ answer: GivenAnswer) -> [String] {
    answer.because.isEmpty ? [] : [visible(answer.because).shortened(to: RunText.evidenceLimit)]
  }

  /// What was found, unless it is the entity itself.
  private func findings(_ answer: GivenAnswer) -> [String] {
    guard answer.finding != [answer.entity ?? ""] else { return [] }
    let shown = answer.finding.prefix(RunText.shownLimit).map {
      style("· ", .quiet) + visible($0).shortened(to: RunText.evidenceLimit)
    }
    let rest = answer.finding.count - shown.count
    return shown + (rest > 0 ? [style("… and \(rest) more", .quiet)] : [])
  }

  private func assumption(_ answer: GivenAnswer) -> String {
    answer.assumed ? style("  what follows is assumed", .open) : ""
  }

  private func mark(_ answer: String) -> String {
    let text = visible(answer).shortened(to: RunText.answerWidth - 1).padded(to: RunText.answerWidth)
    switch answer {
    case "unknown": return style(text, .open)
    case "no": return style(text, .quiet)
    default: return style(text, .name)
    }
  }

  private func indented(_ text: String) -> String { String(repeating: " ", count: RunText.answerWidth) + text }
}
