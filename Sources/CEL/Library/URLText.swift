import Values

/// An address of the web in its parts (RFC 3986), read as browsers read it where they differ.
struct URLText {
  /// Why a text is no URL.
  struct Mistake: Error {
    let reason: String
  }

  /// In lower case; `nil` for references such as `/path?query`.
  private(set) var scheme: String?
  private(set) var user: String?
  /// In lower case, IPv6 addresses without brackets; `nil` where there is no `//`.
  private(set) var host: String?
  /// As written, or that of the scheme.
  private(set) var port: Int64?
  /// As written.
  private(set) var path = ""
  private(set) var query: String?
  private(set) var fragment: String?

  private static let ports: [String: Int64] = ["http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21]

  init(_ text: String) throws(Mistake) {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw Mistake(reason: "it has spaces or control characters")
    }
    var rest = bytes[...]
    if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
      fragment = Self.text(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      query = Self.text(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<mark]) {
      scheme = lowerASCII(Self.text(rest[..<mark]))
      rest = rest[(mark + 1)...]
    }
    // Browsers take a backslash for a slash, which is how `https://other.example\@known.example` misleads.
    let isOfBrowsers = scheme.map { Self.ports[$0] != nil } ?? true
    let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "/") || isOfBrowsers && byte == UInt8(ascii: "\\") }
    if rest.count >= 2, rest.prefix(2).allSatisfy(isSlash) {
      let authority = rest.dropFirst(2).prefix { !isSlash($0) }
      try read(authority: authority)
      rest = rest[authority.endIndex...]
    }
    path = Self.text(rest)
  }

  private mutating func read(authority: ArraySlice<UInt8>) throws(Mistake) {
    var rest = authority
    // Whatever stands before the last `@` says nothing of where the address leads.
    if let mark = rest.lastIndex(of: UInt8(ascii: "@")) {
      user = Self.text(rest[..<mark])
      rest = rest[(mark + 1)...]
    }
    let name: ArraySlice<UInt8>
    if rest.first == UInt8(ascii: "[") {
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { throw Mistake(reason: "a bracket is not closed") }
      name = rest[(rest.startIndex + 1)..<end]
      rest = rest[(end + 1)...]
    } else {
      name = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest[name.endIndex...]
    }
    host = lowerASCII(Self.text(name))
    port = scheme.flatMap { Self.ports[$0] }
    guard port == nil || !name.isEmpty else { throw Mistake(reason: "it names no host") }
    guard let mark = rest.first else { return }
    guard mark == UInt8(ascii: ":") else { throw Mistake(reason: "something stands behind the brackets") }
    let digits = rest.dropFirst()
    guard !digits.isEmpty else { return }
    guard digits.allSatisfy(isDigit), let number = UInt16(Self.text(digits)) else {
      throw Mistake(reason: "its port is no number up to 65535")
    }
    port = Int64(number)
  }

  private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What the query gives to each name, decoded, in the order of first appearance.
  var parameters: [(name: String, values: [String])] {
    var places: [ExactString: Int] = [:]
    var result: [(name: String, values: [String])] = []
    for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      let decodedName = Self.parameter(name)
      let value = Self.parameter(pair.dropFirst(name.count + 1))
      if let known = places[ExactString(decodedName)] {
        result[known].values.append(value)
      } else {
        places[ExactString(decodedName)] = result.count
        result.append((decodedName, [value]))
      }
    }
    return result
  }

  private static func parameter(_ bytes: Substring.UTF8View) -> String {
    let spaced = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
    return String(decoding: PercentEncoding.decoded(spaced) ?? spaced, as: UTF8.self)
  }
}

enum PercentEncoding {
  /// The bytes with each `%` and its two digits replaced; `nil` if there is nothing to replace.
  static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.contains(UInt8(ascii: "%")) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
        let low = digit(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result.count == bytes.count ? nil : result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
