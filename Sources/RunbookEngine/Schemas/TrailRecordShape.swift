package import RunbookLanguage

/// The shape of a trail's records, for other programs that read trails; `AuditTrail` reads them by itself.
extension Shape {
  package static let trailRecord = Shape(
    "a record",
    [
      Key("actor", .text, required: true, "Who did it: the engine, or a person."),
      Key("body", .keyed(.anything), required: true, "What was done; its form hangs on `type`."),
      Key("boot_id", .text, required: true, "The boot of the machine, within which `mono_ns` can be compared."),
      Key("engine", .mapping(trailEngine), required: true, "The program that wrote it."),
      Key("log", .text, required: true, "The log that the record belongs to."),
      Key("mono_ns", .matching("^[0-9]{1,20}$"), required: true, "Nanoseconds on a clock that never goes back."),
      Key("node", .text, required: true, "The machine's name."),
      Key("run", .text, "The run that it belongs to."),
      Key("run_prev", .matching("^[0-9a-f]{64}$"), "The hash of the run's record before; the first has none."),
      Key("run_seq", .integer(1...Int.max), "Its number in the run, from 1."),
      Key("runbook", .text, "The runbook of the run."),
      Key("seq", .integer(0...Int.max), required: true, "Its number in the log, from 0."),
      Key("type", .choice(TrailRecordBody.all.map(\.type)), required: true, "What has happened."),
      Key("v", .integer(1...1), required: true, "The version of the trail's form."),
      Key("wall", .matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z$"), required: true, "When it was written, in UTC."),
    ])

  /// Which form the body of a record has, by the record's type.
  package static let trailBodies = JSONSchema.Variants(
    by: "type", of: "body",
    TrailRecordBody.all.map { .init($0.type, $0.form, $0.about) })

  private static let trailEngine = Shape(
    "the engine",
    [
      Key("semantics", .text, required: true, "The version of the language's meaning."),
      Key("version", .text, required: true, "The version of the program."),
    ])
}
