import Diagnostics
import Investigation
import RunbookLanguage

/// What the bodies of a trail's records have, by their types. Writers add members, and readers take bodies with members
/// that they do not know: only what every record of a type has is demanded.
struct TrailRecordBody {
  typealias Key = Shape.Key

  let type: String
  /// What it says that has happened.
  let about: String
  let form: Form

  private init(_ type: String, _ about: String, _ keys: [Key], rules: [Shape.Rule] = []) {
    self.type = type
    self.about = about
    let whole = Shape("a record \(type)", keys, rules: rules, others: .anything)
    // Only records of a run can outgrow a record.
    form = Self.ofLog.contains(type) ? .mapping(whole) : .any([.mapping(whole), .mapping(Self.excerpt)])
  }

  private static let ofLog: Set = [
    "evidence.erased", "log.continued", "log.full", "log.key", "log.recovered", "log.retained",
  ]

  static let all = run + queries + people + judgements + exports + notices + log

  // MARK: Parts

  private static let digest = Form.matching("^sha256:[0-9a-f]{64}$")
  private static let instant = Form.matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z$")
  private static let count = Form.integer(0...Int.max)
  private static let texts = Form.list(.text)
  private static let object = Form.keyed(.anything)

  private static func orNothing(_ form: Form) -> Form { .any([form, .nothing]) }

  private static let evidence = Shape(
    "a piece of evidence",
    [
      Key("digest", digest, required: true, "Of its salt and its bytes."),
      Key("length", count, required: true, "In bytes."),
      Key("media_type", .text, required: true, "What the bytes are."),
      Key("not_kept", .text, "Why it was not kept, where it was not."),
    ])

  private static let excerpt = Shape(
    "what a record holds of a body that is too large for it",
    [Key("whole", .mapping(evidence), required: true, "The body as evidence.")], others: .anything)

  private static let window = Shape(
    "a span of time",
    [
      Key("from", instant, required: true, "Its first instant."),
      Key("to", instant, required: true, "The instant behind its last."),
    ])

  private static let answer = Shape(
    "an answer",
    [
      Key("question", .text, required: true, "The question's id."),
      Key("entity", orNothing(.text), required: true, "What it was asked of, if of each."),
      Key("ask", .text, required: true, "The question as it was put."),
      Key("answer", .text, required: true, "`yes`, `no`, `unknown`, or a choice."),
      Key("finding", texts, required: true, "What was found."),
      Key("because", .text, required: true, "What the answer rests on."),
      Key("assumed", .bool, required: true, "Whether it is no evidence but what was assumed of people."),
      Key("continued", .bool, "Whether it goes on with findings of the one before."),
    ])

  private static let completeness = Shape(
    "how complete an answer is",
    [
      Key("state", .choice(["complete", "truncated", "partial"]), required: true, "In one word."),
      Key("reason", .text, "What is missing, and why."),
    ])

  private static let query = Key("query", .text, required: true, "The query's id.")
  private static let asked = Key("window", orNothing(.mapping(window)), "The span of time that it asks about.")
  private static let export = Key("export", .text, required: true, "The export's id.")
  private static let reason = Key("reason", .text, required: true, "Why, as a part of a sentence.")
  private static let severity = Key("severity", .choice(Severity.allCases.map(\.rawValue)), required: true, "How bad.")
  private static let verdict = Key("verdict", .text, required: true, "The verdict's id.")

  // MARK: Types

  private static let run = [
    Self(
      "run.started", "A run has begun.",
      [
        Key("run", .text, required: true, "Its name."), Key("runbook", .text, required: true, "The runbook's id."),
        Key("version", orNothing(.text), "The runbook's version."),
        Key("at", instant, required: true, "The alert's instant."),
        Key("now", instant, required: true, "The instant that the run takes for now."),
        Key("fields", object, required: true, "What it was given, by the fields' ids."),
        Key("sources", object, required: true, "What reads each source."),
        Key("thresholds", object, required: true, "Those in force."),
        Key("overridden", texts, "Thresholds that are not the runbook's."),
        Key("documents", .list(object), "What the run rests on; the runbook first."),
        Key("scripts", .keyed(digest), "The digests of scripts, by their exports."),
        Key("input", .anything, "The alert and the fields, whole, or the evidence that holds them."),
      ]),
    Self(
      "runbook.questions", "What the runbook asks.",
      [Key("questions", .list(object), required: true, "The questions, in their order.")]),
    Self(
      "run.resumed", "A run that was broken off goes on.",
      [Key("after", count, required: true, "The number of the last record before.")]),
    Self("run.interrupted", "The run was told to stop, or could not go on.", [reason]),
    Self(
      "run.concluded", "What came of the run, whole.",
      [
        Key("started", instant, required: true, "When it began."),
        Key("finished", instant, required: true, "When it ended."), Key("outcome", object, "The outcome."),
        Key("evidence", .mapping(evidence), "The outcome, where it is too large for a record."),
      ], rules: [.exactlyOne(["outcome", "evidence"])]),
    Self(
      "run.closed", "The run's last record.",
      [
        verdict, severity, Key("open", texts, required: true, "Questions that stayed open."),
        Key("entities", object, required: true, "How many of each kind came up."),
        Key("outcome", digest, required: true, "Of the whole outcome."),
        Key("records", .integer(1...Int.max), required: true, "How many the run has, with this one."),
        Key("verdict_hash", digest, required: true, "Of the body without `records` and this."),
      ]),
  ]

  private static let queries = [
    Self(
      "query.intended", "A query is about to be put.",
      [
        query, asked, Key("attempt", .integer(1...Int.max), required: true, "Counts from 1."),
        Key("performer", .text, required: true, "What puts it: an adapter, `results` or `cases`."),
        Key("language", .text, required: true, "Its language."), Key("languages", texts, "Those it is written in."),
        Key("text", .anything, required: true, "As it is written, with its places for values."),
        Key("parameters", object, required: true, "The values, by their names."),
        Key("row_limit", count, "Most rows of an answer."), Key("source", .text, "The source that is asked."),
        Key("results", texts, "The answers that are joined."), Key("cases", .bool, "Whether it asks for earlier runs."),
      ], rules: [.exactlyOne(["source", "results", "cases"])]),
    Self(
      "query.answered", "A query was answered.",
      [
        query, asked, Key("completeness", .mapping(completeness), required: true, "How complete the answer is."),
        Key("monotone", .bool, required: true, "Whether more data could only add rows."),
        Key("statistics", object, required: true, "What was read for it."), Key("rows", count, "How many there are."),
        Key("points", count, "How many the series have."), Key("result", .anything, "The rows, or the series."),
        Key("evidence", .mapping(evidence), "The same, where it is too large for a record."),
        Key("extent", orNothing(object), "From when to when the source has something."),
        Key("milliseconds", count, "How long it took."), Key("warnings", texts, "What the adapter remarks."),
      ], rules: [.exactlyOne(["rows", "points"]), .exactlyOne(["result", "evidence"])]),
    Self("query.failed", "A query has no answer.", [query, asked, reason]),
    Self("query.retried", "A query is put once more.", [query, asked, reason]),
    Self(
      "query.judged", "An answer is less than it seems.",
      [query, reason, Key("is", .choice(["incomplete", "unusable"]), required: true, "What it is.")]),
    Self("window.replaced", "A query was put for another span of time than it asks about.", [query, reason]),
    Self("wait.begun", "The run waits.", [Key("until", instant, required: true, "For this instant.")]),
    Self("wait.ended", "The run goes on.", [Key("until", instant, required: true, "The instant that has come.")]),
  ]

  private static let people = [
    Self(
      "person.asked", "Somebody is asked.",
      [
        Key("form", .text, required: true, "Names the form."),
        Key("question", .text, required: true, "The question's id."),
        Key("contact", .text, required: true, "Who is asked."),
        Key("rows", .list(object), required: true, "What is asked, of each of whom."),
        Key("choices", texts, required: true, "The answers there are."),
        Key("until", instant, required: true, "The deadline."), Key("note", .bool, "Whether a note is wanted."),
        Key("file", orNothing(.text), "The file that is wanted."), Key("lines", texts, "What is said besides."),
      ]),
    Self(
      "person.answered", "Somebody has answered.",
      [
        Key("form", .text, required: true, "The form that it answers."),
        Key("answers", .list(object), required: true, "The answer to each row."),
        Key("by", .text, required: true, "Who, as they say."), Key("user", .integer(0...Int.max), "The user's number."),
        Key("note", orNothing(.text), "What they add."),
        Key("file", orNothing(.mapping(evidence)), "The file that they left."),
      ]),
  ]

  private static let judgements = [
    Self(
      "question.answered", "A question has its answers, or some of them.",
      [
        Key("question", .text, required: true, "The question's id."),
        Key("answers", .list(.mapping(answer), atLeast: 1), required: true, "The answers."),
      ]),
    Self(
      "threshold.judged", "A threshold was held against data.",
      [
        Key("threshold", .text, required: true, "The threshold's id."), Key("unknown", .text, "Why nobody can tell."),
        Key("breached", .bool, "Whether it is breached."), Key("value", .text, "What was held against it."),
      ], rules: [.exactlyOne(["unknown", "breached"])]),
    Self(
      "entities.found", "What came up that questions are asked of.",
      [
        Key("entity", .text, required: true, "The kind's id."),
        Key("values", .list(object), required: true, "Those that came up, or some of them."),
        Key("count", count, required: true, "How many there are."),
        Key("beyond_limit", count, required: true, "How many there are besides, of whom nothing is asked."),
        Key("incomplete", .text, "Why there may be more."),
      ]),
    Self(
      "verdict.reached", "A way has ended.",
      [
        verdict, severity, Key("advice", texts, required: true, "What to do."),
        Key("assumed", .bool, required: true, "Whether it rests on what was assumed of people."),
        Key("means", .text, "What it means."), Key("question", .text, "The question that led to it."),
        Key("entity", .text, "What kind of things it is about."), Key("values", texts, "Those it is about."),
      ]),
  ]

  private static let exports = [
    Self(
      "export.intended", "A file is about to be written.",
      [
        export, Key("format", .text, required: true, "Its format."),
        Key("rows", count, required: true, "How many rows it has."),
        Key("columns", texts, required: true, "Its columns."), Key("incomplete", .text, "Why rows may be missing."),
      ]),
    Self(
      "export.written", "A file was written.",
      [
        export, Key("file", .text, required: true, "Its path."), Key("digest", digest, required: true, "Of its bytes."),
        Key("bytes", count, required: true, "How many it has."),
      ]),
    Self("export.failed", "A file could not be written.", [export, reason]),
    Self("export.dropped", "A file is not written.", [export, reason]),
    Self(
      "script.intended", "A script is about to be run.",
      [
        export, Key("script", .text, required: true, "Its path."),
        Key("digest", digest, required: true, "Of its bytes."),
        Key("given", digest, required: true, "The digest of the file that it gets."),
        Key("timeout", .text, required: true, "How long it may take."), Key("sandbox", object, "What keeps it."),
      ]),
    Self(
      "script.ended", "A script has ended.",
      [
        export, Key("milliseconds", count, required: true, "How long it took."),
        Key("output_bytes", count, required: true, "How much it printed."),
        Key("timed_out", .bool, required: true, "Whether it was ended, its time over."),
        Key("exit_code", .integer(0...255), "What it ended with."),
        Key("output", .mapping(evidence), "The beginning of what it printed."),
        Key("complaint", .text, "The first line of its standard error."),
        Key("file", .text, "Where all that it printed was written."), Key("digest", digest, "Of that file's bytes."),
      ]),
    Self("script.failed", "A script did not run.", [export, reason]),
    Self("script.unknown", "A script may have run.", [export, reason]),
  ]

  private static let noticeKey = Key("idempotency_key", .text, required: true, "Names the notice.")

  private static let notices = [
    Self(
      "notice.intended", "Somebody is about to be told.",
      [
        noticeKey, Key("contact", .text, required: true, "Who is told."),
        Key("subject", .text, required: true, "In one line."), Key("lines", texts, required: true, "What is said."),
        Key("advice", texts, required: true, "What to do."), Key("entities", .anything, "Who it is about."),
        Key("channel", .text, "How they are told."),
      ]),
    Self("notice.sent", "The channel took the notice.", [noticeKey]),
    Self("notice.failed", "The notice did not arrive.", [noticeKey, reason]),
    Self("notice.unknown", "The notice may have arrived.", [noticeKey, reason]),
  ]

  private static let log = [
    Self(
      "log.continued", "The last record of a file.", [Key("file", .text, required: true, "Where the log goes on.")]),
    Self(
      "log.key", "The log is signed from here on.",
      [
        Key("key", .text, required: true, "The verifier key."),
        Key("unsigned_before", count, "This record's number, where records before were under no signature."),
      ]),
    Self(
      "log.recovered", "What a crash, or somebody else, left was put right.",
      [
        Key("dropped_bytes", count, "How many bytes at the end were set aside."),
        Key("sha256", .matching("^[0-9a-f]{64}$"), "Of these."), Key("offset", count, "Where they stood."),
        Key("kept_as", .text, "The file in which they are kept."),
        Key("lost_evidence", .list(digest), "Evidence that did not reach the disk."),
        Key("checkpoint", .integer(0...1), "The checkpoint's file that was written anew."),
        Key("unsigned_from", count, "From this record on nobody could tell who wrote them."),
      ], rules: [.atLeastOne(["dropped_bytes", "lost_evidence", "checkpoint", "unsigned_from"])]),
    Self(
      "log.retained", "The log's beginning was removed.",
      [
        Key("before", .integer(1...Int.max), required: true, "The number of the first record that is still there."),
        Key("subtrees", .list(.matching("^[0-9a-f]{64}$")), required: true, "What stands for the removed ones."),
        Key("cut", .list(object), required: true, "Runs that began there and go on."),
        Key("files", .list(object), required: true, "The files that were removed."),
      ]),
    Self(
      "log.full", "The disk was full.",
      [
        Key("refused", .text, required: true, "The type of the record that found no room."),
        Key("run", .text, "The run that it belongs to."),
      ]),
    Self(
      "evidence.erased", "A piece of evidence was erased on purpose.",
      [Key("digest", digest, required: true, "The piece."), reason]),
  ]
}
