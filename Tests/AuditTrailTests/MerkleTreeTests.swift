import AuditTrail
import Testing

@Suite struct MerkleTreeTests {
  private static let sizeLimit = 70

  private static let leaves = (0..<sizeLimit).map { Digest(leaf: Array("record \($0)".utf8)) }

  /// The root as RFC 6962, section 2.1, defines it.
  private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    guard leaves.count > 1 else { return leaves.first ?? Digest(of: [] as [UInt8]) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return Digest(of: [1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
  }

  @Test func `a tree that grows leaf by leaf has the root of the definition`() {
    var frontier = MerkleFrontier()
    for size in 0...Self.sizeLimit {
      let root = Self.root(Self.leaves[..<size])
      #expect(frontier.root == root)
      #expect(MerkleLeaves(Array(Self.leaves[..<size])).root == root)
      #expect(MerkleFrontier(size: Int64(size), subtrees: frontier.subtrees) == frontier)
      if size < Self.sizeLimit { frontier.append(Self.leaves[size]) }
    }
    #expect(MerkleFrontier(size: 5, subtrees: []) == nil)
  }

  @Test func `every leaf is proved to be where it is, and nowhere else`() throws {
    for size in 1...Self.sizeLimit {
      let tree = MerkleLeaves(Array(Self.leaves[..<size]))
      let root = try #require(tree.root)
      for index in 0..<size {
        let proof = try #require(tree.inclusionProof(of: Int64(index)))
        for place in [index - 1, index, index + 1, size] {
          #expect(
            MerkleProof.isIncluded(Self.leaves[index], at: Int64(place), of: Int64(size), root: root, proof: proof)
              == (place == index))
        }
      }
      #expect(tree.inclusionProof(of: Int64(size)) == nil && tree.inclusionProof(of: -1) == nil)
    }
  }

  @Test func `every tree is proved to be the beginning of every later one`() throws {
    for size in 1...Self.sizeLimit {
      let tree = MerkleLeaves(Array(Self.leaves[..<size]))
      let root = try #require(tree.root)
      for first in 1...size {
        let proof = try #require(tree.consistencyProof(from: Int64(first)))
        let old = Self.root(Self.leaves[..<first])
        #expect(MerkleProof.isConsistent((Int64(first), old), with: (Int64(size), root), proof: proof))
        guard first < size else { continue }
        #expect(!MerkleProof.isConsistent((Int64(first), root), with: (Int64(size), root), proof: proof))
        #expect(!MerkleProof.isConsistent((Int64(first), old), with: (Int64(size), root), proof: proof + [root]))
      }
    }
  }

  @Test func `what is left of a tree proves the same as the whole`() throws {
    let whole = MerkleLeaves(Self.leaves)
    var gone = MerkleFrontier()
    for start in 0..<Self.sizeLimit {
      let rest = MerkleLeaves(Array(Self.leaves[start...]), after: gone)
      #expect(rest.root == whole.root)
      for index in 0..<Self.sizeLimit {
        let proof = rest.inclusionProof(of: Int64(index))
        #expect(proof == (index < start ? nil : whole.inclusionProof(of: Int64(index))))
        if index >= start, index > 0 {
          #expect(rest.consistencyProof(from: Int64(index)) == whole.consistencyProof(from: Int64(index)))
        }
      }
      gone.append(Self.leaves[start])
    }
  }
}
