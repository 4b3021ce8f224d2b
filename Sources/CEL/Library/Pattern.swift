private import CRE2

/// A compiled regular expression of RE2's syntax. Searching takes time linear in the text.
final class Pattern: Sendable {
  /// Why a text is no pattern.
  struct Mistake: Error {
    let reason: String
  }

  /// What compiling costs beside the pattern's length.
  static let compilationSteps = 200

  // SAFETY: set once; RE2 objects may be searched by several threads at a time.
  nonisolated(unsafe) private let handle: OpaquePointer

  init(_ text: String) throws(Mistake) {
    var text = text
    var message = [CChar](repeating: 0, count: 200)
    let compiled = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        tocsin_re2_compile(
          characters.baseAddress, characters.count, Int64(CELLimits.patternMemoryBytes), &message, message.count)
      }
    }
    guard let compiled else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Mistake(reason: String(decoding: bytes, as: UTF8.self))
    }
    handle = compiled
  }

  deinit { tocsin_re2_free(handle) }

  /// Whether the pattern matches some part of the text.
  func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        tocsin_re2_search(handle, characters.baseAddress, characters.count)
      }
    }
  }
}

/// Regular expressions that stand somewhere else than where they are used.
public enum PatternText {
  /// Why a text is no regular expression; `nil` if it is one.
  public static func mistake(in text: String) -> String? {
    do throws(Pattern.Mistake) {
      _ = try Pattern(text)
      return nil
    } catch {
      return error.reason
    }
  }
}

/// The first place of some bytes among others, at or behind `start`.
func firstPlace(of part: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
  let found = bytes.withUnsafeBufferPointer { bytes in
    part.withUnsafeBufferPointer { part -> Int in
      guard let base = bytes.baseAddress, let partBase = part.baseAddress else { return part.isEmpty ? 0 : -1 }
      return Int(tocsin_find(base + start, bytes.count - start, partBase, part.count))
    }
  }
  return found < 0 ? nil : start + found
}

/// Whether a text has another in it, byte by byte.
func hasPart(_ text: String, _ part: String) -> Bool {
  var text = text
  var part = part
  return text.withUTF8 { text in
    part.withUTF8 { part in
      text.withMemoryRebound(to: CChar.self) { text in
        part.withMemoryRebound(to: CChar.self) { part in
          tocsin_contains(text.baseAddress, text.count, part.baseAddress, part.count)
        }
      }
    }
  }
}
