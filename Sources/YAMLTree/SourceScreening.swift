import Diagnostics

/// The bytes of a document, checked before the parser sees them, with every place kept.
struct ScreenedSource {
  /// As many bytes as the source has; those that are no text are replaced by `?`.
  private(set) var bytes: [UInt8]
  /// Behind a byte order mark, if there is one.
  let contentStart: Int
  /// What is wrong with the bytes.
  let findings: [Diagnostic]
  /// `false` if it makes no sense to read on.
  let isText: Bool
  /// The offsets of the code points number 0, 128, 256, …, counted from `contentStart`; empty if all are ASCII.
  private var waypoints: [Int]

  private static let waypointDistance = 128
  /// Bytes that are no text: more than this many, and the document is taken for a binary file.
  static let foreignByteLimit = 20

  init(_ source: SourceText) {
    let original = source.bytes
    if let name = Self.wideEncoding(of: original) {
      self.init(rejected: original, finding: .wideEncoding(name, in: source))
      return
    }
    let start = original.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var scan = TextScan(original, from: start)
    scan.run()
    guard scan.foreign.count <= Self.foreignByteLimit else {
      self.init(rejected: original, finding: .binary(firstAt: scan.foreign[0].range, in: source))
      return
    }
    var clean = original
    for place in scan.foreign {
      for index in place.range.start..<place.range.end { clean[index] = UInt8(ascii: "?") }
    }
    self.init(
      bytes: clean, contentStart: start,
      findings: scan.foreign.map { .foreign($0.value, at: $0.range, in: source) }, isText: true,
      waypoints: scan.isASCII ? [] : Self.waypoints(in: clean, from: start))
  }

  private init(rejected bytes: [UInt8], finding: Diagnostic) {
    self.init(bytes: bytes, contentStart: 0, findings: [finding], isText: false, waypoints: [])
  }

  private init(bytes: [UInt8], contentStart: Int, findings: [Diagnostic], isText: Bool, waypoints: [Int]) {
    self.bytes = bytes
    self.contentStart = contentStart
    self.findings = findings
    self.isText = isText
    self.waypoints = waypoints
  }

  /// The byte offset of a code point counted from `contentStart`, as the parser's marks count.
  func offset(ofCodePoint number: Int) -> Int {
    guard !waypoints.isEmpty else { return min(contentStart + number, bytes.count) }
    let waypoint = min(number / Self.waypointDistance, waypoints.count - 1)
    var offset = waypoints[waypoint]
    var remaining = number - waypoint * Self.waypointDistance
    while remaining > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      remaining -= 1
    }
    return offset
  }

  /// Replaces a value by a word that means nothing, so that the parser can read on behind it.
  mutating func replace(_ range: SourceRange) {
    for index in range.start..<range.end { bytes[index] = UInt8(ascii: "x") }
    if !waypoints.isEmpty { waypoints = Self.waypoints(in: bytes, from: contentStart) }
  }

  /// Blanks the directives before the document, except `%YAML`, which the parser checks.
  ///
  /// Thousands of them would cost the parser quadratic time.
  mutating func removeDirectives(from source: SourceText) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var index = NodeProperties.endOfGap(from: contentStart, in: bytes)
    while index < bytes.count, bytes[index] == UInt8(ascii: "%") {
      let start = index
      while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      if !bytes[start..<index].starts(with: "%YAML".utf8) {
        findings.append(.directive(at: SourceRange(start, index), in: source))
        for offset in start..<index { bytes[offset] = 0x20 }
      }
      index = NodeProperties.endOfGap(from: index, in: bytes)
    }
    if !findings.isEmpty, !waypoints.isEmpty { waypoints = Self.waypoints(in: bytes, from: contentStart) }
    return findings
  }

  private static func waypoints(in bytes: [UInt8], from start: Int) -> [Int] {
    var result: [Int] = []
    var count = 0
    for index in start..<bytes.count where bytes[index] & 0xC0 != 0x80 {
      if count % waypointDistance == 0 { result.append(index) }
      count += 1
    }
    return result
  }

  /// UTF-16 and UTF-32 as YAML 1.2.2, section 5.2, tells them: by a mark, or by zeroes around an ASCII character.
  private static func wideEncoding(of bytes: [UInt8]) -> String? {
    let head = Array(bytes.prefix(4))
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard head.count == 4 else { return nil }
    switch head.map({ $0 == 0 }) {
    case [true, true, true, false], [false, true, true, true]: return "UTF-32"
    case [true, false, true, false], [false, true, false, true]: return "UTF-16"
    default: return nil
    }
  }
}

/// Finds the bytes of a document that are no text.
private struct TextScan {
  /// A byte that is not UTF-8 (`value` is `nil`) or a control character.
  private(set) var foreign: [(range: SourceRange, value: UInt32?)] = []
  private(set) var isASCII = true
  private let bytes: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    self.start = start
  }

  mutating func run() {
    var index = start
    // One more than the limit is enough to know that this is no text.
    while foreign.count <= ScreenedSource.foreignByteLimit {
      index = endOfPlainText(from: index)
      guard index < bytes.count else { return }
      let byte = bytes[index]
      if byte < 0x80 {
        foreign.append((SourceRange(index, index + 1), UInt32(byte)))
        index += 1
        continue
      }
      isASCII = false
      guard let (value, length) = character(at: index) else {
        foreign.append((SourceRange(index, index + 1), nil))
        index += 1
        continue
      }
      if (0x80..<0xA0).contains(value) && value != 0x85 || value == 0xFFFE || value == 0xFFFF {
        foreign.append((SourceRange(index, index + length), value))
      }
      index += length
    }
  }

  /// The next offset at which there is a control character or none of ASCII.
  private func endOfPlainText(from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        let byte = bytes[index]
        guard byte &- 0x20 < 0x5F || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
        index += 1
      }
      return index
    }
  }

  /// The character that begins here; `nil` if the bytes are not UTF-8 (overlong forms and surrogates are not).
  private func character(at index: Int) -> (value: UInt32, length: Int)? {
    let byte = bytes[index]
    let (length, least): (Int, UInt32)
    switch byte {
    case 0xC2...0xDF: (length, least) = (2, 0x80)
    case 0xE0...0xEF: (length, least) = (3, 0x800)
    case 0xF0...0xF4: (length, least) = (4, 0x10000)
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    var value = UInt32(byte) & (0xFF >> UInt32(length + 1))
    for next in bytes[(index + 1)..<(index + length)] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return (value, length)
  }
}
