import Values

/// A row of a result of osquery: a line of its results log holds one (differential), or many (snapshot, batch).
struct OsqueryResult {
  let query: String
  let host: String?
  /// When the query was performed.
  let logged: Timestamp?
  /// What became of the row in the result set: `added`, `removed`, `snapshot`.
  let change: String
  let columns: JSON

  /// - Returns: `nil` if the line is no result.
  static func results(of line: JSON) -> [OsqueryResult]? {
    guard let query = line["name"]?.text else { return nil }
    let host = line["hostIdentifier"]?.text ?? line["decorations"]?["hostname"]?.text
    let logged = line["unixTime"].flatMap(LogTime.any) ?? line["calendarTime"]?.text.flatMap(calendarTime)
    func result(_ change: String) -> (JSON) -> OsqueryResult {
      { OsqueryResult(query: query, host: host, logged: logged, change: change, columns: $0) }
    }
    if let columns = line["columns"] { return [result(line["action"]?.text ?? "added")(columns)] }
    if let rows = line["snapshot"]?.elements { return rows.map(result("snapshot")) }
    guard let batch = line["diffResults"] else { return nil }
    // An empty batch is an empty text there.
    return (batch["removed"]?.elements ?? []).map(result("removed"))
      + (batch["added"]?.elements ?? []).map(result("added"))
  }

  /// `Tue Sep 30 17:37:30 2014 UTC`.
  private static func calendarTime(_ text: String) -> Timestamp? {
    guard text.hasSuffix(" UTC") else { return nil }
    return LogTime.read(String(text.dropLast(4))) { LogTime.asctime($0, .utc) }
  }

  /// A column, also one that numbers were written into; empty ones are `nil`.
  func column(_ names: String...) -> String? {
    names.lazy.compactMap { columns[$0] }.map { $0.text ?? $0.compactText }.first { !$0.isEmpty && $0 != "null" }
  }

  /// What happened to a file: `file_events` and `process_file_events` have a path and say what was done to it.
  var isFileEvent: Bool {
    columns["target_path"] != nil || columns["path"] != nil && columns["operation"] != nil
  }

  /// When it happened, else when it was logged.
  var time: Timestamp? { columns["time"].flatMap(LogTime.any) ?? logged }
}
