package import Values

/// One record of a trail, format v1: one line of canonical JSON (RFC 8785).
package struct TrailRecord: Sendable {
  package static let version: Int64 = 1
  /// Most bytes of a record without its LF. Entries of a tiled log are at most 65,535 bytes long.
  package static let sizeLimitBytes = 60_000

  /// The record's place in a run.
  package struct Place: Hashable, Sendable {
    package let run: String
    /// The runbook's digest: `sha256:` and 64 digits.
    package let runbook: String
    /// Counts a run's records from 1.
    package let sequence: Int64
    /// The leaf hash of the run's record before, 64 hexadecimal digits; `nil` for the first.
    package let previous: String?
  }

  /// The name of the log.
  package let origin: String
  /// Counts a log's records from 0: the index of the leaf.
  package let sequence: Int64
  /// `nil` for records about the log itself.
  package let place: Place?
  /// Dotted words, such as `query.answered`.
  package let type: String
  package let wall: Timestamp
  /// Nanoseconds on the clock of `bootID` that never goes back.
  package let monotonicNanoseconds: UInt64
  package let bootID: String
  package let actor: String
  package let node: String
  package let engine: TrailSurroundings.Engine
  /// An object.
  package let body: JSON

  /// The record's line without its LF: its members in the order of canonical JSON.
  package var line: [UInt8] {
    var line: [UInt8] = []
    write(to: &line, bodyBytes: body.canonicalBytes)
    return line
  }

  /// Most bytes of a line besides the body, but for names that somebody has made long.
  private static let usualBytes = 768

  /// Writes the line without its LF behind others.
  ///
  /// - Parameter bodyBytes: The body's canonical text.
  func write(to line: inout [UInt8], bodyBytes: [UInt8]) {
    let room = line.count + bodyBytes.count + Self.usualBytes
    if line.capacity < room { line.reserveCapacity(max(room, 2 * line.capacity)) }
    func put(_ name: StaticString, _ text: String) {
      put(name)
      JSON.write(text, to: &line)
    }
    func put(_ text: StaticString) {
      text.withUTF8Buffer { line.append(contentsOf: $0) }
    }
    put("{\"actor\":", actor)
    put(",\"body\":")
    line.append(contentsOf: bodyBytes)
    put(",\"boot_id\":", bootID)
    put(",\"engine\":{\"semantics\":", engine.semantics)
    put(",\"version\":", engine.version)
    put("},\"log\":", origin)
    put(",\"mono_ns\":", String(monotonicNanoseconds))
    put(",\"node\":", node)
    if let place {
      put(",\"run\":", place.run)
      if let previous = place.previous { put(",\"run_prev\":", previous) }
      put(",\"run_seq\":")
      line.append(contentsOf: String(place.sequence).utf8)
      put(",\"runbook\":", place.runbook)
    }
    put(",\"seq\":")
    line.append(contentsOf: String(sequence).utf8)
    put(",\"type\":", type)
    put(",\"v\":")
    line.append(contentsOf: String(Self.version).utf8)
    put(",\"wall\":", wall.description)
    line.append(UInt8(ascii: "}"))
  }
}

extension TrailRecord {
  /// Reads a line.
  ///
  /// - Parameter line: Without its LF.
  /// - Throws: for anything but the canonical text of a record of version 1.
  package init(line: some Collection<UInt8>) throws(RecordDamage) {
    guard line.count <= Self.sizeLimitBytes else { throw .tooLong(limit: Self.sizeLimitBytes) }
    if let usual = line.withContiguousStorageIfAvailable({ TrailRecord(usual: $0) }), let usual {
      self = usual
      return
    }
    let json: JSON
    do { json = try JSON(parsing: line) } catch { throw .notJSON("\(error)") }
    if let problem = RecordLint.problem(in: json) { throw .notARecord("it \(problem)") }
    guard let version = json["v"]?.integer else { throw .notARecord("'v' is missing") }
    guard version == Self.version else { throw .unknownVersion(version) }
    func text(_ name: String) throws(RecordDamage) -> String {
      guard let text = json[name]?.text else { throw .notARecord("'\(name)' is missing or no string") }
      return text
    }
    origin = try text("log")
    type = try text("type")
    bootID = try text("boot_id")
    actor = try text("actor")
    node = try text("node")
    guard let sequence = json["seq"]?.integer, sequence >= 0 else { throw .notARecord("'seq' is no sequence number") }
    guard let wall = Timestamp(rfc3339: try text("wall")) else { throw .notARecord("'wall' is no instant") }
    guard let nanoseconds = UInt64(try text("mono_ns")) else { throw .notARecord("'mono_ns' is no number") }
    guard let version = json["engine"]?["version"]?.text, let semantics = json["engine"]?["semantics"]?.text else {
      throw .notARecord("'engine' does not name a version and its semantics")
    }
    guard let body = json["body"], case .object = body else { throw .notARecord("'body' is no object") }
    self.sequence = sequence
    self.wall = wall
    monotonicNanoseconds = nanoseconds
    engine = .init(version: version, semantics: semantics)
    self.body = body
    place = try Self.place(in: json)
    guard self.line.elementsEqual(line) else {
      throw json.canonicalBytes.elementsEqual(line)
        ? .notARecord("it has fields or forms that version 1 does not know") : .notCanonical
    }
  }

  private static func place(in json: JSON) throws(RecordDamage) -> Place? {
    guard let run = json["run"] else {
      guard json["run_seq"] == nil, json["run_prev"] == nil, json["runbook"] == nil else {
        throw .notARecord("it has a place in a run but no 'run'")
      }
      return nil
    }
    guard let name = run.text, RunID.isValid(name) else { throw .notARecord("'run' is no run's name") }
    guard let sequence = json["run_seq"]?.integer, sequence > 0 else {
      throw .notARecord("'run_seq' is no sequence number")
    }
    guard let runbook = json["runbook"]?.text else { throw .notARecord("'runbook' is missing or no string") }
    let previous = json["run_prev"]
    guard (previous == nil) == (sequence == 1), previous == nil || previous?.text?.utf8.count == 64 else {
      throw .notARecord("'run_prev' does not fit 'run_seq'")
    }
    return Place(run: name, runbook: runbook, sequence: sequence, previous: previous?.text)
  }
}

extension TrailRecord {
  /// Reads a record in one go, as almost every one can be.
  ///
  /// - Returns: `nil` for a line that must be looked at more closely, be it a record or none.
  private init?(usual line: UnsafeBufferPointer<UInt8>) {
    guard let head = RecordHead(line), head.isPlain(in: line),
      let body = JSON(
        canonical: UnsafeBufferPointer(rebasing: line[head.body]), depthLimit: RecordLint.depthLimit - 1),
      let wall = head.wall(in: line), let nanoseconds = head.monotonicNanoseconds(in: line)
    else { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: line[range], as: UTF8.self) }
    if let place = head.place {
      let run = text(place.run)
      guard RunID.isValid(run) else { return nil }
      self.place = Place(
        run: run, runbook: text(place.runbook), sequence: place.sequence, previous: place.previous.map(text))
    } else {
      place = nil
    }
    (origin, sequence, type, actor) = (text(head.origin), head.sequence, text(head.type), text(head.actor))
    (self.wall, monotonicNanoseconds, self.body) = (wall, nanoseconds, body)
    (bootID, node) = (text(head.bootID), text(head.node))
    engine = .init(version: text(head.version), semantics: text(head.semantics))
  }
}

/// Why a line of a trail is no record.
package enum RecordDamage: Error, Hashable, Sendable {
  case tooLong(limit: Int)
  case notJSON(String)
  case notCanonical
  case notARecord(String)
  case unknownVersion(Int64)
  /// The file ends inside the line.
  case torn
  /// The file could not be read on from here.
  case unreadable(String)

  package var message: String {
    switch self {
    case .tooLong(let limit): "the line is longer than \(limit) bytes"
    case .notJSON(let problem): "the line is not JSON: \(problem)"
    case .notCanonical: "the line is not canonical JSON"
    case .notARecord(let problem): "the line is no record: \(problem)"
    case .unknownVersion(let version): "the record is of version \(version), and only 1 is known"
    case .torn: "the file ends inside the line"
    case .unreadable(let problem): problem
    }
  }

  /// Why what follows cannot be verified, though nothing says that it was changed.
  ///
  /// - Parameter place: Of the first record that is not understood.
  static func notUnderstood(version: Int64, from place: String) -> String {
    "\(place) is of version \(version), which this program does not know: use the one that wrote it"
  }
}
