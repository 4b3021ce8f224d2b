import Values

/// Reads AIDE's reports in plain text (version 0.16 and later): sections between rulers, `flags: path` in the lists, and
/// ` Attribute : old | new` in the details.
struct AideTextReport {
  private enum Section { case summary, list(String), details, other }

  private var report: IntegrityReport
  private var section = Section.summary
  private var details: [String: [IntegrityReport.Attribute]] = [:]
  /// The file whose details are being read.
  private var file: String?
  private var isEnded = false

  init(name: String) { report = IntegrityReport(name: name) }

  mutating func read(_ bytes: [UInt8]) throws(DocumentProblem) -> IntegrityReport {
    let (lines, isRepaired) = RawBytes.lines(bytes)
    report.isRepaired = isRepaired
    for (index, line) in lines.enumerated() {
      if index > 0, Self.isRuler(lines[index - 1]), let next = Self.section(line) {
        section = next
      } else if !Self.isRuler(line) {
        read(line)
      }
    }
    guard let outline = report.outline else { throw DocumentProblem("it is no report of a check by AIDE") }
    guard outline.contains("found") else {
      throw DocumentProblem("it reports no check: \(outline)")
    }
    guard isEnded, report.end != nil else {
      throw DocumentProblem("it has no end, so the check did not run to its end")
    }
    report.changes = report.changes.map { change in
      var change = change
      change.attributes = details[change.path] ?? []
      return change
    }
    return report
  }

  private static func isRuler(_ line: String) -> Bool {
    line.utf8.count >= 10 && line.utf8.allSatisfy { $0 == UInt8(ascii: "-") }
  }

  private static func section(_ line: String) -> Section? {
    switch line {
    case "Added entries:": .list("added")
    case "Removed entries:": .list("removed")
    case "Changed entries:": .list("changed")
    case "Detailed information about changes:": .details
    case _ where line.hasPrefix("The attributes of the "): .other
    default: nil
    }
  }

  private mutating func read(_ line: String) {
    // The end stands behind everything; no path begins a line.
    if line.hasPrefix("End timestamp: ") {
      report.end = report.time(Self.instant(line))
      isEnded = true
      return
    }
    switch section {
    case .summary: readSummary(line)
    case .list(let change):
      guard let colon = line.firstRange(of: ": ") else { return }
      report.changes.append(
        AideReport.change(String(line[colon.upperBound...]), change, flags: String(line[..<colon.lowerBound]), []))
    case .details: readDetail(line)
    case .other: break
    }
  }

  private mutating func readSummary(_ line: String) {
    if line.hasPrefix("Start timestamp: ") {
      report.start = report.time(Self.instant(line))
      if let mark = line.firstRange(of: "(AIDE ") { report.version = String(line[mark.upperBound...].dropLast()) }
    } else if line.hasPrefix("AIDE "), report.outline == nil {
      report.outline = line
    } else if let colon = line.lastIndex(of: ":"),
      let number = Int64(line[line.index(after: colon)...].filter { $0 != " " && $0 != "\t" })
    {
      switch line[..<colon].drop(while: { $0 == " " }) {
      case "Total number of entries", "Number of entries": report.total = number
      case "Added entries": report.added = number
      case "Removed entries": report.removed = number
      case "Changed entries": report.changed = number
      default: break
      }
    }
  }

  /// `Start timestamp: 2026-11-23 03:40:32 +0000 (AIDE 0.18.3)`.
  private static func instant(_ line: String) -> String {
    let text = line.drop { $0 != ":" }.dropFirst(2)
    return String(text.firstRange(of: " (").map { text[..<$0.lowerBound] } ?? text)
  }

  // MARK: Details

  private mutating func readDetail(_ line: String) {
    if !line.hasPrefix(" "), let colon = line.firstRange(of: ": ") {
      file = String(line[colon.upperBound...])
      return
    }
    guard let file, let (name, old, new) = Self.cells(line) else { return }
    if name.isEmpty {
      guard let last = details[file]?.popLast() else { return }
      details[file]?.append(.init(name: last.name, old: (last.old ?? "") + old, new: (last.new ?? "") + new))
    } else {
      details[file, default: []].append(.init(name: Self.attribute(name), old: old, new: new))
    }
  }

  /// Places of ` SHA256    : old                              | new`.
  private static let oldStart = 13
  private static let bar = 46

  /// - Returns: `nil` for a line that is none; without a name for one that goes on with the values of the one before.
  private static func cells(_ line: String) -> (name: String, old: String, new: String)? {
    let bytes = Array(line.utf8)
    func text(_ bytes: ArraySlice<UInt8>) -> String {
      var bytes = bytes.drop { $0 == 0x20 }
      while bytes.last == 0x20 { bytes.removeLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
    guard bytes.count > oldStart else { return nil }
    let isNamed = bytes[oldStart - 2] == UInt8(ascii: ":")
    let place =
      bytes.indices.contains(bar) && bytes[bar] == UInt8(ascii: "|")
      ? bar : bytes.lastIndex(of: UInt8(ascii: "|")) ?? bytes.count
    guard place >= oldStart, isNamed || bytes[..<oldStart].allSatisfy({ $0 == 0x20 }) else { return nil }
    return (
      isNamed ? text(bytes[..<(oldStart - 2)]) : "", text(bytes[oldStart..<place]), text(bytes[place...].dropFirst())
    )
  }

  /// In the words of the reports in JSON.
  private static func attribute(_ name: String) -> String {
    switch name {
    case "Mtime": "modify_time"
    case "Ctime": "change_time"
    case "Atime": "access_time"
    case "Linkcount": "link_count"
    case "Bcount": "block_count"
    case "Lname", "Linkname": "link_name"
    default: name.lowercased()
    }
  }
}
