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
  func write(_ leaves: [Digest], from first: Int64) {
    guard !leaves.isEmpty, let file = try? files.open(path, for: .updating), let size = try? file.size(),
      size / Digest.byteCount >= first
    else { return }
    try? file.write(leaves.flatMap(\.bytes), at: Int(first) * Digest.byteCount)
  }

  /// The first of them, as many as asked for, in a tree of their own.
  ///
  /// - Returns: `nil` if there are fewer.
  func leaves(_ count: Int64) -> [Digest]? {
    guard self.count >= count, let file = try? files.open(path, for: .reading),
      let bytes = try? file.read(at: 0, count: Int(count) * Digest.byteCount),
      bytes.count == Int(count) * Digest.byteCount
    else { return nil }
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(bytes: bytes[$0..<$0 + Digest.byteCount])
    }
  }
}
