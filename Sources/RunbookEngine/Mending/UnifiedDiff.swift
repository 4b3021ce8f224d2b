/// What has changed in a text, line by line, in the form that `patch` reads.
package enum UnifiedDiff {
  /// Lines around a change that are shown.
  static let context = 3

  package static func text(from old: [UInt8], to new: [UInt8], path: String) -> String {
    let lines = changes(from: lines(of: old), to: lines(of: new))
    let hunks = Self.hunks(of: lines)
    guard !hunks.isEmpty else { return "" }
    return "--- a/\(path)\n+++ b/\(path)\n" + hunks.map { hunk($0, of: lines) }.joined()
  }

  private enum Line {
    case kept(ArraySlice<UInt8>), removed(ArraySlice<UInt8>), added(ArraySlice<UInt8>)

    var isChange: Bool { if case .kept = self { false } else { true } }
    var isOld: Bool { if case .added = self { false } else { true } }
    var isNew: Bool { if case .removed = self { false } else { true } }
  }

  /// Lines with their breaks.
  private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A {
      lines.append(bytes[start...index])
      start = index + 1
    }
    return start < bytes.count ? lines + [bytes[start...]] : lines
  }

  private static func changes(from old: [ArraySlice<UInt8>], to new: [ArraySlice<UInt8>]) -> [Line] {
    let difference = new.difference(from: old)
    var (removed, added): (Set<Int>, Set<Int>) = ([], [])
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(.removed(old[left]))
        left += 1
      } else if right < new.count, added.contains(right) {
        lines.append(.added(new[right]))
        right += 1
      } else {
        lines.append(.kept(old[left]))
        (left, right) = (left + 1, right + 1)
      }
    }
    return lines
  }

  /// Changes with the lines around them; those that touch are one.
  private static func hunks(of lines: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in lines.indices where lines[index].isChange {
      let range = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = hunks.last, range.lowerBound <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  private static func hunk(_ range: Range<Int>, of lines: [Line]) -> String {
    let before = lines[..<range.lowerBound]
    let part = lines[range]
    func span(_ isIn: (Line) -> Bool) -> String {
      let count = part.count(where: isIn)
      return "\(before.count(where: isIn) + (count == 0 ? 0 : 1)),\(count)"
    }
    let head = "@@ -\(span(\.isOld)) +\(span(\.isNew)) @@\n"
    return head
      + part.map { line in
        switch line {
        case .kept(let bytes): shown(" ", bytes)
        case .removed(let bytes): shown("-", bytes)
        case .added(let bytes): shown("+", bytes)
        }
      }.joined()
  }

  private static func shown(_ mark: String, _ line: ArraySlice<UInt8>) -> String {
    let text = mark + String(decoding: line, as: UTF8.self)
    return line.last == 0x0A ? text : text + "\n\\ No newline at end of file\n"
  }
}
