internal import DurableFiles
internal import Values

/// The tree at the last checkpoint, so that the log need not be read from its beginning.
///
/// Nobody trusts it: whoever reads it compares its root with the checkpoint's, and reads the log if they differ.
struct FrontierFile {
  /// Where the record behind the tree begins.
  struct Place: Hashable, Sendable {
    /// The number of the first record of the file in which it lies.
    let segment: Int64
    let offset: Int
  }

  private static let sizeLimitBytes = 16_384

  private let path: String
  private let files: any FileSystem

  init(_ layout: TrailLayout, _ files: any FileSystem) {
    path = layout.frontier
    self.files = files
  }

  /// Writes it, not waiting for the disk. That it cannot be written changes nothing but the time of the next start.
  func write(_ tree: MerkleFrontier, at place: Place) {
    let json = JSON.object([
      "offset": .integer(Int64(place.offset)), "segment": .integer(place.segment), "size": .integer(tree.size),
      "subtrees": .array(tree.subtrees.map { .string($0.hexadecimal) }),
    ])
    let bytes = json.canonicalBytes
    guard let file = try? files.open(path, for: .updating) else { return }
    try? file.write(bytes, at: 0)
    try? file.truncate(to: bytes.count)
  }

  func read() -> (tree: MerkleFrontier, place: Place)? {
    guard let bytes = try? files.readWhole(path, limitBytes: Self.sizeLimitBytes),
      let json = try? JSON(parsing: bytes), let size = json["size"]?.integer,
      let segment = json["segment"]?.integer, let offset = json["offset"]?.integer, segment >= 0, offset >= 0
    else { return nil }
    let subtrees = (json["subtrees"]?.elements ?? []).compactMap { element in
      element.text.flatMap { Hexadecimal.bytes($0) }.flatMap { Digest(bytes: $0) }
    }
    guard let tree = MerkleFrontier(size: size, subtrees: subtrees) else { return nil }
    return (tree, Place(segment: segment, offset: Int(offset)))
  }
}

/// The leaf hashes of the records under the last checkpoint, 32 bytes each, so that a record that was changed can be told.
///
/// Nobody trusts them either: they say something only if the root of their tree is the checkpoint's.
struct LeavesFile {
  private let path: String
  private let files: any FileSystem

  init(_ layout: TrailLayout, _ files: any FileSystem) {
    path = layout.leaves
    self.files = files
  }

  /// How many there are; 0 if that cannot be told.
  var count: Int64 {
    guard let file = try? files.open(path, for: .reading), let size = try? file.size() else { return 0 }
    return Int64(size / Digest.byteCount)
  }

  /// Writes some of them, not waiting for the disk, unless others before them are missing.
  ///
  /// - Parameter start: Records before it were removed, and need no leaves.
  func write(_ leaves: [Digest], from first: Int64, start: Int64 = 0) {
    guard !leaves.isEmpty, let file = try? files.open(path, for: .updating), let size = try? file.size(),
      size / Digest.byteCount >= first || first == start
    else { return }
    try? file.write(leaves.flatMap(\.bytes), at: Int(first) * Digest.byteCount)
  }

  /// Puts zeros in the place of those whose records were removed.
  func forget(before record: Int64) {
    guard let file = try? files.open(path, for: .updating), let size = try? file.size() else { return }
    let end = min(size, Int(record) * Digest.byteCount)
    for start in stride(from: 0, to: end, by: Self.zeroBytes) {
      try? file.write([UInt8](repeating: 0, count: min(Self.zeroBytes, end - start)), at: start)
    }
  }

  /// Zeros that are written at once.
  private static let zeroBytes = 1 << 20

  /// Those from one record up to another.
  ///
  /// - Returns: `nil` if there are fewer.
  func leaves(from start: Int64 = 0, upTo end: Int64) -> [Digest]? {
    let length = Int(end - start) * Digest.byteCount
    guard start <= end, self.count >= end, let file = try? files.open(path, for: .reading),
      let bytes = try? file.read(at: Int(start) * Digest.byteCount, count: length), bytes.count == length
    else { return nil }
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(bytes: bytes[$0..<$0 + Digest.byteCount])
    }
  }
}
