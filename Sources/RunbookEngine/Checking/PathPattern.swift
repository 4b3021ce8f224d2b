internal import DurableFiles

/// A path in which `*` and `?` stand for a part of a name, and `**` for any number of folders.
struct PathPattern {
  private let parts: [String]
  private let isAbsolute: Bool

  init(_ pattern: String) {
    isAbsolute = pattern.hasPrefix("/")
    parts = pattern.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  static func isPattern(_ path: String) -> Bool { path.utf8.contains(where: Self.isWild) }

  private static func isWild(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }

  /// The paths that match, in the order of their bytes; names that begin with a dot only where the pattern has the dot.
  ///
  /// - Parameter count: Is told how many names were looked at.
  func matches(counting count: (Int) -> Void) -> [String] {
    var found: Set<String> = []
    var looked = 0
    expand(isAbsolute ? "/" : ".", parts[...], depth: 0, into: &found, &looked)
    count(looked)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func expand(
    _ folder: String, _ rest: ArraySlice<String>, depth: Int, into found: inout Set<String>, _ looked: inout Int
  ) {
    guard let part = rest.first else {
      found.insert(folder)
      return
    }
    guard depth < DocumentSelection.depthLimit, looked < DocumentSelection.entryLimit else { return }
    if part == "**" { expand(folder, rest.dropFirst(), depth: depth, into: &found, &looked) }
    if !part.utf8.contains(where: Self.isWild) {
      let path = DocumentFiles.resolve(part, in: folder)
      if Folder.exists(path) { expand(path, rest.dropFirst(), depth: depth, into: &found, &looked) }
      return
    }
    for name in (try? Folder.names(in: folder)) ?? [] {
      looked += 1
      guard !name.hasPrefix(".") || part.hasPrefix(".") else { continue }
      let path = DocumentFiles.resolve(name, in: folder)
      if part == "**" {
        if Folder.isFolderItself(path) { expand(path, rest, depth: depth + 1, into: &found, &looked) }
      } else if Self.matches(Array(name.utf8)[...], Array(part.utf8)[...]) {
        expand(path, rest.dropFirst(), depth: depth, into: &found, &looked)
      }
    }
  }

  /// Whether a name has the form of a part of a pattern; linear but for the last `*`, to which it goes back.
  static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (name, pattern) = (name, pattern)
    var star: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
    while true {
      switch (pattern.first, name.first) {
      case (UInt8(ascii: "*")?, _):
        pattern = pattern.dropFirst()
        star = (pattern, name)
      case (UInt8(ascii: "?")?, _?):
        (pattern, name) = (pattern.dropFirst(), name.dropFirst())
      case (let wanted?, let byte?) where wanted == byte:
        (pattern, name) = (pattern.dropFirst(), name.dropFirst())
      case (nil, nil): return true
      default:
        guard let last = star, !last.name.isEmpty else { return false }
        star = (last.pattern, last.name.dropFirst())
        (pattern, name) = (last.pattern, last.name.dropFirst())
      }
    }
  }
}
