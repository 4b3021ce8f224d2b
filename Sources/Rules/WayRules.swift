import Diagnostics

/// The ways through a runbook: TOC0410 to TOC0421.
extension Rule {
  package static let unreachable = Rule(
    "TOC0410", "unreachable", .warning, "No answer leads to a question, and nothing weighs or mentions it.",
    why: "It is never asked.", fix: "Lead to it from another question, weigh it, or remove it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
          then: {yes: malicious, no: suspicious}
      """), mend: ("{yes: suspicious, no: benign}", "{yes: shell, no: benign}"))

  package static let betweenEntities = Rule(
    "TOC0411", "between-entities", .error,
    "A question about each of one thing leads to a question about each of another.",
    why: "Nothing says which user follows from which source.",
    fix: "Go by a question about the run, or ask both of the same thing.",
    bad: .sections(
      """
      questions:
        often:
          each: source
          ask: Did ${source} ask often?
          answer: hits.filter(h, h.client == source).size() > 100
          then: {yes: hidden, no: benign}
        hidden:
          each: page
          ask: Is ${page} hidden?
          answer: page.startsWith("/admin")
          then: {yes: malicious, no: suspicious}
      entities:
        source: hits.client
        page: hits.path
      """), mend: ("yes: hidden", "yes: suspicious"))

  package static let weighsOtherEntity = Rule(
    "TOC0412", "weighs-other-entity", .error, "A question weighs a sign that is about something else.",
    why: "Nothing says which of the sign's answers counts.",
    fix: "Ask both of the same thing.",
    bad: .sections(
      """
      questions:
        often:
          each: source
          ask: Do the signs speak against ${source}?
          weigh: [hidden]
          then: {yes: malicious, no: benign}
        hidden:
          each: page
          ask: Is ${page} hidden?
          answer: page.startsWith("/admin")
      entities:
        source: hits.client
        page: hits.path
      """),
    good: .sections(
      """
      questions:
        often:
          each: source
          ask: Do the signs speak against ${source}?
          weigh: [hidden]
          then: {yes: malicious, no: benign}
        hidden:
          each: source
          ask: Did ${source} ask for a hidden page?
          answer: hits.exists(h, h.client == source && h.path.startsWith("/admin"))
      entities:
        source: hits.client
      """))

  package static let weighsChoice = Rule(
    "TOC0413", "weighs-choice", .error, "A sign that is weighed has other answers than yes and no.",
    why: "Only a yes adds its weight.", fix: "Weigh a question that compares the choice with one of its labels.",
    bad: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: [kind]
          then: {yes: suspicious, no: benign}
        kind:
          ask: Which kind of request is it?
          answer:
            shell: hits.exists(h, h.path == "/shell.php")
            login: hits.exists(h, h.path == "/login")
      """),
    good: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: [shell]
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """))

  package static let neverReaches = Rule(
    "TOC0414", "never-reaches", .warning, "The signs of a question can never weigh enough.",
    why: "Its answer is always no, whatever the data say.",
    fix: "Lower `at_least`, or weigh more signs.",
    bad: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: {shell: 1}
          at_least: 3
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """), mend: ("at_least: 3", "at_least: 1"))

  package static let cleanVerdict = Rule(
    "TOC0415", "clean-verdict", .note, "An unknown on the way to a clean verdict turns it to `undetermined`.",
    why: "An open question cannot close a case; this says where people will have to look when data are missing.",
    fix: "Nothing, or `optional: true` on a question whose unknown does not matter.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """), mend: ("    then", "    optional: true\n    then"))

  package static let severityOpen = Rule(
    "TOC0416", "severity-open", .warning, "It may be that no case of a severity holds.",
    why: "Then the last one counts, which is rarely meant.",
    fix: "End the cases with one that is `true`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: flooded, no: benign}
      verdicts:
        flooded:
          severity: {high: hits.size() > 10000, medium: hits.size() > 1000}
          means: Many requests.
      """), mend: ("hits.size() > 1000}", "\"true\"}"))

  package static let noWayIn = Rule(
    "TOC0417", "no-way-in", .error, "Every question is a sign, so none is asked first.",
    why: "A run begins with the first question that has a `then`.",
    fix: "Give the first question a `then`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
      """), mend: ("> 100", "> 100\n    then: {yes: suspicious, no: benign}"))

  package static let alwaysReaches = Rule(
    "TOC0418", "always-reaches", .warning, "The signs of a question always weigh enough.",
    why: "Its answer is always yes, whatever the data say.",
    fix: "Raise `at_least`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: {shell: 1}
          at_least: 0
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """), mend: ("at_least: 0", "at_least: 1"))

  package static let namedTwice = Rule(
    "TOC0419", "named-twice", .error, "A list names the same thing twice.",
    why: "The second is mostly meant to be another.", fix: "Name it once.",
    bad: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: [shell, shell]
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
      """), mend: ("[shell, shell]", "[shell]"))

  package static let nothingFollows = Rule(
    "TOC0420", "nothing-follows", .error, "An answer has an empty list of what follows.",
    why: "A run that gets this answer would stand still.", fix: "Name a question or a verdict.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: []}
      """), mend: ("[]", "benign"))

  package static let standingLabel = Rule(
    "TOC0421", "standing-label", .error, "A case is named like an answer that every choice has.",
    why: "`none` is the answer when no case holds, `unknown` when it cannot be told.",
    fix: "Give the case another name, or remove it.",
    bad: .sections(
      """
      questions:
        kind:
          ask: Which kind of request is it?
          answer:
            shell: hits.exists(h, h.path == "/shell.php")
            none: hits.size() == 0
          then: {shell: malicious, none: benign}
      """), mend: ("      none: hits.size() == 0\n", ""))
}
