/// Splits records of comma-separated values (RFC 4180): fields in double quotes may hold separators, line ends, and
/// quotes written twice.
struct CSVRecord {
  let separator: UInt8
  private var fields: [[UInt8]] = []
  private var field: [UInt8] = []
  /// Whether a quote waits for its end, so that the record goes on in the next line.
  private(set) var isOpen = false

  init(separator: UInt8) { self.separator = separator }

  /// The fields of a record that is a single line.
  func split(_ line: some Collection<UInt8>) -> [[UInt8]] {
    var record = self
    record.add(line)
    return record.end()
  }

  /// Goes on in the next line, which the line end before it belongs to.
  mutating func addLine(_ line: some Collection<UInt8>) {
    field.append(10)
    add(line)
  }

  mutating func add(_ line: some Collection<UInt8>) {
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      line.formIndex(after: &index)
      if isOpen {
        guard byte == UInt8(ascii: "\"") else {
          field.append(byte)
          continue
        }
        if index < line.endIndex, line[index] == byte {
          field.append(byte)
          line.formIndex(after: &index)
        } else {
          isOpen = false
        }
      } else if byte == separator {
        fields.append(field)
        field = []
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isOpen = true
      } else {
        field.append(byte)
      }
    }
  }

  /// The fields, with which the record ends.
  mutating func end() -> [[UInt8]] {
    fields.append(field)
    return fields
  }
}
