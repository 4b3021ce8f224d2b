import Values

/// The keys of the mappings that are open, to find those that are written twice.
///
/// Most mappings have few keys, and most keys differ in their marks: a set for each mapping would cost more than the
/// rest of the tree.
struct SeenKeys {
  /// Most keys of a mapping that are looked through one by one.
  private static let scannedKeys = 16
  /// One mark for each key, the innermost mapping's last. 0: a key that is not compared.
  private var marks: [UInt64] = []

  var count: Int { marks.count }

  /// A key that is not compared with others.
  mutating func skip() { marks.append(0) }

  /// Takes in a key of the innermost mapping.
  ///
  /// - Parameter start: `count` when the mapping began.
  /// - Parameter pairs: The mapping's pairs so far; each had its key taken in or skipped.
  /// - Returns: The place of the first pair with the same key.
  mutating func add(_ key: String, since start: Int, index: inout [ExactString: Int], pairs: [YAMLPair]) -> Int? {
    let mark = Self.mark(of: key)
    let place = marks.count - start
    defer { marks.append(mark) }
    if place >= Self.scannedKeys {
      if index.isEmpty { fill(&index, since: start, pairs) }
      guard let first = index[ExactString(key)] else {
        index[ExactString(key)] = place
        return nil
      }
      return first
    }
    for earlier in 0..<place where marks[start + earlier] == mark {
      if case .scalar(let scalar) = pairs[earlier].key.content, ExactString(scalar.text) == ExactString(key) {
        return earlier
      }
    }
    return nil
  }

  /// Forgets the keys of a mapping that ends, and of all in it.
  mutating func forget(since start: Int) { marks.removeLast(marks.count - start) }

  private func fill(_ index: inout [ExactString: Int], since start: Int, _ pairs: [YAMLPair]) {
    for (place, pair) in pairs.enumerated() where marks[start + place] != 0 {
      guard let scalar = pair.key.scalar, index[ExactString(scalar.text)] == nil else { continue }
      index[ExactString(scalar.text)] = place
    }
  }

  /// The same for equal keys, mostly different for others, never 0.
  private static func mark(of key: String) -> UInt64 {
    var mark: UInt64 = 0xCBF2_9CE4_8422_2325
    // FNV-1a.
    for byte in key.utf8 { mark = (mark ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mark | 1
  }
}
