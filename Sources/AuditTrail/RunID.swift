package import Values

/// Names of runs: in the order of time, and not to be guessed or met twice.
package enum RunID {
  package static let lengthLimitBytes = 64
  /// Digits and letters without those that people confuse.
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let randomLetters = 6

  /// A name such as `20261123T043502Z-k3f9q2`.
  ///
  /// - Parameter randomBytes: Gives as many random bytes as it is asked for.
  package static func make(at instant: Timestamp, randomBytes: (Int) -> [UInt8]) -> String {
    let digits = instant.description.utf8.prefix(19).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
    let letters = randomBytes(randomLetters).map { alphabet[Int($0 & 31)] }
    return String(decoding: digits + [UInt8(ascii: "Z"), UInt8(ascii: "-")] + letters, as: UTF8.self)
  }

  /// Whether a text can be the name of a run: letters, digits, `-`, `_` and `.`, 1…64 bytes, no `.` in front.
  package static func isValid(_ text: String) -> Bool {
    (1...lengthLimitBytes).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
