import Values

/// Reads what `twprint -m r` prints of a report of Open Source Tripwire, or what `tripwire --check` prints: level 3 and 4
/// with the properties that differ, level 1 and 2 with the names, level 0 with counts alone.
struct TripwireReport {
  private var report: IntegrityReport
  private var summary: [IntegrityReport.Change] = []
  private var details: [IntegrityReport.Change] = []
  private var part = ""
  private var list: String?
  private var rule: String?
  private var severity: Int64?
  private var hasPart = false
  private var isEnded = false
  private var violations: Int64?

  init(name: String, zone: LocalZone) {
    report = IntegrityReport(name: name)
    report.zone = zone
  }

  /// - Throws: why the bytes are no such report.
  mutating func read(_ bytes: [UInt8]) throws(DocumentProblem) -> IntegrityReport {
    let (lines, isRepaired) = RawBytes.lines(bytes)
    report.isRepaired = isRepaired
    for (index, line) in lines.enumerated() {
      if index > 0, Self.isRuler(lines[index - 1]), line.hasSuffix(": ") || line.hasSuffix(":") {
        (part, hasPart) = (line.split(separator: ":").first.map(String.init) ?? "", true)
      } else {
        read(line)
      }
    }
    guard report.outline != nil || hasPart || !summary.isEmpty else {
      throw DocumentProblem("it is no report of Tripwire")
    }
    guard isEnded || !hasPart else {
      throw DocumentProblem("it has no end, so the report is not whole")
    }
    count()
    return report
  }

  private static func isRuler(_ line: String) -> Bool {
    line.utf8.count >= 40 && line.utf8.allSatisfy { $0 == UInt8(ascii: "=") }
  }

  private mutating func count() {
    report.changes = details.isEmpty ? summary : details
    guard report.outline == nil || hasPart else { return }
    func count(_ change: String) -> Int64 { Int64(report.changes.count { $0.change == change }) }
    (report.added, report.removed) = (count("added"), count("removed"))
    // What is counted and not named must be seen to be missing.
    report.changed = max(count("changed"), (violations ?? 0) - report.added - report.removed)
  }

  private mutating func read(_ line: String) {
    if line.hasPrefix("*** End of report ***") {
      isEnded = true
    } else if line.hasPrefix("TWReport ") {
      readLevel0(line)
    } else if let path = Self.listed(line) {
      summary.append(.init(path: path.name, change: path.change))
    } else if !hasPart {
      readHead(line)
    } else {
      readBody(line)
    }
  }

  /// `TWReport vm 20261123034542 V:5 S:66 A:1 R:1 C:3`.
  private mutating func readLevel0(_ line: String) {
    report.outline = line
    for word in line.split(separator: " ") {
      let number = Int64(word.dropFirst(2))
      switch word.prefix(2) {
      case "A:": report.added = number ?? 0
      case "R:": report.removed = number ?? 0
      case "C:": report.changed = number ?? 0
      default:
        if word.utf8.count == 14, word.utf8.allSatisfy({ (48...57).contains($0) }) { report.end = stamp(word) }
      }
    }
  }

  /// `20261123034542`.
  private func stamp(_ word: Substring) -> Timestamp? {
    let digits = word.utf8.map { Int($0) - 48 }
    func number(_ start: Int, _ count: Int) -> Int { digits[start..<start + count].reduce(0) { $0 * 10 + $1 } }
    return LogTime.local(
      (number(0, 4), number(4, 2), number(6, 2)), (number(8, 2), number(10, 2), number(12, 2)), 0, report.zone)
  }

  /// A line of level 1: `Added:`, a tabulator, and the name in quotes.
  private static func listed(_ line: String) -> (change: String, name: String)? {
    for (word, change) in [("Added", "added"), ("Removed", "removed"), ("Modified", "changed")] {
      guard line.hasPrefix("\(word):\t\""), line.hasSuffix("\"") else { continue }
      return (change, String(line.dropFirst(word.utf8.count + 3).dropLast()))
    }
    return nil
  }

  private static func value(_ name: String, _ line: String) -> String? {
    guard line.hasPrefix(name) else { return nil }
    return String(line.dropFirst(name.count).drop { $0 == " " })
  }

  private mutating func readHead(_ line: String) {
    if let mark = line.firstRange(of: "Tripwire(R) ") {
      report.version = line[mark.upperBound...].split(separator: " ").first.map(String.init)
      report.outline = line
    } else if let text = Self.value("Report created on:", line) {
      report.end = report.time(text)
      report.start = report.end
    }
  }

  private mutating func readBody(_ line: String) {
    if let text = Self.value("Rule Name: ", line) {
      (rule, list) = (text, nil)
    } else if let text = Self.value("Severity Level: ", line) {
      severity = Int64(text)
    } else if let text = Self.value("Total objects scanned:", line) {
      report.total = Int64(text)
    } else if let text = Self.value("Total violations found:", line) {
      violations = Int64(text)
    } else {
      switch part {
      case "Object Summary": readSummary(line)
      case "Object Detail": readDetail(line)
      case "Error Report": readError(line)
      default: break
      }
    }
  }

  private mutating func readSummary(_ line: String) {
    switch line {
    case "Added:": list = "added"
    case "Removed:": list = "removed"
    case "Modified:": list = "changed"
    case _ where line.hasPrefix("\"") && line.hasSuffix("\"") && line.utf8.count > 1:
      guard let list else { return }
      summary.append(
        .init(path: String(line.dropFirst().dropLast()), change: list, rule: rule, severity: severity))
    default: break
    }
  }

  private mutating func readDetail(_ line: String) {
    for (word, change) in [("Added", "added"), ("Removed", "removed"), ("Modified", "changed")] {
      guard let path = Self.value("\(word) object name:  ", line) else { continue }
      details.append(.init(path: path, change: change, rule: rule, severity: severity))
      return
    }
    guard !details.isEmpty, let (name, old, new) = Self.cells(line) else { return }
    let last = details.count - 1
    if name == "type" { details[last].kind = Self.kind(new ?? old) }
    // Rows without a star did not change.
    guard line.hasPrefix("* ") else { return }
    details[last].attributes.append(.init(name: name, old: old, new: new))
  }

  private mutating func readError(_ line: String) {
    let text = line.drop { $0 == " " }
    guard !text.isEmpty, text != "No Errors", !text.hasPrefix("---"), !text.hasPrefix("==="), !isEnded,
      !text.hasPrefix("Section:")
    else {
      return
    }
    report.errors.append(String(text))
  }

  // MARK: Properties

  private static let expectedStart = 23
  private static let observedStart = 51

  private static func cells(_ line: String) -> (name: String, old: String?, new: String?)? {
    let bytes = Array(line.utf8)
    guard bytes.count > expectedStart, line.hasPrefix("* ") || line.hasPrefix("  "), bytes[2] != 0x20 else {
      return nil
    }
    func text(_ bytes: ArraySlice<UInt8>) -> String? {
      var bytes = bytes
      while bytes.last == 0x20 { bytes.removeLast() }
      let text = String(decoding: bytes, as: UTF8.self)
      return text.isEmpty || text == "---" ? nil : text
    }
    guard let name = text(bytes[2..<expectedStart]), name != "Property:", !name.hasPrefix("--") else { return nil }
    let middle = min(observedStart, bytes.count)
    return (attribute(name), text(bytes[expectedStart..<middle]), text(bytes[middle...]))
  }

  /// In the words of AIDE.
  private static func attribute(_ name: String) -> String {
    switch name {
    case "Object Type": "type"
    case "Mode": "perm"
    case "Modify Time": "modify_time"
    case "Change Time": "change_time"
    case "Access Time": "access_time"
    case "Inode Number": "inode"
    case "Num Links": "link_count"
    case "Blocks": "block_count"
    case "SHA": "sha1"
    default: name.lowercased().replacing(" ", with: "_")
    }
  }

  private static func kind(_ type: String?) -> String? {
    switch type {
    case "Regular File": "f"
    case "Directory": "d"
    case "Symbolic Link": "l"
    case "Character Device": "c"
    case "Block Device": "b"
    case "FIFO", "Named Pipe": "p"
    case "Socket": "s"
    default: nil
    }
  }
}
