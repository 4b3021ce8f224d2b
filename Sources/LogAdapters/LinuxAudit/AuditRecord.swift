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

    func hash(into hasher: inout Hasher) {
      hasher.combine(serial)
      hasher.combine(time.seconds)
    }
  }

  /// The types that events are put together by.
  enum Kind: UInt8, Sendable {
    case syscall, path, cwd, execve, proctitle, end, openat2, other

    /// - Parameter name: Where in the line it stands.
    init(_ name: Range<Int>, of line: UnsafeRawBufferPointer) {
      switch name.count {
      case 7 where line.holds("SYSCALL", at: name): self = .syscall
      case 4 where line.holds("PATH", at: name): self = .path
      case 3 where line.holds("CWD", at: name): self = .cwd
      case 9 where line.holds("PROCTITLE", at: name): self = .proctitle
      case 6 where line.holds("EXECVE", at: name): self = .execve
      case 3 where line.holds("EOE", at: name): self = .end
      case 7 where line.holds("OPENAT2", at: name): self = .openat2
      default: self = .other
      }
    }
  }

  /// The fixed beginning of a record.
  struct Head: Sendable {
    let key: EventKey
    let shape: Shape

    /// What there is to know of a record without its event.
    struct Shape: Sendable {
      let kind: Kind
      /// Where in the line the type's name stands, and where the fields begin.
      let type: Range<Int>
      let fieldStart: Int

      /// Whether auditing ends with this record, or goes on; `nil` for any other.
      func change(_ line: UnsafeRawBufferPointer) -> SourceSwitches.Change? {
        switch type.count {
        case 10 where line.holds("DAEMON_END", at: type): return .silent
        case 12 where line.holds("DAEMON_ABORT", at: type): return .silent
        case 12 where line.holds("DAEMON_START", at: type): return .begun
        case 13 where line.holds("CONFIG_CHANGE", at: type):
          return configuration(line)
        default: return nil
        }
      }

      /// Of a record that tells of a setting, or of a rule that was added or removed.
      private func configuration(_ line: UnsafeRawBufferPointer) -> SourceSwitches.Change? {
        var fields = AuditFieldScanner(line, from: fieldStart)
        var change: SourceSwitches.Change?
        while let name = fields.next() {
          let value = line[fields.value(ofFieldNamed: name)]
          switch name.count {
          case 13 where line.holds("audit_enabled", at: name):
            return value.elementsEqual("0".utf8) ? .silent : .speaking
          case 2 where line.holds("op", at: name):
            let words = value.filter { $0 != UInt8(ascii: "\"") }
            if words.elementsEqual("remove_rule".utf8) || words.elementsEqual("remove rule".utf8) {
              change = .rulesRemoved
            } else if words.elementsEqual("add_rule".utf8) || words.elementsEqual("add rule".utf8) {
              change = .rulesAdded
            }
          case 3 where line.holds("res", at: name) && value.elementsEqual("0".utf8): return nil
          default: break
          }
        }
        return change
      }
    }

    /// The time and number of a record as they stand in its line, and what they say: that of the next record is mostly
    /// the same.
    struct Stamp {
      fileprivate var bytes: [UInt8] = []
      fileprivate var key: EventKey?
    }

    /// - Returns: `nil` for a line that is no audit record.
    init?(_ line: UnsafeRawBufferPointer) {
      var stamp = Stamp()
      self.init(line, &stamp)
    }

    /// - Parameter stamp: That of the record before; becomes this one's.
    /// - Returns: `nil` for a line that is no audit record.
    init?(_ line: UnsafeRawBufferPointer, _ stamp: inout Stamp) {
      var scanner = AuditScanner(line)
      var node: String?
      if scanner.skip("node=") { node = scanner.word().map { String(decoding: line[$0], as: UTF8.self) } }
      guard scanner.skip("type="), let type = scanner.word(), scanner.skip("msg=audit(") else { return nil }
      if let known = stamp.key, node == nil, known.node == nil, scanner.skip(stamp.bytes) {
        key = known
      } else {
        let start = scanner.position
        guard let seconds = scanner.text(until: UInt8(ascii: ":")), let time = LogTime.epochSeconds(seconds),
          let serialText = scanner.text(until: UInt8(ascii: ")")), let serial = Self.serial(serialText),
          scanner.skip(":")
        else { return nil }
        key = EventKey(node: node, time: time, serial: serial)
        stamp.key = key
        stamp.bytes.removeAll(keepingCapacity: true)
        stamp.bytes.append(contentsOf: line[start..<scanner.position])
      }
      shape = Shape(kind: Kind(type, of: line), type: type, fieldStart: scanner.position)
    }

    private static func serial(_ text: UnsafeRawBufferPointer) -> UInt64? {
      LogTime.whole(text, 0, text.count).map(UInt64.init) ?? UInt64(String(decoding: text, as: UTF8.self))
    }
  }

  /// The line.
  let bytes: ArraySlice<UInt8>
  private let shape: Head.Shape

  /// - Parameter bytes: The line whose shape it is.
  init(_ shape: Head.Shape, _ bytes: ArraySlice<UInt8>) {
    self.shape = shape
    self.bytes = bytes
  }

  var type: String { bytes.withUnsafeBytes { String(decoding: $0[shape.type], as: UTF8.self) } }

  /// The time alone, for the order of files.
  static func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    var scanner = AuditScanner(line)
    if scanner.skip("node=") { _ = scanner.word() }
    guard scanner.skip("type="), scanner.word() != nil, scanner.skip("msg=audit("),
      let seconds = scanner.text(until: UInt8(ascii: ":"))
    else { return nil }
    return LogTime.epochSeconds(seconds)
  }

  /// The raw text of a field.
  func value(_ name: StaticString) -> ArraySlice<UInt8>? {
    let found = bytes.withUnsafeBytes { line -> Range<Int>? in
      var fields = AuditFieldScanner(line, from: shape.fieldStart)
      while let field = fields.next() {
        if line.holds(name, at: field) { return fields.value(ofFieldNamed: field) }
      }
      return nil
    }
    return found.map(slice)
  }

  private func slice(_ range: Range<Int>) -> ArraySlice<UInt8> {
    bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound]
  }

  func text(_ name: StaticString) -> String? { value(name).map { String(decoding: $0, as: UTF8.self) } }

  /// A whole number; `nil` also for 4294967295, the kernel's word for "not set".
  func number(_ name: StaticString) -> Int64? {
    guard let value = value(name) else { return nil }
    let whole = value.withUnsafeBytes { LogTime.whole($0, 0, $0.count) }
    return (whole.map(Int64.init) ?? Int64(String(decoding: value, as: UTF8.self)))
      .flatMap { $0 == 4_294_967_295 ? nil : $0 }
  }

  func hexadecimal(_ name: StaticString) -> UInt64? { text(name).flatMap { UInt64($0, radix: 16) } }

  /// A field whose text is in quotes, or in hexadecimal when it holds a blank, a quote or anything but printable ASCII.
  func decoded(_ name: StaticString) -> [UInt8]? { value(name).flatMap(Self.decode) }

  func string(_ name: StaticString) -> String? {
    guard let value = value(name) else { return nil }
    return Self.quoted(value).map { TextRepair.text($0) } ?? Self.decode(value).map { TextRepair.text($0) }
  }

  /// What stands in quotes; `nil` for a value without them.
  private static func quoted(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard value.first == UInt8(ascii: "\"") else { return nil }
    return value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
  }

  /// The bytes of a text field; `nil` for the kernel's words for "none". Its hexadecimal is in capitals, so that
  /// unquoted text of programs is not taken for it.
  static func decode(_ value: ArraySlice<UInt8>) -> [UInt8]? {
    if let quoted = quoted(value) { return Array(quoted) }
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
    var arguments: [(Int, [UInt8])] = []
    bytes.withUnsafeBytes { line in
      var fields = AuditFieldScanner(line, from: shape.fieldStart)
      while let field = fields.next() {
        guard line[field.lowerBound] == UInt8(ascii: "a") else { continue }
        let digits = line[field].dropFirst().prefix { (48...57).contains($0) }
        let rest = line[field].dropFirst(1 + digits.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: "["),
          let index = Int(String(decoding: digits, as: UTF8.self)),
          let text = Self.decode(slice(fields.value(ofFieldNamed: field)))
        else { continue }
        arguments.append((index, text))
      }
    }
    return arguments
  }
}
