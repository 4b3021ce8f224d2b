import Values

/// One line of a Linux audit log: `type=SYSCALL msg=audit(1795405271.970:5): arch=c000003e …`.
///
/// After linux-audit/audit-documentation, "Audit record fields"; the enriched form has a byte 0x1D, behind which the
/// numbers stand once more as names.
struct AuditRecord: Sendable {
  /// What the records of one event share.
  struct EventKey: Hashable, Sendable {
    let node: String?
    let time: Timestamp
    let serial: UInt64
  }

  let type: String
  let key: EventKey
  /// The line.
  let bytes: [UInt8]
  private let fields: [Field]

  private struct Field {
    let nameStart: Int32
    let nameEnd: Int32
    let valueEnd: Int32

    var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    var value: Range<Int> { Int(nameEnd) + 1..<Int(valueEnd) }
  }

  /// - Returns: `nil` for a line that is no audit record.
  init?(_ line: UnsafeRawBufferPointer) {
    var scanner = AuditScanner(line)
    var node: String?
    if scanner.skip("node=") { node = scanner.word() }
    guard scanner.skip("type="), let type = scanner.word(), scanner.skip("msg=audit("),
      let seconds = scanner.text(until: UInt8(ascii: ":")), let time = LogTime.epochSeconds(seconds),
      let serialText = scanner.text(until: UInt8(ascii: ")")),
      let serial = UInt64(String(decoding: serialText, as: UTF8.self)), scanner.skip(":")
    else { return nil }
    self.type = type
    key = EventKey(node: node, time: time, serial: serial)
    bytes = Array(line)
    fields = Self.fields(of: bytes, from: scanner.position)
  }

  /// The time alone, for the order of files.
  static func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    var scanner = AuditScanner(line)
    if scanner.skip("node=") { _ = scanner.word() }
    guard scanner.skip("type="), scanner.word() != nil, scanner.skip("msg=audit("),
      let seconds = scanner.text(until: UInt8(ascii: ":"))
    else { return nil }
    return LogTime.epochSeconds(seconds)
  }

  private static func fields(of bytes: [UInt8], from start: Int) -> [Field] {
    var fields: [Field] = []
    fields.reserveCapacity(32)
    var index = start
    while index < bytes.count {
      let start = index
      while index < bytes.count, !isGap(bytes[index]), bytes[index] != UInt8(ascii: "=") { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "="), index > start else {
        index += 1
        continue
      }
      let nameEnd = index
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
        index = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")).map { $0 + 1 } ?? bytes.count
      } else if index < bytes.count, bytes[index] == UInt8(ascii: "'") {
        // Records of programs, such as USER_LOGIN, hold fields of their own in single quotes.
        index += 1
        continue
      } else {
        while index < bytes.count, !isGap(bytes[index]), bytes[index] != UInt8(ascii: "'") { index += 1 }
      }
      fields.append(Field(nameStart: Int32(start), nameEnd: Int32(nameEnd), valueEnd: Int32(index)))
    }
    return fields
  }

  private static func isGap(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x1D || byte == 0x09 }

  /// The raw text of a field.
  func value(_ name: StaticString) -> ArraySlice<UInt8>? {
    name.withUTF8Buffer { name in
      bytes.withUnsafeBytes { bytes in
        fields.first { field in
          field.nameEnd - field.nameStart == name.count
            && bytes[field.name.lowerBound] == name[0]
            && UnsafeRawBufferPointer(rebasing: bytes[field.name]).elementsEqual(name)
        }
      }.map { bytes[$0.value] }
    }
  }

  func text(_ name: StaticString) -> String? { value(name).map { String(decoding: $0, as: UTF8.self) } }

  /// A whole number; `nil` also for 4294967295, the kernel's word for "not set".
  func number(_ name: StaticString) -> Int64? {
    text(name).flatMap { Int64($0) }.flatMap { $0 == 4_294_967_295 ? nil : $0 }
  }

  func hexadecimal(_ name: StaticString) -> UInt64? { text(name).flatMap { UInt64($0, radix: 16) } }

  /// A field whose text is in quotes, or in hexadecimal when it holds a blank, a quote or anything but printable ASCII.
  func decoded(_ name: StaticString) -> [UInt8]? { value(name).flatMap(Self.decode) }

  func string(_ name: StaticString) -> String? { decoded(name).map { TextRepair.text($0) } }

  /// The bytes of a text field; `nil` for the kernel's words for "none". Its hexadecimal is in capitals, so that
  /// unquoted text of programs is not taken for it.
  static func decode(_ value: ArraySlice<UInt8>) -> [UInt8]? {
    if value.first == UInt8(ascii: "\"") {
      return Array(value.dropFirst().prefix { $0 != UInt8(ascii: "\"") })
    }
    if value.isEmpty || value.first == UInt8(ascii: "(") || value.elementsEqual("?".utf8) { return nil }
    guard value.count % 2 == 0 else { return Array(value) }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(value.count / 2)
    var index = value.startIndex
    while index < value.endIndex {
      guard value[index] < 0x60, value[index + 1] < 0x60, let high = hexDigit(value[index]),
        let low = hexDigit(value[index + 1])
      else { return Array(value) }
      decoded.append(high << 4 | low)
      index += 2
    }
    return decoded
  }

  /// The arguments of an EXECVE record, in order: `a0`, `a1`, and the pieces of long ones, `a2[0]`, `a2[1]`.
  var arguments: [(index: Int, text: [UInt8])] {
    fields.compactMap { field in
      let name = bytes[field.name]
      guard name.first == UInt8(ascii: "a") else { return nil }
      let digits = name.dropFirst().prefix { (48...57).contains($0) }
      let rest = name.dropFirst(1 + digits.count)
      guard rest.isEmpty || rest.first == UInt8(ascii: "["), let index = Int(String(decoding: digits, as: UTF8.self)),
        let text = Self.decode(bytes[field.value])
      else { return nil }
      return (index, text)
    }
  }
}

/// Reads the fixed beginning of a record.
private struct AuditScanner {
  let line: UnsafeRawBufferPointer
  var position = 0

  init(_ line: UnsafeRawBufferPointer) { self.line = line }

  mutating func skip(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { text in
      guard position + text.count <= line.count, line[position..<position + text.count].elementsEqual(text) else {
        return false
      }
      position += text.count
      return true
    }
  }

  mutating func text(until mark: UInt8) -> UnsafeRawBufferPointer? {
    guard let end = line[position...].prefix(64).firstIndex(of: mark), end > position else { return nil }
    defer { position = end + 1 }
    return UnsafeRawBufferPointer(rebasing: line[position..<end])
  }

  /// The text up to the next blank, which is passed over.
  mutating func word() -> String? {
    guard let end = line[position...].prefix(256).firstIndex(of: 0x20), end > position else { return nil }
    defer { position = end + 1 }
    return String(decoding: line[position..<end], as: UTF8.self)
  }
}
