internal import Synchronization
internal import Values

/// Patterns that are not written where they are used, but come out of definitions and data: compiled once for all
/// evaluations that come across them.
///
/// What is kept changes no result and no cost: an evaluation pays for every pattern that it meets.
enum PatternCache {
  /// Most patterns of one generation; two are kept, and each may take `CELLimits.patternMemoryBytes`.
  private static let generationLimit = 32
  /// Longer ones are compiled each time.
  private static let lengthLimitBytes = 4_096

  private struct State {
    var young: [ExactString: Pattern] = [:]
    /// Those that were young when the young ones became too many.
    var old: [ExactString: Pattern] = [:]

    mutating func find(_ text: ExactString) -> Pattern? {
      if let known = young[text] { return known }
      guard let known = old[text] else { return nil }
      keep(known, text)
      return known
    }

    mutating func keep(_ pattern: Pattern, _ text: ExactString) {
      if young.count >= generationLimit {
        old = young
        young = [:]
      }
      young[text] = pattern
    }
  }

  private static let state = Mutex(State())

  static func pattern(_ text: String) throws(Pattern.Mistake) -> Pattern {
    guard text.utf8.count <= lengthLimitBytes else { return try Pattern(text) }
    let key = ExactString(text)
    if let known = state.withLock({ $0.find(key) }) { return known }
    let pattern = try Pattern(text)
    state.withLock { $0.keep(pattern, key) }
    return pattern
  }
}

/// The patterns that one evaluation has met.
struct MetPatterns {
  /// As many are compared; more are hashed.
  private static let comparedLimit = 8

  private var few: [(text: ExactString, pattern: Pattern)] = []
  private var others: [ExactString: Pattern] = [:]

  func find(_ text: String) -> Pattern? {
    let text = ExactString(text)
    for known in few where known.text == text { return known.pattern }
    return others.isEmpty ? nil : others[text]
  }

  mutating func keep(_ pattern: Pattern, _ text: String) {
    if few.count < Self.comparedLimit {
      few.append((ExactString(text), pattern))
    } else {
      others[ExactString(text)] = pattern
    }
  }

  mutating func removeAll() {
    few.removeAll(keepingCapacity: true)
    if !others.isEmpty { others = [:] }
  }
}
