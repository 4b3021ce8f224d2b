import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Questions that people are asked (language, 2.6).
@Suite struct PeopleTests {
  private static let contacts = "contacts:\n  desk: {email: desk@example.org}\n  boss: {email: boss@example.org}\n"

  /// - Parameter person: The members of `person` beside `who`.
  private func alone(_ person: String = "within: 30m", more: String = "") -> String {
    """
    questions:
      theirs:
        ask: Is it theirs?
        person: {who: desk, \(person)}
        then: {yes: benign, no: suspicious}
    \(more)\(Self.contacts)
    """
  }

  private func withData(_ lines: String = "") -> String {
    """
    questions:
      theirs:
        ask: Is it theirs?
        answer: data.size() > 0
        person: {who: desk, within: 1h, show: [data]}
        then: {yes: benign, no: suspicious}
    \(lines)queries:
    \(query("data", "rows: {x: int}"))\(Self.contacts)
    """
  }

  private let ofEach = """
    questions:
      theirs:
        each: user
        ask: Does ${user} say it was them?
        person: {who: "people[user].boss", within: 30m, note: required}
        then: {yes: benign, no: suspicious}
    entities: {user: logins.user}
    lists:
      people: {file: people.csv, of: {user: string, boss: contact}, key: user}
    queries:
    \(query("logins", "rows: {user: string}"))\(contacts)
    """
  private let people = ["people.csv": "user,boss\nana,desk\nben,boss\ncleo,desk\n"]

  private func answer(
    _ form: AnswerForm, _ rows: (String?, String)..., by: String = "desk", note: String? = nil
  ) -> RunEvent {
    .told(PersonAnswer(form: form.key, rows: rows.map { .init(entity: $0.0, answer: $0.1) }, by: by, note: note))
  }

  /// Answers everything but forms and waits.
  private func settle(_ driver: inout RunDriver, _ effects: [Effect]) {
    var open = effects
    while !open.isEmpty {
      let effect = open.removeFirst()
      if case .wait = effect { continue }
      if let event = driver.answer(to: effect) { open += driver.apply(event) }
    }
  }

  private func started(
    _ yaml: String, _ given: [String: Given] = [:], waits: Bool = true, files: [String: String] = [:]
  ) throws -> RunDriver {
    var driver = try RunDriver(yaml, given, now: "10:00:00", waits: waits, files: files)
    settle(&driver, driver.begin())
    return driver
  }

  @Test func `somebody is asked, called, and waited for`() throws {
    var driver = try started(alone())
    let form = try #require(driver.forms.first)
    #expect(form.contact == "desk" && form.choices == ["yes", "no"] && form.rows.map(\.ask) == ["Is it theirs?"])
    #expect(form.until == (try RunDriver.instant("10:30:00")))
    #expect(driver.notices.map(\.contact) == ["desk"])
    #expect(driver.outcome == nil)
    settle(&driver, driver.apply(answer(form, (nil, "yes"), by: "dora", note: "I called her")))
    #expect(driver.outcome?.verdict == "benign")
    #expect(driver.outcome?.answer("theirs")?.because == "dora answered yes: I called her")
  }

  @Test func `whoever does not answer in time leaves the question open`() throws {
    var driver = try started(alone())
    let form = try #require(driver.forms.first)
    settle(&driver, driver.apply(.waited(until: form.until)))
    #expect(driver.outcome?.verdict == "undetermined")
    #expect(driver.outcome?.open == ["theirs"])
    #expect(
      driver.outcome?.answer("theirs")?.because == "desk did not answer until 2026-03-02T10:30:00Z")
    #expect(driver.apply(answer(form, (nil, "yes"))).isEmpty)
  }

  @Test(arguments: [(Given.rows("x\n1"), "yes"), (.none, "no")])
  func `nobody is asked what the data tell`(_ given: Given, _ expected: String) throws {
    let driver = try started(withData(), ["data": given])
    #expect(driver.forms.isEmpty && driver.notices.isEmpty)
    #expect(driver.outcome?.answer("theirs")?.answer == expected)
  }

  @Test func `where the data do not tell, people are shown what there is`() throws {
    var driver = try started(withData(), ["data": .unavailable("it is down")])
    let form = try #require(driver.forms.first)
    #expect(form.lines == ["data: unknown, 'data' has no answer: it is down"])
    settle(&driver, driver.apply(.waited(until: form.until)))
    #expect(
      driver.outcome?.answer("theirs")?.because
        == "'data' has no answer: it is down; desk did not answer until 2026-03-02T11:00:00Z")
  }

  @Test func `each contact gets one form with a row for each they are asked about`() throws {
    var driver = try started(ofEach, ["logins": .rows("user\nana\nben\ncleo\ndan")], files: people)
    let forms = driver.forms
    #expect(forms.map(\.contact) == ["desk", "boss"])
    #expect(forms.map { $0.rows.compactMap(\.entity) } == [["ana", "cleo"], ["ben"]])
    #expect(
      forms[0].fault(in: PersonAnswer(form: forms[0].key, rows: [.init(entity: "ana", answer: "yes")], by: "d")) != nil)
    settle(&driver, driver.apply(answer(forms[0], ("ana", "yes"), note: "ok")))
    settle(&driver, driver.apply(answer(forms[1], ("ben", "no"), by: "boss", note: "never")))
    #expect(driver.outcome == nil, "cleo is still waited for")
    settle(&driver, driver.apply(answer(forms[0], ("cleo", "no"), ("ana", "no"), note: "hm")))
    #expect(
      driver.outcome?.said == ["theirs ana: yes", "theirs ben: no", "theirs cleo: no", "theirs dan: unknown"])
    #expect(driver.outcome?.answer("theirs", "dan")?.because.hasPrefix("whom to ask is unknown") == true)
  }

  @Test func `answers that nobody asked for count for nothing`() throws {
    var driver = try started(alone())
    let form = try #require(driver.forms.first)
    let other = AnswerForm(
      key: "run-1/theirs/boss/1", question: "theirs", contact: "boss", rows: [], choices: [], needsNote: false,
      file: nil, lines: [], until: form.until)
    #expect(driver.apply(answer(other, (nil, "yes"))).isEmpty)
    settle(&driver, driver.apply(answer(form, (nil, "perhaps"), ("ana", "yes"))))
    #expect(driver.outcome == nil)
  }

  @Test func `a run that waits for nothing asks nobody`() throws {
    let driver = try started(alone(), waits: false)
    #expect(driver.forms.isEmpty)
    #expect(
      driver.outcome?.answer("theirs")?.because == "nobody is asked, because the run waits for nothing")
  }

  @Test func `people are asked no more often than the runbook allows, and not beyond its time`() throws {
    let driver = try started(
      ofEach + "limits: {people: 1, time: 10m}\n", ["logins": .rows("user\nana\nben")], files: people)
    #expect(driver.forms.map(\.contact) == ["desk"])
    #expect(driver.forms.first?.until == (try RunDriver.instant("10:10:00")))
    #expect(driver.notices.count == 1)
  }

  @Test func `a sign that a person answers decides what weighs it`() throws {
    let yaml = """
      questions:
        bad:
          ask: Is it bad?
          weigh: {theirs: 1, strange: 1}
          at_least: 2
          then: {yes: suspicious, no: benign}
        theirs:
          ask: Did a stranger do it?
          person: {who: desk, within: 30m}
        strange:
          ask: Is it strange?
          answer: data.size() > 0
      queries:
      \(query("data", "rows: {x: int}"))\(Self.contacts)
      """
    var driver = try started(yaml, ["data": .rows("x\n1")])
    #expect(driver.outcome == nil)
    settle(&driver, driver.apply(answer(try #require(driver.forms.first), (nil, "yes"))))
    #expect(driver.outcome?.said == ["bad: yes", "theirs: yes", "strange: yes"])
  }

  @Test func `forms and answers are the same when they are read from their records`() throws {
    let driver = try started(ofEach, ["logins": .rows("user\nana\ncleo")], files: people)
    let form = try #require(driver.forms.first)
    let record = try #require(driver.records.first { $0.type == "person.asked" })
    let read = try AnswerForm(recordedIn: RecordBody(record.body))
    #expect(Effect.ask(read).journalEntries.map(\.body.canonicalText) == [record.body.canonicalText])
    #expect(read.until == form.until && read.rows.compactMap(\.entity) == ["ana", "cleo"] && read.needsNote)
    let event = answer(form, ("ana", "yes"), note: "ok")
    let entry = event.journalEntry()
    #expect(entry.actor == "desk")
    let again = try RunEvent(recordedAs: entry.type, entry.body) { _ throws(RecordProblem) in
      throw RecordProblem("", "is not here")
    }
    #expect(again?.journalEntry().body.canonicalText == entry.body.canonicalText)
  }
}
