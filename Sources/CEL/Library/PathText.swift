/// A path in its parts, and the one that a server opens for it.
struct PathText {
  /// How often percent signs are decoded in a path: attackers encode twice, and nobody means it five times.
  private static let mostDecodings = 5

  let isAbsolute: Bool
  let parts: [String]

  /// Parts are separated by `/`, and by `\` in a path without `/`, as Windows writes it.
  init(_ text: String) {
    let hasSlash = text.utf8.contains(UInt8(ascii: "/"))
    let separator = hasSlash ? UInt8(ascii: "/") : UInt8(ascii: "\\")
    isAbsolute = text.utf8.first == separator
    parts = text.utf8.split(separator: separator).map { String(decoding: $0, as: UTF8.self) }
  }

  var name: String { parts.last ?? "" }

  /// All parts but the last, with `/` between them.
  var directory: String { Self.text(isAbsolute: isAbsolute, parts.dropLast()) }

  /// The name's parts before and behind its last point; a point at its start or end divides nothing.
  var nameParts: (stem: String, ending: String) {
    let bytes = Array(name.utf8)
    guard let point = bytes.lastIndex(of: UInt8(ascii: ".")), point > 0, point + 1 < bytes.count else {
      return (name, "")
    }
    return (
      String(decoding: bytes[..<point], as: UTF8.self),
      lowerASCII(String(decoding: bytes[(point + 1)...], as: UTF8.self))
    )
  }

  private static func text(isAbsolute: Bool, _ parts: some Sequence<String>) -> String {
    (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// The path without the ways to write it otherwise: percent signs are decoded until none is left, `\` is `/`, and
  /// empty parts, `.` and `..` are gone. Letters keep their case.
  static func normal(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<mostDecodings {
      guard let decoded = PercentEncoding.decoded(bytes) else { break }
      bytes = decoded
    }
    let slash = UInt8(ascii: "/")
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\\") { bytes[index] = slash }
    let isAbsolute = bytes.first == slash
    var parts: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: slash) where !part.elementsEqual(".".utf8) {
      guard part.elementsEqual("..".utf8) else {
        parts.append(part)
        continue
      }
      // Above the root there is nothing; a relative path may lead out of where it starts.
      if let last = parts.last, !last.elementsEqual("..".utf8) {
        parts.removeLast()
      } else if !isAbsolute {
        parts.append(part)
      }
    }
    return Self.text(isAbsolute: isAbsolute, parts.map { String(decoding: $0, as: UTF8.self) })
  }
}
