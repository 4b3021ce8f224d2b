extension JSON {
  /// The text as RFC 8785 (JCS) writes it: no spaces, members in the order of their names' UTF-16 code units, numbers
  /// as ECMAScript prints them. Equal values give equal bytes.
  ///
  /// Numbers of `.number` are written as they stand.
  public var canonicalBytes: [UInt8] {
    var output: [UInt8] = []
    if case .object = self { output.reserveCapacity(Self.usualObjectBytes) }
    write(to: &output, sorted: true)
    return output
  }

  private static let usualObjectBytes = 512

  public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

  /// The text without spaces, members in the order in which they stand.
  public var compactText: String {
    var output: [UInt8] = []
    write(to: &output, sorted: false)
    return String(decoding: output, as: UTF8.self)
  }

  /// How many bytes `canonicalBytes` has.
  public var canonicalCount: Int {
    switch self {
    case .null: 4
    case .bool(let value): value ? 4 : 5
    case .integer(let value): Self.digitCount(value)
    case .double(let value): Self.ecmaScriptText(of: value).utf8.count
    case .number(let text): text.utf8.count
    case .string(let text): Self.writtenCount(of: text)
    case .array(let elements): Self.canonicalCount(of: elements)
    case .object(let members): Self.canonicalCount(of: members)
    }
  }

  private static func canonicalCount(of elements: [JSON]) -> Int {
    var count = 2 + max(0, elements.count - 1)
    for index in elements.indices { count += elements[index].canonicalCount }
    return count
  }

  private static func canonicalCount(of members: [Member]) -> Int {
    var count = 2 + max(0, members.count - 1)
    // By their places: going over them would count references to each.
    for index in members.indices {
      count += writtenCount(of: members[index].name) + 1 + members[index].value.canonicalCount
    }
    return count
  }

  /// Writes the canonical text behind what stands there.
  func write(to output: inout [UInt8]) { write(to: &output, sorted: true) }

  private func write(to output: inout [UInt8], sorted: Bool) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): Self.copy(String(value), to: &output)
    case .double(let value): Self.write(value, to: &output)
    case .number(let text): Self.copy(text, to: &output)
    case .string(let text): Self.write(text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      var isFirst = true
      func write(_ member: Member, to output: inout [UInt8]) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        Self.write(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output, sorted: sorted)
      }
      if sorted, !Self.areInOrder(members) {
        Self.inCanonicalOrder(members) { write($0, to: &output) }
      } else {
        for member in members { write(member, to: &output) }
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func areInOrder(_ members: [Member]) -> Bool {
    for place in members.indices.dropFirst() where precedes(members[place].name, members[place - 1].name) {
      return false
    }
    return true
  }

  /// Hands out the members in the order of their names. Objects are small, so they are sorted by insertion.
  private static func inCanonicalOrder(_ members: [Member], _ take: (Member) -> Void) {
    guard members.count <= insertionLimit else {
      return members.sorted { precedes($0.name, $1.name) }.forEach(take)
    }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: members.count) { order in
      for end in members.indices {
        var place = end
        while place > 0, precedes(members[end].name, members[order[place - 1]].name) {
          order[place] = order[place - 1]
          place -= 1
        }
        order[place] = end
      }
      for place in order { take(members[place]) }
    }
  }

  private static let insertionLimit = 24

  /// The order of UTF-16 code units; of UTF-8 bytes it differs only beyond the basic plane.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let isPlain = left.utf8.withContiguousStorageIfAvailable { left in
      right.utf8.withContiguousStorageIfAvailable { right -> Bool? in
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
          return left[index] >= 0xEE || right[index] >= 0xEE ? nil : left[index] < right[index]
        }
        return left.count < right.count
      }
    }
    if case .some(.some(.some(let isBefore))) = isPlain { return isBefore }
    return left.utf16.lexicographicallyPrecedes(right.utf16)
  }

  static func copy(_ text: String, to output: inout [UInt8]) {
    let isCopied: Void? = text.utf8.withContiguousStorageIfAvailable { output.append(contentsOf: $0) }
    if isCopied == nil { output.append(contentsOf: text.utf8) }
  }

  private static func digitCount(_ value: Int64) -> Int {
    var count = value < 0 ? 2 : 1
    var rest = value.magnitude / 10
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  private static func writtenCount(of text: String) -> Int {
    let known = text.utf8.withContiguousStorageIfAvailable { bytes in
      var count = bytes.count + 2
      var place = plainCount(of: bytes, from: 0)
      while place < bytes.count {
        count += escape(of: bytes[place]).count - 1
        place = plainCount(of: bytes, from: place + 1)
      }
      return count
    }
    return known ?? text.utf8.reduce(2) { $0 + (isPlain($1) ? 1 : escape(of: $1).count) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Where the first byte stands, at or behind a place, that cannot stand for itself; the end if there is none.
  package static func plainCount(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var place = start
    let raw = UnsafeRawBufferPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Eight at a time: subtracting makes the highest bit of a byte that is too small, or is zero.
    while place + 8 <= bytes.count {
      let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let (quotes, escapes) = (word ^ (ones &* 0x22), word ^ (ones &* 0x5C))
      let unusual =
        (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (escapes &- ones) & ~escapes
      guard unusual & (ones << 7) == 0 else { break }
      place += 8
    }
    while place < bytes.count, isPlain(bytes[place]) { place += 1 }
    return place
  }

  /// Writes a text as a JSON string, in its canonical form, behind what stands there.
  public static func write(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
      var start = 0
      while true {
        let end = plainCount(of: bytes, from: start)
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        guard end < bytes.count else { return }
        output.append(contentsOf: escape(of: bytes[end]))
        start = end + 1
      }
    }
    if isWritten == nil {
      for byte in text.utf8 {
        if isPlain(byte) { output.append(byte) } else { output.append(contentsOf: escape(of: byte)) }
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// What stands for a byte that cannot stand for itself.
  static func escape(of byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\""): [0x5C, 0x22]
    case UInt8(ascii: "\\"): [0x5C, 0x5C]
    case 0x08: [0x5C, UInt8(ascii: "b")]
    case 0x0C: [0x5C, UInt8(ascii: "f")]
    case 0x0A: [0x5C, UInt8(ascii: "n")]
    case 0x0D: [0x5C, UInt8(ascii: "r")]
    case 0x09: [0x5C, UInt8(ascii: "t")]
    default: [0x5C, UInt8(ascii: "u"), 0x30, 0x30, hexDigit(byte >> 4), hexDigit(byte & 15)]
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
