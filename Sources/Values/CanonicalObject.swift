/// Writes an object as canonical JSON, member by member: for records, of which there are many.
///
/// Members are added in the order of their names. Numbers stand in the form that records have (`JSON.recordable`).
package struct CanonicalObject {
  private var output: [UInt8]
  private var last: StaticString?

  private static let usualBytes = 512

  private init(_ output: consuming [UInt8]) {
    self.output = output
    self.output.append(UInt8(ascii: "{"))
  }

  /// The object's text.
  ///
  /// - Parameter write: Adds the members.
  package static func bytes(_ write: (inout CanonicalObject) -> Void) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(usualBytes)
    var object = CanonicalObject(output)
    write(&object)
    return object.ended()
  }

  private consuming func ended() -> [UInt8] {
    output.append(UInt8(ascii: "}"))
    return output
  }

  private mutating func begin(_ name: StaticString) {
    assert(
      last.map { JSON.precedes("\($0)", "\(name)") } ?? true, "members stand in the order of their names, and each once"
    )
    if last != nil { output.append(UInt8(ascii: ",")) }
    last = name
    output.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { output.append(contentsOf: $0) }
    output.append(UInt8(ascii: "\""))
    output.append(UInt8(ascii: ":"))
  }

  // MARK: Members

  package mutating func add(_ name: StaticString, _ text: String) {
    begin(name)
    JSON.write(text, to: &output)
  }

  /// - Parameter text: `nil` stands as `null`.
  package mutating func add(_ name: StaticString, _ text: String?) {
    if let text { add(name, text) } else { addNull(name) }
  }

  /// - Parameter instant: `nil` stands as `null`.
  package mutating func add(_ name: StaticString, _ instant: Timestamp?) {
    guard let instant else { return addNull(name) }
    begin(name)
    JSON.write(instant, to: &output)
  }

  package mutating func add(_ name: StaticString, _ holds: Bool) {
    begin(name)
    let word: StaticString = holds ? "true" : "false"
    word.withUTF8Buffer { output.append(contentsOf: $0) }
  }

  package mutating func add(_ name: StaticString, _ number: Int) { add(name, JSON.integer(Int64(number))) }

  package mutating func add(_ name: StaticString, _ json: JSON) {
    begin(name)
    json.recordable.write(to: &output)
  }

  package mutating func add(_ name: StaticString, _ texts: [String]) {
    add(name, listOf: texts.count) { JSON.write(texts[$0], to: &$1) }
  }

  /// - Parameter element: Writes the element at a place.
  package mutating func add(
    _ name: StaticString, listOf count: Int, _ element: (_ place: Int, inout [UInt8]) -> Void
  ) {
    begin(name)
    JSON.writeList(of: count, to: &output, element)
  }

  package mutating func addNull(_ name: StaticString) {
    begin(name)
    output.append(contentsOf: "null".utf8)
  }

  /// - Parameter bytes: A value that is written already.
  package mutating func add(_ name: StaticString, written bytes: [UInt8]) {
    begin(name)
    output.append(contentsOf: bytes)
  }

  /// - Parameter write: Adds the members of the object that stands there.
  package mutating func add(_ name: StaticString, _ write: (inout CanonicalObject) -> Void) {
    begin(name)
    var inner = CanonicalObject(output)
    output = []
    write(&inner)
    output = inner.ended()
  }
}

extension JSON {
  /// Writes an instant behind what stands there.
  static func write(_ instant: Timestamp, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    instant.write(to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// Writes a list behind what stands there.
  ///
  /// - Parameter element: Writes the element at a place.
  package static func writeList(
    of count: Int, to output: inout [UInt8], _ element: (_ place: Int, inout [UInt8]) -> Void
  ) {
    output.append(UInt8(ascii: "["))
    for place in 0..<count {
      if place > 0 { output.append(UInt8(ascii: ",")) }
      element(place, &output)
    }
    output.append(UInt8(ascii: "]"))
  }
}

extension CanonicalObject {
  /// An object with the members of two, whose names are plain ASCII.
  package static func joined(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(one.count + other.count)
    output.append(UInt8(ascii: "{"))
    func add(_ member: CanonicalMembers.Member) {
      if output.count > 1 { output.append(UInt8(ascii: ",")) }
      output.append(UInt8(ascii: "\""))
      output.append(contentsOf: member.name)
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
      output.append(contentsOf: member.value)
    }
    one.withUnsafeBufferPointer { one in
      other.withUnsafeBufferPointer { other in
        var (ones, others) = (CanonicalMembers(one), CanonicalMembers(other))
        var next = others.next()
        while let member = ones.next() {
          while let earlier = next, earlier.name.lexicographicallyPrecedes(member.name) {
            add(earlier)
            next = others.next()
          }
          add(member)
        }
        while let left = next {
          add(left)
          next = others.next()
        }
      }
    }
    output.append(UInt8(ascii: "}"))
    return output
  }
}
