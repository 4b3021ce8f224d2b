import ArgumentParser
import CEL
import Diagnostics
import RunbookEngine
import Values

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Try an expression, as the answers of a runbook have them.",
    discussion: """
      Prints the value with its type. What is wrong with the expression is drawn
      with its place, and --explain says which parts decided.

        tocsin eval '[1, 2, 3].filter(n, n > 1)'
        tocsin eval 'ip("192.0.2.7") in cidr("192.0.2.0/24")'
        tocsin eval 'rows.exists(r, r.status == 403)' --data day.json --explain
        tocsin eval -- '-1 + 2'

      --data has a value for each name, as a JSON object: {"rows": [{"status":
      403}]}. Whole numbers are ints, objects maps, lists lists; the types are those
      of the values, and dyn where they differ. The name `now` is the present, or
      --now.

      --types says what the names are, as a runbook's declarations do, so that a
      misspelt field is found before there is any data:

        {"site": "string", "limit": "int", "seen": "list(ip)",
         "alert": {"host": "string", "at": "timestamp"},
         "rows": [{"client": "ip", "status": "int"}]}

      An object is a record with these fields, a list of one record a table. There
      are bool, int, uint, double, string, bytes, timestamp, duration, ip, cidr,
      list(T), map(K, V), optional_type(T), dyn, and "yes | no" for one of some
      texts.

      --format json prints the value in the notation of CEL's public suite:
      {"int64":"1"}, {"list":[…]}; or {"error":{"code","name","message","line",
      "column",…}}, and the other mistakes as "further" in it. With --explain it is
      {"answer":…, "deduced":TYPE, "because":{…}}.

      --batch answers the lines of a file (or of standard input: -), one JSON a
      line, in their order. A line is the expression as a JSON string, or an object:
      {"expr":…, "data":{…}, "types":{…}, "now":…}. "check_only":true asks for the
      type, which comes as {"deduced":"int"}. A line that is none gets an error,
      too; an empty line asks nothing and gets no answer.

      Ends with 1 if the expression is rejected, with 2 if evaluating it fails or a
      file cannot be read; of several lines the highest counts.
      """)

  @Argument(help: ArgumentHelp("The expression.", valueName: "expr"))
  var expression: String?

  @Option(name: .long, help: ArgumentHelp("Values of names, as a JSON object.", valueName: "file"))
  var data: String?

  @Option(name: .long, help: ArgumentHelp("Types of names, as a JSON object.", valueName: "file"))
  var types: String?

  @Option(name: .long, help: ArgumentHelp("Take this for the present.", valueName: "time"))
  var now: String?

  @Flag(name: .long, help: "Say which parts of the expression decided, and for which elements.")
  var explain = false

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  @Option(name: .long, help: ArgumentHelp("Answer the expressions of a file of JSON lines.", valueName: "file"))
  var batch: String?

  /// Most bytes of the data.
  static let dataLimitBytes = 1 << 30

  func validate() throws {
    guard (expression == nil) != (batch == nil) else {
      throw ValidationError("give an expression, or --batch FILE; one that begins with '-' stands behind '--'")
    }
    if batch != nil, explain { throw ValidationError("--explain goes with one expression, not with --batch") }
    if batch == "-", data == "-" || types == "-" { throw ValidationError("standard input can be read for one thing") }
    _ = try Instants.instant(now, "--now")
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let ending: Int32
    do throws(Unusable) {
      ending = try answerAll()
    } catch {
      Reports.remark(error.message)
      ending = Ending.incomplete
    }
    throw ExitCode(ending)
  }

  private func answerAll() throws(Unusable) -> Int32 {
    guard let trial = try trial() else { throw Unusable("nothing was evaluated") }
    guard let batch else { return answer(expression ?? "", in: trial) }
    var answers = EvalBatch(trial)
    try answers.answer(batch)
    return answers.ending
  }

  // MARK: Names

  /// The names there are; `nil` if the types or the data are wrong, which has then been told.
  private func trial() throws(Unusable) -> ExpressionTrial? {
    var trial = ExpressionTrial(now: (try? Instants.instant(now, "--now")) ?? LiveClock().now())
    for (path, what) in [(types, "the types"), (data, "the data")] {
      guard let path else { continue }
      let document = try read(path, as: what)
      do throws(TrialProblem) {
        let json = try JSON(document: document)
        if what == "the types" { try trial.declare(types: json) } else { try trial.bind(data: json) }
      } catch {
        tell(error, in: document)
        return nil
      }
    }
    return trial
  }

  private func read(_ path: String, as what: String) throws(Unusable) -> SourceText {
    guard path == "-" else { return try Documents.load(path, as: what, byteLimit: Self.dataLimitBytes) }
    let bytes = Terminal.readInput(limit: Self.dataLimitBytes)
    guard bytes.count <= Self.dataLimitBytes else {
      throw Unusable("cannot read \(what): at most \(Self.dataLimitBytes) bytes are read")
    }
    return SourceText(name: "standard input", bytes: bytes)
  }

  private func tell(_ problem: TrialProblem, in document: SourceText) {
    let place = SourceLocation(document, SourceRange(problem.offset, problem.offset))
    let diagnostic = problem.diagnostic(at: place)
    Reports.show([diagnostic])
    if format == .json { Reports.printJSON(ExpressionTrial.Answer.error([diagnostic])) }
  }

  // MARK: One expression

  private func answer(_ source: String, in trial: ExpressionTrial) -> Int32 {
    let answer = trial.answer(source)
    Reports.show(trial.warnings(on: source))
    switch format {
    case .json: Reports.printJSON(explain ? explained(answer, in: trial) : answer.json)
    case .text: show(answer, of: source, in: trial)
    }
    return answer.ending
  }

  private func show(_ answer: ExpressionTrial.Answer, of source: String, in trial: ExpressionTrial) {
    let style = Style(coloured: Terminal.Stream.output.isColoured)
    switch answer {
    case .value(let value, let expression):
      Terminal.print("\(ValueText.text(of: value)) \(style(": \(visible(expression.type.description))", .quiet))")
    case .deduced(let expression): Terminal.print(visible(expression.type.description))
    case .rejected(let problems): Reports.show(problems)
    case .failed(let failure, _): Reports.show([ExpressionTrial.diagnostic(failure, in: source)])
    }
    guard explain, let expression = answer.expression else { return }
    for name in expression.references {
      Terminal.print("  \(visible(name.name)) \(style(": \(visible(trial.type(of: name.name).description))", .quiet))")
    }
    var text = ExplanationText(coloured: style.coloured)
    let because = text.text(of: expression.explain(trial))
    if !because.isEmpty { Terminal.print("because\n" + because) }
  }

  private func explained(_ answer: ExpressionTrial.Answer, in trial: ExpressionTrial) -> JSON {
    guard let expression = answer.expression else { return answer.json }
    return .object([
      "answer": answer.json, "deduced": SuiteNotation.json(of: expression.type),
      "because": expression.explain(trial).json,
    ])
  }
}
