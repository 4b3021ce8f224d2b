package import Values

/// Why a record is not what its type says, and where.
package struct RecordProblem: Error, Hashable, Sendable {
  /// The member, such as `extent.first`; empty for the body as a whole.
  package let place: String
  /// The rest of a sentence that begins with the place.
  package let message: String
  /// What the record names was erased or lost, and another record says so: nothing is wrong with the trail.
  package let isRecordedLoss: Bool

  package init(_ place: String, _ message: String, isRecordedLoss: Bool = false) {
    self.place = place
    self.message = message
    self.isRecordedLoss = isRecordedLoss
  }

  package var text: String { place.isEmpty ? "its body \(message)" : "'\(place)' \(message)" }
}

/// The body of a record, or an object in it, read member by member.
package struct RecordBody: Sendable {
  package let json: JSON
  private let place: String

  package init(_ json: JSON, at place: String = "") {
    self.json = json
    self.place = place
  }

  package func place(of name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  /// A member that may be missing; `null` counts as missing.
  package func optional(_ name: String) -> JSON? {
    let value = json[name]
    return if case .null? = value { nil } else { value }
  }

  package func member(_ name: String) throws(RecordProblem) -> JSON {
    guard let value = optional(name) else { throw RecordProblem(place(of: name), "is missing") }
    return value
  }

  package func body(_ name: String) throws(RecordProblem) -> RecordBody {
    let value = try member(name)
    guard case .object = value else { throw RecordProblem(place(of: name), "is no object") }
    return RecordBody(value, at: place(of: name))
  }

  package func text(_ name: String) throws(RecordProblem) -> String {
    guard let text = try member(name).text else { throw RecordProblem(place(of: name), "is no text") }
    return text
  }

  package func optionalText(_ name: String) throws(RecordProblem) -> String? {
    optional(name) == nil ? nil : try text(name)
  }

  /// A list of objects.
  package func bodies(_ name: String) throws(RecordProblem) -> [RecordBody] {
    guard let elements = try member(name).elements else { throw RecordProblem(place(of: name), "is no list") }
    var bodies: [RecordBody] = []
    for (index, element) in elements.enumerated() {
      guard case .object = element else { throw RecordProblem(place(of: "\(name)[\(index)]"), "is no object") }
      bodies.append(RecordBody(element, at: place(of: "\(name)[\(index)]")))
    }
    return bodies
  }

  package func bool(_ name: String) throws(RecordProblem) -> Bool {
    guard case .bool(let value) = try member(name) else {
      throw RecordProblem(place(of: name), "is neither true nor false")
    }
    return value
  }

  /// A number that counts something.
  package func count(_ name: String) throws(RecordProblem) -> Int {
    guard let value = try member(name).integer, value >= 0 else {
      throw RecordProblem(place(of: name), "is no number of things")
    }
    return Int(value)
  }

  package func number(_ name: String) throws(RecordProblem) -> Double? {
    guard let value = optional(name) else { return nil }
    guard case .double(let number)? = ColumnType.double.value(recordedAs: value) else {
      throw RecordProblem(place(of: name), "is no number")
    }
    return number
  }

  package func duration(_ name: String) throws(RecordProblem) -> Duration {
    guard let value = Duration(exactly: try text(name)) else {
      throw RecordProblem(place(of: name), "is no duration")
    }
    return value
  }

  package func instant(_ name: String) throws(RecordProblem) -> Timestamp {
    guard let value = Timestamp(rfc3339: try text(name)) else {
      throw RecordProblem(place(of: name), "is no instant")
    }
    return value
  }

  package func optionalInstant(_ name: String) throws(RecordProblem) -> Timestamp? {
    optional(name) == nil ? nil : try instant(name)
  }

  /// A list; empty where it is missing.
  package func texts(_ name: String) throws(RecordProblem) -> [String] {
    guard let value = optional(name) else { return [] }
    guard let elements = value.elements else { throw RecordProblem(place(of: name), "is no list") }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard let text = element.text else { throw RecordProblem(place(of: "\(name)[\(index)]"), "is no text") }
      texts.append(text)
    }
    return texts
  }

  /// Points to evidence that is needed.
  package func evidence(_ name: String) throws(RecordProblem) -> EvidenceReference {
    let reference = try reference(name)
    if let reason = reference.notKept { throw RecordProblem(place(of: name), "was not kept: \(reason)") }
    return reference
  }

  /// Points to evidence, kept or not.
  package func reference(_ name: String) throws(RecordProblem) -> EvidenceReference {
    let reference = try body(name)
    return EvidenceReference(
      digest: try reference.text("digest"), length: try reference.count("length"),
      mediaType: try reference.text("media_type"), notKept: try reference.optionalText("not_kept"))
  }

  /// A window; `nil` where it is missing.
  package func window(_ name: String) throws(RecordProblem) -> TimeWindow? {
    guard optional(name) != nil else { return nil }
    let ends = try body(name)
    guard let window = TimeWindow(from: try ends.instant("from"), to: try ends.instant("to")) else {
      throw RecordProblem(place(of: name), "ends before it begins")
    }
    return window
  }

  /// What is wrong with a value that stands here under a name.
  package func problem(_ problem: RecordedValueProblem, in name: String) -> RecordProblem {
    let joint = problem.place.hasPrefix("[") || problem.place.isEmpty ? "" : "."
    return RecordProblem("\(place(of: name))\(joint)\(problem.place)", problem.message)
  }
}
