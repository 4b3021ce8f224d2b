/// Splits records of comma-separated values (RFC 4180): fields in double quotes may hold separators, line ends, and
/// quotes written twice.
struct CSVRecord {
  let separator: UInt8

  /// The fields, and whether the last one still waits for its closing quote.
  func split(_ bytes: some RandomAccessCollection<UInt8>) -> (fields: [[UInt8]], isOpen: Bool) {
    var fields: [[UInt8]] = []
    var field: [UInt8] = []
    var isQuoted = false
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      bytes.formIndex(after: &index)
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          field.append(byte)
          continue
        }
        if index < bytes.endIndex, bytes[index] == byte {
          field.append(byte)
          bytes.formIndex(after: &index)
        } else {
          isQuoted = false
        }
      } else if byte == separator {
        fields.append(field)
        field = []
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isQuoted = true
      } else {
        field.append(byte)
      }
    }
    fields.append(field)
    return (fields, isQuoted)
  }
}
