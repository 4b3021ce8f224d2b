/// The known name that a misspelt one probably stands for.
///
/// Distance is counted in insertions, deletions, replacements and swaps of neighbours; a name is offered when it is at
/// most a third of the written name's length away. Of equally near names the one that comes first in `known` wins.
///
/// - Parameter known: Candidates; at most `suggestionCandidateLimit` are looked at.
public func nearestName(to name: String, among known: some Sequence<String>) -> String? {
  let written = Array(name.lowercased().unicodeScalars)
  guard !written.isEmpty, written.count <= suggestionLengthLimit else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in known.prefix(suggestionCandidateLimit) where candidate != name {
    let letters = Array(candidate.lowercased().unicodeScalars)
    let allowed = max(1, min(written.count, letters.count) / 3)
    guard abs(letters.count - written.count) <= allowed else { continue }
    let distance = editDistance(written, letters)
    // Of a single letter nothing would be left that is alike.
    let isAlike = distance <= allowed && distance < min(written.count, letters.count)
    if isAlike, distance < (best?.distance ?? Int.max) { best = (candidate, distance) }
  }
  return best?.name
}

/// Longest name, in code points, for which a suggestion is sought.
public let suggestionLengthLimit = 64
/// Most candidates that are compared with a misspelt name.
public let suggestionCandidateLimit = 1_000

/// Damerau's distance with adjacent transpositions (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for (row, leftLetter) in left.enumerated() {
    var current = [row + 1]
    for (column, rightLetter) in right.enumerated() {
      var cost = min(
        previous[column + 1] + 1, current[column] + 1, previous[column] + (leftLetter == rightLetter ? 0 : 1))
      if row > 0, column > 0, leftLetter == right[column - 1], left[row - 1] == rightLetter {
        cost = min(cost, beforePrevious[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}

/// "'a', 'b' and 'c'": names as a message lists them, cut after `limit` of them.
public func quotedList(_ names: [String], limit: Int = 8) -> String {
  let shown = names.prefix(limit).map { "'\($0)'" }
  let rest = names.count - shown.count
  if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
  guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
  return shown.dropLast().joined(separator: ", ") + " and " + last
}
