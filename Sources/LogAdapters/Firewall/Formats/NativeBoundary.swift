import Values

/// A line that opens a part of a transaction in ModSecurity's own form: `--263b2026-A--`, in version 3
/// `---tTj5G31H---A--`.
///
/// The key between the dashes is random and the same for all parts of a transaction. A client can write lines of this
/// form into what it sends, but cannot foresee the key.
struct NativeBoundary: Equatable {
  let key: [UInt8]
  let part: UInt8

  static let keyLength = 8

  let isVersion3: Bool
  var isFirst: Bool { part == UInt8(ascii: "A") }
  var isLast: Bool { part == UInt8(ascii: "Z") }

  init?(_ line: UnsafeRawBufferPointer) {
    var line = line[...]
    if line.last == 13 { line.removeLast() }
    guard line.count == 14 || line.count == 17, line.starts(with: "--".utf8) else { return nil }
    isVersion3 = line.count == 17
    let dashes = isVersion3 ? 3 : 2
    let keyEnd = line.startIndex + dashes + Self.keyLength
    let body = line[(line.startIndex + dashes)..<keyEnd]
    let rest = line[keyEnd...]
    guard line.prefix(dashes).allSatisfy({ $0 == 45 }), body.allSatisfy(Self.isKeyByte),
      rest.prefix(dashes == 3 ? 3 : 1).allSatisfy({ $0 == 45 }), rest.suffix(2).allSatisfy({ $0 == 45 }),
      let part = rest.dropLast(2).last, (65...90).contains(part)
    else { return nil }
    key = Array(body)
    self.part = part
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// The times of the transactions that begin among lines which may begin in the middle of one.
  ///
  /// What stands in a body could look like a transaction. So nothing counts that stands before a part of a transaction
  /// whose beginning is not there, and nothing between the first and the last part of another.
  static func times(in lines: [UnsafeRawBufferPointer]) -> [Timestamp] {
    var begun: [(key: [UInt8], time: Timestamp?, isOpen: Bool)] = []
    for (index, line) in lines.enumerated() {
      guard let boundary = NativeBoundary(line) else { continue }
      if let place = begun.firstIndex(where: { $0.isOpen && $0.key == boundary.key }) {
        begun.removeSubrange((place + 1)...)
        if boundary.isLast { begun[place].isOpen = false }
      } else if boundary.isFirst {
        let header = lines.indices.contains(index + 1) ? NativeHeader(lines[index + 1]) : nil
        begun.append((boundary.key, header?.time, true))
      } else {
        begun = []
      }
    }
    return begun.compactMap(\.time)
  }
}

/// The line of part A: `[23/Nov/2026:03:33:57.666577 +0000] id 192.0.2.1 50110 192.0.2.2 80`.
struct NativeHeader {
  let time: Timestamp
  let id: String
  let client: String
  let port: Int64?

  init?(_ line: UnsafeRawBufferPointer) {
    guard line.first == UInt8(ascii: "["), let end = line.prefix(64).firstIndex(of: UInt8(ascii: "]")),
      let time = LogTime.commonLog(UnsafeRawBufferPointer(rebasing: line[1..<end]))
    else { return nil }
    let words = line[(end + 1)...].split(separator: 0x20, maxSplits: 4).map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 3 else { return nil }
    self.time = time
    (id, client, port) = (words[0], words[1], Int64(words[2]))
  }
}
