/// A Merkle tree (RFC 6962) as it grows: the roots of the perfect subtrees that its leaves make up, the largest first.
/// That is all that is needed to add leaves and to tell the root; at most 63 digests.
package struct MerkleFrontier: Hashable, Sendable {
  package private(set) var size: Int64 = 0
  /// One for each bit that is set in `size`.
  package private(set) var subtrees: [Digest] = []

  package init() {}

  /// - Returns: `nil` if there are not as many digests as a tree of the size has.
  package init?(size: Int64, subtrees: [Digest]) {
    guard size >= 0, subtrees.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.subtrees = subtrees
  }

  package mutating func append(_ leaf: Digest) {
    var node = leaf
    // Each one at the end of the size joins two subtrees of the same height.
    for _ in 0..<(~size).trailingZeroBitCount {
      node = Digest(node: subtrees.removeLast(), node)
    }
    subtrees.append(node)
    size += 1
  }

  /// The tree's root; of the empty tree, the digest of no bytes.
  package var root: Digest {
    guard var root = subtrees.last else { return Digest(of: [] as [UInt8]) }
    for subtree in subtrees.dropLast().reversed() { root = Digest(node: subtree, root) }
    return root
  }
}
