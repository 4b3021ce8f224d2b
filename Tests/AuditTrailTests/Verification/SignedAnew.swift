import AuditTrail
import Testing
import Values

/// What only the holder of the trail's key can do: sign another history.
extension VerifiedTrail {
  /// Puts a checkpoint, signed by the trail's key, in the place of one.
  func put(_ checkpoint: Checkpoint, in slot: Int) throws {
    files[layout.checkpoint(slot)] = try checkpoint.note(signedBy: VerifiedTrail.key).bytes
  }

  /// What a crash leaves of a trail while it is made: one checkpoint, and no records.
  static func begun() async throws -> VerifiedTrail {
    let trail = try await VerifiedTrail()
    for path in trail.files.all.keys { trail.files[path] = nil }
    trail.files[trail.layout.log] = []
    try trail.put(Checkpoint(origin: "tocsin/node-1", size: 0, root: MerkleFrontier().root), in: 1)
    return trail
  }

  /// The two files of checkpoints, the smaller first.
  func slots() throws -> [(slot: Int, checkpoint: Checkpoint)] {
    try (0..<2).map { slot in
      let note = try #require(SignedNote(parsing: files[layout.checkpoint(slot)] ?? []))
      return (slot, try #require(Checkpoint(text: note.text)))
    }.sorted { $0.checkpoint.size < $1.checkpoint.size }
  }

  func olderSlot() throws -> Int { try slots()[0].slot }

  /// The last checkpoint, signed anew with another size or root; the other one is the same.
  func sign(size: Int64? = nil, root: Digest? = nil) throws {
    let last = try slots()[1].checkpoint
    let checkpoint = Checkpoint(origin: last.origin, size: size ?? last.size, root: root ?? last.root)
    for slot in 0..<2 { try put(checkpoint, in: slot) }
  }

  /// Changes records, and then everything that follows from them, as only the holder of the key can.
  func rewrite(
    keepingLinks: Bool = false, _ change: (inout [[UInt8]]) throws -> Void
  ) throws {
    var lines = lines()
    try change(&lines)
    if !keepingLinks {
      var last: [String: String] = [:]
      for index in lines.indices {
        let json = try JSON(parsing: lines[index])
        guard let run = json["run"]?.text else { continue }
        if let previous = json["run_prev"]?.text, let leaf = last[run], leaf != previous {
          lines[index] = Array(String(decoding: lines[index], as: UTF8.self).replacing(previous, with: leaf).utf8)
        }
        last[run] = Digest(leaf: lines[index]).hexadecimal
      }
    }
    setLines(lines)
    files[layout.leaves] = nil
    let root = MerkleLeaves(lines.map { Digest(leaf: $0) }).root
    try sign(size: Int64(lines.count), root: root)
  }

  /// Members of a body that two tools may read differently.
  static let ambiguous =
    [
      #""a":1,"a":1,"#, #""b":1,"a":1,"#, #""a":-0,"#, #""a":01,"#, #""a":1e2,"#, #""a":1.0,"#,
      #""a":9007199254740993,"#,
      #""a":"\u0041","#, #""a":"\/","#, #""a":"\ud800","#, #""a":"\u000A","#, #""a": 1,"#, #""a":tru,"#, #""a":[1,],"#,
      "\"a\":\"\(String(repeating: "x", count: 60_000))\",",
    ] + [("", 99), ("1", 98), ("{}", 98), ("", 101), ("[]", 300)].map(nested)

  /// Members that can be written in one way only, some of which take a closer look.
  static let unambiguous =
    [#""a":-15,"#, #""a":"\"\\\n\u0001","#, #""a":[1,[],{},null,true,"é"],"#, #""A":0,"#, #""a":1.5,"#]
    + [("", 98), ("1", 97), ("{}", 97), ("\"\"", 97)].map(nested)

  /// - Parameter depth: So many lists within each other.
  private static func nested(_ inner: String, depth: Int) -> String {
    "\"a\":\(String(repeating: "[", count: depth))\(inner)\(String(repeating: "]", count: depth)),"
  }

  /// Puts something at the beginning of the last record's body.
  func rewriteLast(member: String) throws {
    try rewrite(keepingLinks: true) { lines in
      let last = lines.count - 1
      lines[last] = try lines[last].edited { $0.replacing("\"body\":{", with: "\"body\":{\(member)") }
    }
  }
}

extension [UInt8] {
  /// A line with another text.
  func edited(_ change: (String) -> String) throws -> [UInt8] {
    let text = String(decoding: self, as: UTF8.self)
    let changed = change(text)
    try #require(changed != text)
    return Array(changed.utf8)
  }
}
