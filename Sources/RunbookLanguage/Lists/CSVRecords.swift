package import Diagnostics

/// Reads comma-separated values as RFC 4180 has them: quotation marks around cells, doubled inside.
package struct CSVRecords {
  private let file: SourceText
  private let bytes: [UInt8]
  private var index: Int
  /// Where a quotation begins that does not end.
  package private(set) var unclosed: SourceLocation?

  package init(_ file: SourceText) {
    self.file = file
    bytes = file.bytes
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The cells of the next line that is not empty; `nil` at the end.
  package mutating func next() -> [Placed<String>]? {
    while index < bytes.count {
      let record = readRecord()
      if record.count > 1 || record.first?.value.isEmpty == false { return record }
    }
    return nil
  }

  private mutating func readRecord() -> [Placed<String>] {
    var record = [readCell()]
    while index < bytes.count, bytes[index] == UInt8(ascii: ",") {
      index += 1
      record.append(readCell())
    }
    if index < bytes.count { index += bytes[index...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
    return record
  }

  private mutating func readCell() -> Placed<String> {
    let start = index
    var text: [UInt8] = []
    if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { readQuotation(into: &text) }
    while index < bytes.count, ![UInt8(ascii: ","), 0x0A, 0x0D].contains(bytes[index]) {
      text.append(bytes[index])
      index += 1
    }
    let place = SourceLocation(file, SourceRange(start, index))
    return Placed(String(decoding: text, as: UTF8.self), at: place)
  }

  private mutating func readQuotation(into text: inout [UInt8]) {
    let start = index
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return }
        index += 1
      }
      text.append(byte)
    }
    unclosed = SourceLocation(file, SourceRange(start, start + 1))
  }
}
