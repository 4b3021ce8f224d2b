/// Texts that look like keys, tokens and passwords, which belong in a store of secrets and never into a document, a
/// terminal or a report.
///
/// It knows how issuers mark their keys (a prefix and a length), what stands behind words such as `password`, passwords
/// in addresses, and long words that are too mixed for a name. Digests in hexadecimal, which runbooks are full of, are
/// taken for secrets only behind such a word.
package enum SecretShape {
  /// Shortest word that is taken for a secret because it is mixed.
  static let mixedWordLength = 24
  /// Shortest value that is taken for a secret behind a word such as `password`.
  static let namedValueLength = 8

  /// Where secrets seem to stand, in UTF-8 offsets, in their order, none within another.
  package static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < bytes.count {
      let start = index
      index = endOfWord(from: start, in: bytes)
      guard index > start else {
        index += 1
        if bytes[start] == UInt8(ascii: ":"), let password = passwordInAddress(bytes, at: start) {
          found.append(password)
          index = password.upperBound
        }
        continue
      }
      guard index - start >= shortestWord else { continue }
      if let range = secret(inWord: start..<index, of: bytes) ?? value(behind: start..<index, in: bytes) {
        found.append(range)
        index = max(index, range.upperBound)
      }
    }
    return found
  }

  private static func endOfWord(from start: Int, in bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count, isWordByte(bytes[end]) { end += 1 }
      return end
    }
  }

  /// The text with a star for each character of what looks like a secret.
  package static func concealed(_ text: String) -> String {
    String(decoding: concealed(Array(text.utf8)), as: UTF8.self)
  }

  /// The text with a star for each byte of what looks like a secret, but for ends of lines and the like.
  package static func concealed(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    for range in ranges(in: text) {
      for index in range where bytes[index] >= 0x20 { bytes[index] = UInt8(ascii: "*") }
    }
    return bytes
  }

  /// What looks like a secret in a text.
  package static func secrets(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    return ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  // MARK: Words that issuers mark

  /// What keys begin with, and how many more letters and digits they have at least.
  private static let issued: [(prefix: [UInt8], length: Int)] = [
    ("AKIA", 16), ("ASIA", 16), ("ghp_", 36), ("gho_", 36), ("ghu_", 36), ("ghs_", 36), ("ghr_", 36),
    ("github_pat_", 22), ("glpat-", 20), ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10),
    ("sk_live_", 16), ("rk_live_", 16), ("sk-ant-", 16), ("sk-proj-", 16), ("AIza", 35), ("NRAK-", 20), ("NRII-", 20),
    ("SG.", 40), ("hvs.", 20), ("dop_v1_", 40), ("npm_", 36), ("pypi-", 40), ("AGE-SECRET-KEY-1", 40),
    ("PRIVATE+KEY+", 20),
  ].map { (Array($0.0.utf8), $0.1) }

  /// A word of fewer bytes is no secret: the first one of a private key has so many.
  private static var shortestSecret: Int { 10 }
  /// Behind a word of fewer bytes stands none: `token` and `basic` have so many.
  private static var shortestWord: Int { 5 }

  private static func secret(inWord word: Range<Int>, of bytes: [UInt8]) -> Range<Int>? {
    guard word.count >= shortestSecret else { return nil }
    if let block = keyBlock(at: word, in: bytes) { return block }
    var start = word.lowerBound
    while start < word.upperBound {
      let end = bytes[start..<word.upperBound].firstIndex(of: UInt8(ascii: "/")) ?? word.upperBound
      let part = start..<end
      if part.count >= 14, isIssued(part, in: bytes) || isWebToken(part, in: bytes) || isMixed(part, in: bytes) {
        return part
      }
      start = end + 1
    }
    return nil
  }

  private static func isIssued(_ part: Range<Int>, in bytes: [UInt8]) -> Bool {
    issued.contains { prefix, length in
      part.count >= prefix.count + length && bytes[part].starts(with: prefix)
    }
  }

  /// `eyJ….eyJ….…`: a JSON Web Token (RFC 7519).
  private static func isWebToken(_ part: Range<Int>, in bytes: [UInt8]) -> Bool {
    let head = Array("eyJ".utf8)
    guard bytes[part].starts(with: head) else { return false }
    let pieces = bytes[part].split(separator: UInt8(ascii: "."))
    return pieces.count == 3 && pieces[1].starts(with: head) && pieces.allSatisfy { $0.count >= 10 }
  }

  /// The first line of a private key as text (RFC 7468).
  private static func keyBlock(at word: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
    guard bytes[word].elementsEqual("-----BEGIN".utf8) else { return nil }
    let line = bytes[word.upperBound...].prefix { $0 != 0x0A && $0 != 0x0D }
    let mark = Array("PRIVATE KEY-----".utf8)
    guard let end = line.indices.first(where: { bytes[$0..<line.endIndex].starts(with: mark) }) else { return nil }
    return word.lowerBound..<end + mark.count
  }

  // MARK: Mixed words

  /// Whether capital and small letters and digits change so often that nobody made the word up.
  private static func isMixed(_ part: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard part.count >= mixedWordLength, part.count <= 512 else { return false }
    var counts = [Int](repeating: 0, count: 4)
    var changes = 0
    var last: Int?
    for byte in bytes[part] {
      let kind = kind(of: byte)
      counts[kind] += 1
      if let last, last != kind { changes += 1 }
      last = kind
    }
    let hasAll = counts[0] >= 3 && counts[1] >= 3 && counts[2] >= 2
    return hasAll && counts[3] * 8 <= part.count && changes * 5 >= part.count * 2
  }

  /// 0 and 1 for letters, 2 for digits, 3 for the rest.
  private static func kind(of byte: UInt8) -> Int {
    switch byte {
    case 65...90: 0
    case 97...122: 1
    case 48...57: 2
    default: 3
    }
  }

  // MARK: Behind a word, and in addresses

  /// Whether a word ends in one behind which secrets stand.
  private static func isName(_ word: Range<Int>, in bytes: [UInt8]) -> Bool {
    func ends(in name: StaticString) -> Bool {
      word.count >= name.utf8CodeUnitCount && isSame(word.suffix(name.utf8CodeUnitCount), as: name, in: bytes)
    }
    switch bytes[word.upperBound - 1] | 0x20 {
    case UInt8(ascii: "d"): return ends(in: "password") || ends(in: "passwd")
    case UInt8(ascii: "e"): return ends(in: "passphrase")
    case UInt8(ascii: "t"): return ends(in: "secret")
    case UInt8(ascii: "n"): return ends(in: "token")
    case UInt8(ascii: "y"):
      return ends(in: "apikey") || ends(in: "api_key") || ends(in: "api-key") || ends(in: "access_key")
        || ends(in: "private_key")
    default: return false
    }
  }

  /// Whether a word is a scheme of HTTP's `Authorization`.
  private static func isScheme(_ word: Range<Int>, in bytes: [UInt8]) -> Bool {
    switch bytes[word.upperBound - 1] | 0x20 {
    case UInt8(ascii: "r"): isSame(word, as: "bearer", in: bytes)
    case UInt8(ascii: "c"): isSame(word, as: "basic", in: bytes)
    default: false
    }
  }

  /// Whether letters are the same, be they capital or small; the last is looked at first, which most words differ in.
  private static func isSame(_ word: Range<Int>, as name: StaticString, in bytes: [UInt8]) -> Bool {
    guard word.count == name.utf8CodeUnitCount else { return false }
    let letters = name.utf8Start
    for place in stride(from: word.count - 1, through: 0, by: -1) {
      let byte = bytes[word.lowerBound + place]
      guard letters[place] == ((65...90).contains(byte) ? byte | 0x20 : byte) else { return false }
    }
    return true
  }

  /// `password: …`, `token=…`, `Bearer …`.
  private static func value(behind word: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
    guard word.count <= 40 else { return nil }
    let isScheme = isScheme(word, in: bytes)
    guard isScheme || isName(word, in: bytes) else { return nil }
    var index = word.upperBound
    func skip(_ set: [UInt8]) { while index < bytes.count, set.contains(bytes[index]) { index += 1 } }
    if !isScheme {
      skip([0x22, 0x27, 0x20])
      guard index < bytes.count, bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "=") else {
        return nil
      }
      index += 1
    }
    skip([0x20, 0x22, 0x27])
    let start = index
    while index < bytes.count, isValueByte(bytes[index]) { index += 1 }
    let value = start..<index
    guard value.count >= (isScheme ? 16 : namedValueLength), looksRandom(value, in: bytes) else { return nil }
    return value
  }

  /// Whether a value is no word, path, reference or placeholder: it has digits and letters in several changes.
  private static func looksRandom(_ value: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard let first = bytes[value].first, isLetterOrDigit(first) else { return false }
    var digits = 0
    var letters = 0
    for byte in bytes[value] {
      if (48...57).contains(byte) { digits += 1 } else if isLetterOrDigit(byte) { letters += 1 }
    }
    let names = bytes[value].prefix { $0 != UInt8(ascii: ":") }
    let isReference = names.count < value.count && ["env", "file", "secret"].contains { names.elementsEqual($0.utf8) }
    let isCall = bytes[value].contains(UInt8(ascii: "(")) || bytes[value].contains(UInt8(ascii: "."))
    return !isReference && !isCall && digits >= 2 && letters >= 3
  }

  /// The password of `scheme://user:password@host`, whose first colon stands at an index.
  private static func passwordInAddress(_ bytes: [UInt8], at index: Int) -> Range<Int>? {
    guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "/"),
      bytes[index + 2] == UInt8(ascii: "/")
    else { return nil }
    let authority = bytes[(index + 3)...].prefix { isValueByte($0) && $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":")), at - colon > 4
    else { return nil }
    let first = bytes[colon + 1]
    return isLetterOrDigit(first) ? colon + 1..<at : nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { kind(of: byte) < 3 }

  /// What keys are made of, `/` and `.` included.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    // From `-` to `9` they follow one another.
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "+")
  }

  /// Anything printable but quotes, commas and what closes a bracket.
  private static func isValueByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x27, 0x2C, 0x5D, 0x7D, 0x60, 0x3E: false
    default: byte > 0x20 && byte < 0x7F
    }
  }
}
