import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import Investigation
import Notifiers
import RunbookEngine
import RunbookPorts
import Values

struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer what a run asks a person.",
    discussion: """
      A question with `person` is put to somebody where the data do not tell. The
      run waits for the answer until its time is over; what is not answered then is
      unknown.

        tocsin answer --trail trail                            what is asked, of whom
        tocsin answer RUN recognised --trail trail       one question, and what helps
        tocsin answer RUN recognised yes --trail trail --note "I was in Oslo"
        tocsin answer RUN recognised ana=yes ben=no --trail trail

      One answer stands for all whom the question is about, or each is named. The
      trail records who answered what: the name (--by), which is taken at its
      word, and the user of the machine whose file the answer is. Whoever can
      write to the trail's folder can answer. A run that waits takes the answer
      in at once, one that was broken off when `tocsin resume` takes it up.

      Ends with 2 if the answer does not count, or nothing like it is asked.
      """)

  @Argument(help: ArgumentHelp("The run's name, or the beginning of it.", valueName: "run"))
  var name: String?

  @Argument(help: ArgumentHelp("The question's id.", valueName: "question"))
  var question: String?

  @Argument(help: ArgumentHelp("The answer, or entity=answer for each.", valueName: "answer"))
  var answers: [String] = []

  @Option(name: .long, help: ArgumentHelp("Who answers; the user's name unless it is given.", valueName: "name"))
  var by: String?

  @Option(name: .long, help: ArgumentHelp("Why, in words.", valueName: "text"))
  var note: String?

  @Option(name: .long, help: ArgumentHelp("A file that the question asks for; kept as evidence.", valueName: "path"))
  var file: String?

  @Option(
    name: .long, help: ArgumentHelp("Of several who are asked the same, the one who answers.", valueName: "contact"))
  var contact: String?

  @OptionGroup var options: TrailOptions

  func run() throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      let open = try openForms()
      guard !answers.isEmpty else { return show(open) }
      try leave(open)
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }

  // MARK: What is asked

  private func openForms() throws(Unusable) -> [OpenForm] {
    let reader = TrailReader(folder: options.trail)
    do throws(TrailReadError) {
      var found: [OpenForm] = []
      for summary in try reader.runs().runs where summary.status != .closed {
        guard name.map({ summary.run.hasPrefix($0) }) ?? true else { continue }
        found += OpenForm.all(in: try RecordedRun(summary.run, from: reader))
      }
      let now = LiveClock().now()
      return found.filter { open in
        open.form.until > now && (question.map { $0 == open.form.question } ?? true)
          && (contact.map { $0 == open.form.contact } ?? true)
      }
    } catch { throw Unusable(error.message) }
  }

  private func show(_ open: [OpenForm]) {
    if options.format == .json { return open.forEach { Reports.printJSON($0.json) } }
    guard !open.isEmpty else { return Reports.remark("nobody is asked anything") }
    for open in open {
      let title = visible(open.title.isEmpty ? open.runbook : open.title)
      var lines = [
        "\(visible(open.run))  \(title)", "  \(open.form.contact), until \(open.form.until.shortDescription)",
      ]
      lines += open.rows.map { "  \(open.form.question): \(visible($0.ask))" }
      if question != nil { lines += open.form.lines.map { "    \(visible($0))" } }
      let needs = [open.form.needsNote ? "--note is needed" : nil, open.form.file.map { "--file: \(visible($0))" }]
      lines.append(
        "  answers: " + ([open.form.choices.joined(separator: ", ")] + needs.compactMap(\.self)).joined(separator: "; ")
      )
      Terminal.print(lines.joined(separator: "\n"))
    }
  }

  // MARK: What is answered

  private func leave(_ open: [OpenForm]) throws(Unusable) {
    // An entity that only one of several forms is about names the form.
    let named = open.filter { $0.isNamed(in: answers) }
    let open = named.isEmpty ? open : named
    guard let form = open.first else {
      throw Unusable("'\(question ?? "")' is not asked by any open run that begins with '\(name ?? "")'")
    }
    guard open.count == 1 else {
      let whom = open.map { "\($0.form.contact) of run \($0.run)" }.joined(separator: ", ")
      let isOneRun = open.allSatisfy { $0.run == form.run }
      throw Unusable(
        "it is asked several times (\(whom)); \(isOneRun ? "" : "write the whole name of the run, or ")name one by --contact"
      )
    }
    let bytes = try handedIn(form)
    let answer = try answer(to: form)
    // Names in the order of time; a fraction of a second has nine digits.
    let stamp = LiveClock().now().description.filter(\.isNumber)
    let chance = Wiring.randomBytes(4).map { String($0) }.joined()
    do throws(FileProblem) {
      try Wiring.desk(TrailLayout(folder: options.trail)).leave(answer, file: bytes, named: "\(stamp)-\(chance)")
    } catch { throw Unusable("the answer cannot be kept: \(error.message)") }
    Reports.remark("answered; the run takes it in within a second, or when 'tocsin resume' takes it up")
  }

  private func answer(to form: OpenForm) throws(Unusable) -> PersonAnswer {
    let caller = Wiring.variable("USER").flatMap { $0.isEmpty ? nil : $0 } ?? Wiring.userName
    let name = by ?? caller
    guard !name.isEmpty else { throw Unusable("say who answers, with --by") }
    do throws(AnswerProblem) { return try form.answer(answers, by: name, note: note) } catch {
      throw Unusable(error.message)
    }
  }

  private func handedIn(_ form: OpenForm) throws(Unusable) -> [UInt8]? {
    guard let file else { return nil }
    guard form.form.file != nil else { throw Unusable("'\(form.form.question)' asks for no file") }
    do throws(FileProblem) { return try WholeFile.read(file, limitBytes: AnswerBox.fileLimitBytes) } catch {
      throw Unusable("the file cannot be read: \(error.message)")
    }
  }
}
