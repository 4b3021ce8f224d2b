package import AuditTrail
package import Values

/// One run as the trail has it.
package struct RecordedRun: Sendable {
  package struct Entry: Sendable {
    package let record: TrailRecord
    /// With what was kept as evidence.
    package let body: JSON
  }

  package let run: String
  package let entries: [Entry]
  /// What is wrong with the run's records, each a sentence.
  package let damage: [String]
  /// What of the run is not there any more, or was never kept, and a record says why; each a sentence.
  package let gone: [String]

  /// Reads a run.
  ///
  /// - Parameter name: The run's name, the beginning of it, or `latest`.
  package init(_ name: String, from reader: TrailReader) throws(TrailReadError) {
    var name = name
    if name == "latest" {
      guard let last = try reader.runs().runs.last else { throw .noSuchRun(name) }
      name = last.run
    }
    let (records, damaged) = try reader.records(ofRun: name)
    let damage = damaged.map { line in
      if case .failure(let problem) = line.content { "line \(line.number): \(problem.message)" } else { "" }
    }
    self.init(records.first?.record?.place?.run ?? name, records, damage: damage, from: reader)
  }

  /// - Parameters:
  ///   - lines: The lines of the run's records, in their order.
  ///   - damage: What is known to be wrong with them.
  init(_ run: String, _ lines: [TrailLine], damage: [String] = [], from reader: TrailReader) {
    var damage = damage
    var gone: [String] = []
    var check = ChainCheck(isWholeLog: false)
    var entries: [Entry] = []
    for line in lines {
      damage += check.problems(with: line).map { "line \($0.line): \($0.message)" }
      guard let record = line.record else { continue }
      let (body, problem) = RecordedBody.whole(record.body, from: reader)
      switch problem {
      case .damaged(let text): damage.append("line \(line.number): \(text)")
      case .gone(let text): gone.append("record \(record.place?.sequence ?? 0) (\(record.type)): \(text)")
      case nil: break
      }
      entries.append(Entry(record: record, body: body))
    }
    self.run = run
    self.entries = entries
    self.damage = damage
    self.gone = gone
  }

  /// What was found of a threshold.
  package static let judgementType = "threshold.judged"

  /// The runbook's id.
  package var runbook: String? { entries.first?.body["runbook"]?.text }

  /// The last record of a type.
  package func last(_ type: String) -> Entry? { entries.last { $0.record.type == type } }

  /// The run's report as `run` prints it, with the records it rests on.
  package var json: JSON {
    let opened = last("run.started")
    let concluded = last("run.concluded")
    let outcome = concluded?.body["outcome"]
    let closed = last("run.closed")
    let members: KeyValuePairs<String, JSON?> = [
      "run": .string(run), "runbook": opened?.body["runbook"] ?? .null, "version": opened?.body["version"] ?? .null,
      "verdict": closed?.body["verdict"] ?? .null, "severity": closed?.body["severity"] ?? .null,
      "answers": outcome?["answers"] ?? .array([]), "open": outcome?["open"] ?? .array([]),
      "entities": outcome?["entities"] ?? .object([JSON.Member]()),
      "started": concluded?.body["started"] ?? opened?.wall ?? .null,
      "finished": concluded?.body["finished"] ?? closed?.wall ?? .null,
      "interrupted": last("run.interrupted")?.body["reason"] ?? .null,
      "thresholds": .array(entries.filter { $0.record.type == Self.judgementType }.map(\.body)),
      "damage": .array(damage.map(JSON.string)), "gone": .array(gone.map(JSON.string)),
      "records": .array(entries.map(\.json)),
    ]
    return .object(members)
  }
}

extension RecordedRun.Entry {
  fileprivate var wall: JSON { .string(record.wall.shortDescription) }

  fileprivate var json: JSON {
    .object([
      "sequence": record.place.map { .integer($0.sequence) }, "type": .string(record.type),
      "wall": wall, "actor": .string(record.actor), "body": body,
    ])
  }
}

/// Bodies that were too large for their records.
enum RecordedBody {
  /// Why a body is only an excerpt; a sentence.
  enum Lack: Hashable {
    case damaged(String)
    /// Erased, lost or never kept, and a record says so.
    case gone(String)
  }

  /// - Returns: The body as it was recorded, and why it is only an excerpt if its evidence cannot be had.
  static func whole(_ body: JSON, from reader: TrailReader) -> (body: JSON, problem: Lack?) {
    let isOutcome = body["evidence"] != nil && body["query"] == nil
    guard let digest = body[isOutcome ? "evidence" : "whole"]?["digest"]?.text else { return (body, nil) }
    if let reason = body[isOutcome ? "evidence" : "whole"]?["not_kept"]?.text {
      return (body, .gone("the rest of its body was not kept: \(reason)"))
    }
    do throws(EvidenceProblem) {
      let bytes = try reader.evidence(digest)
      guard let whole = try? JSON(parsing: bytes) else {
        return (body, .damaged("the evidence of its body is no JSON"))
      }
      guard isOutcome else { return (whole, nil) }
      return (.object([.init("outcome", whole)] + (body.members ?? []).filter { $0.name != "evidence" }), nil)
    } catch {
      if case .erased(let reason) = error { return (body, .gone("the rest of its body is not there: \(reason)")) }
      return (body, .damaged("the rest of its body cannot be had: \(error.message)"))
    }
  }
}
