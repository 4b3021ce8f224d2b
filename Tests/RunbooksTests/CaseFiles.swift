import Foundation
import Values

/// The files of a case, taken apart so that they can be changed line by line.
struct CaseFiles: Sendable {
  struct Line: Sendable {
    let time: Moment
    let text: String
  }

  /// The files that the runbook's sources read; `nil` is a file that is not there.
  var access: [Line]?
  var firewall: [Line]?
  /// Events, each with all of its records.
  var kernel: [Line]?
  var integrity: IntegrityReport?
  var series: [(time: Double, value: Double)]?
  /// What `alert.json` and `known-sources.txt` hold.
  let alert: String
  let knownSources: String
  /// Files under other names, or with other contents, than the parts above would give; an empty one stands for itself.
  var written: [String: [UInt8]] = [:]

  /// The last event's serial, and the last process.
  var serial: Int
  var process = 40_000

  init(_ folder: String) throws {
    alert = try Places.text("\(folder)/alert.json")
    knownSources = try Places.text("\(folder)/known-sources.txt")
    access = Self.lines(try Places.text("\(folder)/access.log")) { line in
      Moment(line.drop { $0 != "[" }.dropFirst(13).prefix(8))
    }
    firewall = Self.lines(try Places.text("\(folder)/modsec_audit.json")) { line in
      // {"transaction":{"time":"23/Nov/2026:04:34:42.905338 +0000",…
      Moment(line.dropFirst(36).prefix(12))
    }
    var events: [Line] = []
    var last = ""
    for line in try Places.text("\(folder)/audit.log").split(separator: "\n") {
      let stamp = line.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
      let text = line + "\n"
      if stamp == last, let event = events.popLast() {
        events.append(Line(time: event.time, text: event.text + text))
      } else {
        events.append(Line(time: Moment(epochSeconds: Double(stamp.prefix { $0 != ":" }) ?? 0), text: String(text)))
      }
      last = String(stamp)
    }
    kernel = events
    serial = (Int(last.drop { $0 != ":" }.dropFirst()) ?? 0) + 1_000
    integrity = try IntegrityReport(Places.json("\(folder)/aide.json"))
    let values = try Places.json("\(folder)/series.json")["data"]?["result"]?.elements?.first?["values"]?.elements
    series = (values ?? []).compactMap(\.elements).map { pair in
      (Double(pair[0].integer ?? 0), Double(pair[1].text ?? "") ?? 0)
    }
  }

  private static func lines(_ text: String, time: (Substring) -> Moment) -> [Line] {
    text.split(separator: "\n").map { Line(time: time($0), text: $0 + "\n") }
  }

  /// Writes what there is into a folder.
  func write(to folder: ScratchFolder) throws {
    let parts: [(name: String, text: String?)] = [
      ("alert.json", alert), ("known-sources.txt", knownSources), ("access.log", Self.text(access)),
      ("modsec_audit.json", Self.text(firewall)), ("audit.log", Self.text(kernel)), ("aide.json", integrity?.text),
      ("series.json", series.map(Self.text)),
    ]
    for (name, text) in parts {
      if written[name] == nil, let text { try folder.write(name, text) }
    }
    for (name, bytes) in written { try folder.write(name, bytes) }
  }

  static func text(_ lines: [Line]?) -> String? {
    lines.map { lines in
      // Lines of the same instant stay in their order.
      lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        .map(\.element.text).joined()
    }
  }

  private static func text(_ points: [(time: Double, value: Double)]) -> String {
    let values = points.map { "[\(Int($0.time)),\"\($0.value)\"]" }.joined(separator: ",")
    return
      #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"apache"},"values":[\#(values)]}]}}"#
  }

  /// Moves the rate of requests for one that was added.
  mutating func countRequest(at time: Moment) {
    let instant = time.epochSeconds
    series = series.map { points in
      points.map { point in
        let isMeant = point.time - 5 <= instant && instant < point.time
        return isMeant ? (point.time, point.value + 0.2) : point
      }
    }
  }
}

/// What a file integrity check found.
struct IntegrityReport: Sendable {
  var time: String
  var added: [String]
  var removed: [String]
  /// Paths and the instants of their changes.
  var changed: [(path: String, time: String)]

  init(_ json: JSON) {
    func paths(_ name: String) -> [String] { (json[name]?.members ?? []).map(\.name) }
    time = json["end_time"]?.text ?? ""
    added = paths("added")
    removed = paths("removed")
    changed = paths("changed").map { path in
      (path, json["details"]?[path]?["modify_time"]?["new"]?.text ?? "")
    }
  }

  var text: String {
    let total = added.count + removed.count + changed.count
    let outline = total == 0 ? "AIDE found NO differences" : "AIDE found differences between database and filesystem!!"
    let json = JSON.object([
      "start_time": .string(time), "aide_version": .string("0.18.3"), "outline": .string(outline),
      "number_of_entries": .object([
        "total": .integer(97), "added": .integer(Int64(added.count)), "removed": .integer(Int64(removed.count)),
        "changed": .integer(Int64(changed.count)),
      ]),
      "added": Self.object(added.map { ($0, .string("f+++++++++++++++++")) }),
      "removed": Self.object(removed.map { ($0, .string("f-----------------")) }),
      "changed": Self.object(changed.map { ($0.path, .string("f > ... mc..H     ")) }),
      "details": Self.object(changed.map { ($0.path, Self.details($0.time)) }), "end_time": .string(time),
    ])
    return json.compactText
  }

  private static func details(_ time: String) -> JSON {
    let times = JSON.object(["old": .string("2026-11-02 13:47:55 +0000"), "new": .string(time)])
    return .object(["modify_time": times, "change_time": times])
  }

  private static func object(_ members: [(String, JSON)]) -> JSON? {
    members.isEmpty ? nil : .object(members.map { JSON.Member($0.0, $0.1) })
  }
}
