import Values

/// Reads AIDE's reports in JSON (`report_format=json`, version 0.18 and later).
enum AideJSONReport {
  /// - Throws: why the bytes are no such report.
  static func read(_ bytes: [UInt8], name: String) throws(DocumentProblem) -> IntegrityReport {
    let escaped = RawBytes.escaped(bytes, backslash: #"\\"#)
    let json: JSON
    do { json = try JSON(parsing: escaped ?? bytes) } catch {
      throw DocumentProblem("it is no AIDE report in JSON: \(error)")
    }
    guard let counts = json["number_of_entries"], json["aide_version"] != nil || json["outline"] != nil else {
      throw DocumentProblem("it is no AIDE report in JSON: it has no number_of_entries")
    }
    var report = IntegrityReport(name: name)
    report.start = report.time(json["start_time"]?.text)
    guard let end = report.time(json["end_time"]?.text) ?? report.start else {
      throw DocumentProblem("it does not say when the check was made")
    }
    report.end = end
    report.version = json["aide_version"]?.text
    report.outline = json["outline"]?.text
    report.total = counts["total"]?.integer
    report.added = counts["added"]?.integer ?? 0
    report.removed = counts["removed"]?.integer ?? 0
    report.changed = counts["changed"]?.integer ?? 0
    report.isRepaired = escaped != nil
    report.changes = ["added", "removed", "changed"].flatMap { change in
      (json[change]?.members ?? []).map { member in
        AideReport.change(
          member.name, change, flags: member.value.text ?? "", attributes(json["details"]?[member.name]))
      }
    }
    return report
  }

  private static func attributes(_ details: JSON?) -> [IntegrityReport.Attribute] {
    (details?.members ?? []).map { member in
      func text(_ name: String) -> String? { member.value[name].map { $0.text ?? $0.compactText } }
      return IntegrityReport.Attribute(name: member.name, old: text("old"), new: text("new"))
    }
  }
}
