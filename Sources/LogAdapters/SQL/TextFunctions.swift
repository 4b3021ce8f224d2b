import GRDB
import Values

/// Functions that make text comparable, for runbooks' SQL.
enum TextFunctions {
  static var all: [DatabaseFunction] { [percentDecoded] }

  /// `percent_decoded('%2e%2E/a')` is `../a`. Decodes once; a `%` without two hexadecimal digits stays. Bytes that are
  /// no UTF-8 become U+FFFD.
  private static var percentDecoded: DatabaseFunction {
    DatabaseFunction("percent_decoded", argumentCount: 1, pure: true) { values in
      guard let text = String.fromDatabaseValue(values[0]) else { return nil }
      guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
      return TextRepair.text(decoded(Array(text.utf8))[...])
    }
  }

  private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
        let low = hexDigit(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }
}
