import Diagnostics

/// Questions and what answers them: TOC0401 to TOC0409.
extension Rule {
  package static let noQuestions = Rule(
    "TOC0401", "no-questions", .error, "The runbook asks nothing.",
    why: "A runbook is its questions.", fix: "Ask at least one question.",
    bad: .sections("questions: {}"),
    good: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """))

  package static let noAnswer = Rule(
    "TOC0402", "no-answer", .error, "Nothing says how a question is answered.",
    why: "It would always stay unknown.",
    fix: "Give it an `answer`, signs to `weigh`, or a `person` to ask.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          then: {yes: suspicious, no: benign}
      """), mend: ("    then", "    answer: hits.size() > 100\n    then"))

  package static let answerAndWeigh = Rule(
    "TOC0403", "answer-and-weigh", .error, "A question has both an `answer` and signs to weigh.",
    why: "The two may disagree, and nothing says which counts.",
    fix: "Keep one; make the other a sign of its own.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          weigh: [shell]
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """), mend: ("    answer: hits.size() > 100\n", ""))

  package static let missingBranch = Rule(
    "TOC0404", "missing-branch", .error, "`then` does not say what follows an answer.",
    why: "A run that gets this answer would stand still.",
    fix: "Name the question or verdict that follows.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious}
      """), mend: ("{yes: suspicious}", "{yes: suspicious, no: benign}"))

  package static let unknownBranch = Rule(
    "TOC0405", "unknown-branch", .error, "`then` has a way for an answer that is never given.",
    why: "It is misspelt, or left over; the way is never gone.",
    fix: "Write one of the answers that the message names.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign, maybe: suspicious}
      """), mend: (", maybe: suspicious", ""))

  package static let unknownMustBeSaid = Rule(
    "TOC0406", "unknown-must-be-said", .error,
    "Several questions follow, and nothing says which of them an unknown takes.",
    why: "An unknown goes on to the question that follows; where two follow, only the author knows which.",
    fix: "Add `unknown:` to `then`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: shell, no: errors}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
          then: {yes: malicious, no: suspicious}
        errors:
          ask: Did anybody ask for the login?
          answer: hits.exists(h, h.path == "/login")
          then: {yes: suspicious, no: benign}
      """), mend: ("no: errors}", "no: errors, unknown: shell}"))

  package static let cleanVerdictInList = Rule(
    "TOC0407", "clean-verdict-in-list", .error,
    "A verdict that lets the case rest stands beside something that goes on.",
    why: "The case would be closed and open at the same time.",
    fix: "Name only what goes on.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: [shell, benign], no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
          then: {yes: malicious, no: suspicious}
      """), mend: ("[shell, benign]", "shell"))

  package static let signAsTarget = Rule(
    "TOC0408", "sign-as-target", .error, "`then` leads to a question that leads nowhere.",
    why: "A question without `then` is a sign: it is weighed or mentioned, never reached.",
    fix: "Give it a `then`, or weigh it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: shell, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """), mend: ("\"/shell.php\")", "\"/shell.php\")\n    then: {yes: malicious, no: suspicious}"))

  package static let loop = Rule(
    "TOC0409", "loop", .error, "Questions lead back to one that was asked before.",
    why: "A run asks each question once and always ends.",
    fix: "Let the last of them lead to a verdict.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: shell, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
          then: {yes: malicious, no: many, unknown: malicious}
      """), mend: ("no: many", "no: suspicious"))
}
