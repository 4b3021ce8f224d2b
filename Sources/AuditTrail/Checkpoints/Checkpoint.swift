/// What a log was at one size, as C2SP tlog-checkpoint writes it: three lines with the log's name, the number of its
/// records, and the root of the tree that their lines make up.
package struct Checkpoint: Hashable, Sendable {
  package let origin: String
  package let size: Int64
  package let root: Digest

  package init(origin: String, size: Int64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// - Parameter text: A note's text.
  /// - Returns: `nil` also for a size with leading zeros, and for lines that follow the three.
  package init?(text: [UInt8]) {
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty else { return nil }
    let digits = String(decoding: lines[1], as: UTF8.self)
    guard let size = Int64(digits), size >= 0, String(size) == digits, let bytes = Base64.bytes(lines[2]),
      let root = Digest(bytes: bytes)
    else { return nil }
    self.init(origin: String(decoding: lines[0], as: UTF8.self), size: size, root: root)
  }

  package var text: [UInt8] { Array("\(origin)\n\(size)\n\(Base64.text(of: root.bytes))\n".utf8) }

  /// - Parameter key: `nil` leaves the checkpoint unsigned.
  package func note(signedBy key: SigningKey?) throws(SigningProblem) -> SignedNote {
    var note = SignedNote(text: text)
    if let key { try note.sign(with: key) }
    return note
  }
}
