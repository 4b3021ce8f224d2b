/// A document made at random, in no layout at all: every scalar another text, comments and blank lines anywhere.
struct UntidyDocument {
  private var dice: UInt64
  private var count = 0
  private var lines: [String] = []

  init(seed: UInt64) {
    dice = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
  }

  mutating func text() -> String {
    if chance(3) { lines.append("---") }
    if chance(4) { lines.append("\(comment()) at the top") }
    mapping(indent: 0, depth: 0)
    let end = chance(5) ? "" : chance(3) ? "\n\n\n" : "\n"
    return lines.joined(separator: chance(6) ? "\r\n" : "\n") + end
  }

  // MARK: Blocks

  private mutating func mapping(indent: Int, depth: Int, lead: String? = nil) {
    var lead = lead
    for _ in 0..<number(in: 1...5) {
      if lead == nil { between(indent: indent) }
      let start = (lead ?? spaces(indent)) + word() + (chance(8) ? " " : "") + ":"
      lead = nil
      value(behind: start, indent: indent, depth: depth, isInMapping: true)
    }
    if chance(10) { lines.append(spaces(indent) + comment()) }
  }

  private mutating func sequence(indent: Int, depth: Int) {
    for _ in 0..<number(in: 1...4) {
      between(indent: indent)
      let gap = number(in: 1...3)
      let start = spaces(indent) + "-" + spaces(gap)
      if depth < 4, chance(4) {
        mapping(indent: indent + 1 + gap, depth: depth + 1, lead: start)
      } else {
        value(behind: spaces(indent) + "-", indent: indent, depth: depth, isInMapping: false)
      }
    }
  }

  private mutating func value(behind start: String, indent: Int, depth: Int, isInMapping: Bool) {
    let gap = spaces(number(in: 1...4))
    switch number(in: 0...11) {
    case 0...2 where depth < 4 && isInMapping:
      lines.append(start + behind())
      mapping(indent: indent + number(in: 1...5), depth: depth + 1)
    case 3 where depth < 4 && isInMapping:
      lines.append(start + behind())
      sequence(indent: indent + number(in: 0...4), depth: depth + 1)
    case 4: lines.append(start + gap + brackets(depth: 0) + behind())
    case 5: bracketsOverLines(behind: start + gap, indent: indent + 1)
    case 6: block(behind: start + gap, indent: indent + number(in: 1...6))
    case 7:
      lines.append(start + gap + word() + " and")
      lines.append(spaces(indent + number(in: 1...4)) + word() + behind())
    case 8: lines.append(start + gap + quoted() + behind())
    case 9 where isInMapping: lines.append(start + behind())
    default: lines.append(start + gap + word() + behind())
    }
  }

  private mutating func block(behind start: String, indent: Int) {
    lines.append(start + ["|", ">", "|-", ">-", "|+", ">+"][number(in: 0...5)] + behind())
    for _ in 0..<number(in: 1...4) {
      lines.append(spaces(indent) + word() + (chance(4) ? "  " : ""))
      if chance(4) { lines.append("") }
      if chance(4) { lines.append(spaces(indent + number(in: 1...3)) + word() + " # no comment") }
    }
  }

  // MARK: Brackets

  private mutating func brackets(depth: Int) -> String {
    var parts: [String] = []
    let isMapping = chance(2)
    for _ in 0..<number(in: 0...4) {
      let inner = depth < 2 && chance(4) ? brackets(depth: depth + 1) : chance(4) ? quoted() : word()
      parts.append(isMapping ? "\(word()):\(spaces(number(in: 1...2)))\(inner)" : inner)
    }
    let text = parts.joined(separator: chance(2) ? ", " : " ,")
    return isMapping ? "{\(text)}" : "[ \(text)]"
  }

  private mutating func bracketsOverLines(behind start: String, indent: Int) {
    lines.append(start + "[" + (chance(3) ? spaces(2) + comment() : ""))
    for _ in 0..<number(in: 1...4) {
      if chance(6) { lines.append("") }
      if chance(6) { lines.append(spaces(number(in: 1...9)) + comment()) }
      lines.append(spaces(number(in: 1...9) + indent) + word() + "," + behind())
    }
    lines.append(spaces(indent) + "]")
  }

  // MARK: Words

  /// Blank lines and comments before an entry.
  private mutating func between(indent: Int) {
    if chance(6) { lines += Array(repeating: chance(2) ? "" : "  ", count: number(in: 1...3)) }
    if chance(6) { lines.append(spaces(indent) + comment()) }
    if chance(20) { lines.append("") }
  }

  private mutating func behind() -> String { chance(5) ? spaces(number(in: 1...6)) + comment() : chance(9) ? "  " : "" }

  private mutating func comment() -> String {
    count += 1
    return "# comment \(count)"
  }

  private mutating func word() -> String {
    count += 1
    return ["word\(count)", "wörter-\(count)", "x.y(\(count))", "a \(count) b", "-\(count)", "it's\(count)"][
      number(in: 0...5)]
  }

  private mutating func quoted() -> String {
    count += 1
    return ["'it''s \(count)'", "\"a\\t\(count)\"", "'yes'", "\"# \(count): {\""][number(in: 0...3)]
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  private mutating func chance(_ sides: Int) -> Bool { number(in: 1...sides) == 1 }

  /// By xorshift64*.
  private mutating func number(in range: ClosedRange<Int>) -> Int {
    dice ^= dice >> 12
    dice ^= dice << 25
    dice ^= dice >> 27
    let value = dice &* 0x2545_F491_4F6C_DD1D
    return range.lowerBound + Int(value >> 33) % range.count
  }
}
