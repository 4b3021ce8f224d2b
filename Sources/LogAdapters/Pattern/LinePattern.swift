import CRE2

/// A regular expression of RE2's syntax that takes a whole line apart into named groups. Time grows linearly with the
/// line, whatever the expression.
final class LinePattern: Sendable {
  struct Problem: Error {
    let message: String
  }

  struct Group: Hashable, Sendable {
    let name: String
    let number: Int
  }

  /// What a compiled expression and its search may hold.
  private static let memoryBytes: Int64 = 32 << 20

  /// In the order of the expression.
  let groups: [Group]
  private let count: Int32
  // SAFETY: set once; RE2 objects may be searched by several threads at a time.
  nonisolated(unsafe) private let handle: OpaquePointer

  init(_ text: String) throws(Problem) {
    var text = text
    var message = [CChar](repeating: 0, count: 200)
    let compiled = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        tocsin_re2_compile_groups(
          characters.baseAddress, characters.count, Self.memoryBytes, &message, message.count)
      }
    }
    guard let compiled else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Problem(message: String(decoding: bytes, as: UTF8.self))
    }
    handle = compiled
    count = tocsin_re2_group_count(compiled) + 1
    var found: [Group] = []
    withUnsafeMutablePointer(to: &found) { found in
      tocsin_re2_visit_groups(compiled, found) { context, name, number in
        guard let context, let name else { return }
        context.assumingMemoryBound(to: [Group].self).pointee
          .append(Group(name: String(cString: name), number: Int(number)))
      }
    }
    groups = found.sorted { $0.number < $1.number }
  }

  deinit { tocsin_re2_free(handle) }

  /// Room for the places of all groups: where each begins and ends, by number, the whole match as 0.
  var emptyPlaces: [Int] { Array(repeating: -1, count: 2 * Int(count)) }

  /// Finds where the groups lie in a line; what took no part in the match begins at -1.
  ///
  /// - Parameter line: UTF-8; no byte that is none matches anything.
  /// - Returns: Whether the expression matches the whole line.
  func match(_ line: UnsafeRawBufferPointer, _ places: inout [Int]) -> Bool {
    line.withMemoryRebound(to: CChar.self) { characters in
      tocsin_re2_match_groups(handle, characters.baseAddress, characters.count, &places, count)
    }
  }
}

/// Patterns of logs that many have.
///
/// nginx writes what clients send into its error log without escapes, so that a client can make its lines look as if
/// another had sent them; the access log is the better witness.
enum KnownPattern {
  static let all: [(name: String, pattern: String)] = [
    (
      "apache-error",
      #"\[(?P<time>[^\]]+)\] \[(?P<module>[^:\]]*):(?P<level>[^\]]+)\] \[pid (?P<pid>\d+)(?::tid \d+)?\]"#
        + #"(?: \[client (?P<client>[0-9A-Fa-f.:]+):(?P<client_port>\d+)\])?(?: \[client [^\]]*\])? (?P<message>.*)"#
    ),
    (
      "nginx-error",
      #"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>\w+)\] (?P<pid>\d+)#\d+: (?:\*\d+ )?(?P<message>.*?)"#
        + #"(?:, client: (?P<client>[0-9A-Fa-f.:]+), server: (?P<server>[^,]*)"#
        + #"(?:, request: "(?P<request>.*?)")?(?:, [a-z]+: ".*")?)?"#
    ),
  ]
}
