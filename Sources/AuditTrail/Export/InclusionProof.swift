internal import Values

/// A C2SP tlog-proof: where a record is in a log, the hashes that prove it, and the checkpoint.
struct InclusionProof {
  private static let head = "c2sp.org/tlog-proof@v1"

  let index: Int64
  let hashes: [Digest]
  let checkpoint: [UInt8]

  init(index: Int64, hashes: [Digest], checkpoint: [UInt8]) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
  }

  init?(parsing bytes: [UInt8]) {
    guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }) else {
      return nil
    }
    let lines = bytes[..<gap].split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count >= 2, lines[0].elementsEqual(Self.head.utf8), lines[1].starts(with: "index ".utf8) else {
      return nil
    }
    let digits = String(decoding: lines[1].dropFirst(6), as: UTF8.self)
    guard let index = Int64(digits), index >= 0, String(index) == digits else { return nil }
    let hashes = lines.dropFirst(2).compactMap { line in Base64.bytes(line).flatMap { Digest(bytes: $0) } }
    guard hashes.count == lines.count - 2 else { return nil }
    self.init(index: index, hashes: hashes, checkpoint: Array(bytes[(gap + 2)...]))
  }

  var bytes: [UInt8] {
    Array("\(Self.head)\nindex \(index)\n".utf8)
      + hashes.flatMap { Array(Base64.text(of: $0.bytes).utf8) + [0x0A] } + [0x0A] + checkpoint
  }
}
