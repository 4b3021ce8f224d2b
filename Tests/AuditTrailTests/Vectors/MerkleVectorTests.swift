import AuditTrail
import Foundation
import Testing
import Values

@Suite struct MerkleVectorTests {
  private static let folder = PublicVectors.folder("rfc6962-merkle/testdata")

  /// Some vectors have texts for roots that are only compared; a digest stands for such a text.
  private func digest(_ json: JSON?) throws -> Digest? {
    let bytes = try #require(Base64.bytes(Array((json?.text ?? "").utf8)))
    return Digest(bytes: bytes) ?? (bytes.isEmpty ? nil : Digest(of: bytes))
  }

  private func proof(_ json: JSON) throws -> [Digest]? {
    let digests = try (json["proof"]?.elements ?? []).map { try digest($0) }
    return digests.contains(nil) ? nil : digests.compactMap(\.self)
  }

  private func judge(_ kind: String, _ isValid: (JSON) throws -> Bool) throws -> Int {
    let files = PublicVectors.files(in: Self.folder.map { "\($0)/\(kind)" })
    for file in files {
      let json = try PublicVectors.json(file)
      let expected = if case .bool(true) = json["wantErr"] { false } else { true }
      #expect(try isValid(json) == expected, "\(file): \(json["desc"]?.text ?? "")")
    }
    return files.count
  }

  @Test(.enabled(if: folder != nil, .init(rawValue: PublicVectors.absence)))
  func `every public vector of a proof is judged as it should be`() throws {
    let included = try judge("inclusion") { json in
      guard let leaf = try digest(json["leafHash"]), let root = try digest(json["root"]), let proof = try proof(json),
        let index = json["leafIdx"]?.integer, let size = json["treeSize"]?.integer
      else { return false }
      return MerkleProof.isIncluded(leaf, at: index, of: size, root: root, proof: proof)
    }
    let consistent = try judge("consistency") { json in
      guard let first = try digest(json["root1"]), let second = try digest(json["root2"]),
        let proof = try proof(json), let size1 = json["size1"]?.integer, let size2 = json["size2"]?.integer
      else { return false }
      return MerkleProof.isConsistent((size1, first), with: (size2, second), proof: proof)
    }
    #expect(included + consistent == 196)
  }
}
