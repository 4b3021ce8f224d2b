/// Checks of Merkle proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
package enum MerkleProof {
  /// Whether a proof leads from a leaf to the root of a tree.
  package static func isIncluded(
    _ leaf: Digest, at index: Int64, of size: Int64, root: Digest, proof: [Digest]
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var (position, last) = (index, size - 1)
    var node = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        node = Digest(node: sibling, node)
        while position & 1 == 0, position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        node = Digest(node: node, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && node == root
  }

  /// Whether a proof shows that the leaves of one tree are the first of another.
  ///
  /// - Note: Nothing is proved of the empty tree, so a proof from it is none.
  package static func isConsistent(
    _ first: (size: Int64, root: Digest), with second: (size: Int64, root: Digest), proof: [Digest]
  ) -> Bool {
    guard first.size > 0, first.size <= second.size else { return false }
    if first.size == second.size { return proof.isEmpty && first.root == second.root }
    var path = proof[...]
    if first.size.nonzeroBitCount == 1 { path = [first.root] + path }
    guard let start = path.popFirst() else { return false }
    var (position, last) = (first.size - 1, second.size - 1)
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    var (old, new) = (start, start)
    for sibling in path {
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        old = Digest(node: sibling, old)
        new = Digest(node: sibling, new)
        while position & 1 == 0, position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        new = Digest(node: new, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && old == first.root && new == second.root
  }
}

/// The leaves of a tree, from which proofs are made. Those before `start` may be gone; a frontier stands for them.
package struct MerkleLeaves: Sendable {
  private let leaves: [Digest]
  private let start: Int64
  /// Roots of the subtrees of what is gone, by their first leaf.
  private var subtrees: [Int64: (size: Int64, root: Digest)] = [:]

  package init(_ leaves: [Digest], after gone: MerkleFrontier = MerkleFrontier()) {
    self.leaves = leaves
    start = gone.size
    var first: Int64 = 0
    var bits = gone.size
    for root in gone.subtrees {
      let size = Int64(1) << (63 - bits.leadingZeroBitCount)
      subtrees[first] = (size, root)
      first += size
      bits -= size
    }
  }

  package var size: Int64 { start + Int64(leaves.count) }

  package var root: Digest? { size == 0 ? Digest(of: [] as [UInt8]) : node(0..<size) }

  /// The largest power of two below a number that is greater than one.
  private static func split(_ count: Int64) -> Int64 { 1 << (63 - (count - 1).leadingZeroBitCount) }

  /// - Returns: `nil` where leaves are needed that are gone.
  private func node(_ range: Range<Int64>) -> Digest? {
    if let known = subtrees[range.lowerBound], known.size == Int64(range.count) { return known.root }
    if range.count == 1 { return range.lowerBound >= start ? leaves[Int(range.lowerBound - start)] : nil }
    let middle = range.lowerBound + Self.split(Int64(range.count))
    guard let left = node(range.lowerBound..<middle), let right = node(middle..<range.upperBound) else { return nil }
    return Digest(node: left, right)
  }

  /// The proof that a leaf is in the tree, the leaf's sibling first.
  ///
  /// - Returns: `nil` for a leaf that the tree does not have, or has no longer.
  package func inclusionProof(of index: Int64) -> [Digest]? {
    guard index >= start, index < size else { return nil }
    var proof: [Digest?] = []
    var range = 0..<size
    while range.count > 1 {
      let middle = range.lowerBound + Self.split(Int64(range.count))
      if index < middle {
        proof.append(node(middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        proof.append(node(range.lowerBound..<middle))
        range = middle..<range.upperBound
      }
    }
    let whole = proof.compactMap(\.self)
    return whole.count == proof.count ? whole.reversed() : nil
  }

  /// The proof that the first `first` leaves were a tree of their own.
  ///
  /// - Returns: `nil` for a tree that is empty or larger, or one that cannot be told from what is left.
  package func consistencyProof(from first: Int64) -> [Digest]? {
    guard first > 0, first <= size else { return nil }
    var proof: [Digest?] = []
    var range = 0..<size
    var isWhole = true
    while first != range.upperBound {
      let middle = range.lowerBound + Self.split(Int64(range.count))
      if first <= middle {
        proof.append(node(middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        proof.append(node(range.lowerBound..<middle))
        range = middle..<range.upperBound
        isWhole = false
      }
    }
    if !isWhole { proof.append(node(range)) }
    let found = proof.compactMap(\.self)
    return found.count == proof.count ? found.reversed() : nil
  }
}
