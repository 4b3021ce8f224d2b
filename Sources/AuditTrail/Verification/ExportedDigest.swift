internal import Values

/// A file that a run has exported, or that a script made of one, as its record names it. It is no part of the trail: people take it away, and later
/// runs may replace it.
struct ExportedDigest: Sendable {
  static let recordTypes = ["export.written", "script.ended"]

  /// Without its folder.
  let name: String
  let digits: String

  /// - Returns: `nil` for other records.
  init?(_ record: TrailRecord) {
    guard Self.recordTypes.contains(record.type), let file = record.body["file"]?.text,
      let digest = record.body["digest"]?.text, EvidenceStore.isReference(digest)
    else { return nil }
    let name = String(file.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    guard !name.isEmpty, name != ".", name != ".." else { return nil }
    (self.name, digits) = (name, String(digest.dropFirst(7)))
  }
}
