import Crypto
import Foundation
import Testing
import Values

/// Public vectors for JSON and its canonical form, beside the checkout or where `TOCSIN_SHARED_DATA` says.
@Suite struct JSONVectorTests {
  private static let absence: Comment = "no public vectors: set TOCSIN_SHARED_DATA to the folder of shared data"
  private static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] != nil

  private static func folder(_ name: String) -> String? {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"]
    let beside = URL(fileURLWithPath: #filePath).appending(path: "../../../../shared/data").standardized.path
    let path = "\(named ?? beside)/vectors/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static let parsing = folder("jsontestsuite/test_parsing")
  private static let canonical = folder("jcs/testdata")

  /// Texts that both readings allow and this reader refuses: it holds no depth, no half surrogates, no second name.
  private static func mustRead(_ name: String) -> Bool {
    name.hasPrefix("y_") && !["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"].contains(name)
  }

  private static func mustRefuse(_ name: String) -> Bool {
    name.hasPrefix("n_") || name.hasPrefix("y_object_duplicated_key")
      || ["surrogate", "utf-8", "utf8", "UTF-8", "UTF8", "utf16", "incomplete", "lone", "inverted", "iso_latin"]
        .contains {
          name.hasPrefix("i_") && name.contains($0)
        }
  }

  @Test(.enabled(if: parsing != nil, absence))
  func `every text of the public suite is read or refused as it should be`() throws {
    let folder = try #require(Self.parsing)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 318)
    var judged = 0
    for name in names {
      let isRead = (try? JSON(parsing: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))) != nil
      guard Self.mustRead(name) || Self.mustRefuse(name) else { continue }
      #expect(isRead == Self.mustRead(name), "\(name)")
      judged += name.hasPrefix("i_") ? 0 : 1
    }
    #expect(judged == 283)
  }

  @Test(
    .enabled(if: canonical != nil, absence),
    arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
  func `the canonical form is that of the public pairs`(name: String) throws {
    let folder = try #require(Self.canonical)
    let input = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/input/\(name).json"))
    let output = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/output/\(name).json"))
    let digits = try String(contentsOfFile: "\(folder)/outhex/\(name).txt", encoding: .utf8)
    let canonical = try JSON(parsing: input).canonicalBytes
    #expect(canonical == Array(output))
    #expect(canonical == digits.split { $0.isWhitespace }.compactMap { UInt8($0, radix: 16) })
  }

  @Test(.enabled(if: canonical != nil, absence))
  func `numbers are written as ECMAScript writes them, by the digest of the public sequence`() throws {
    let text = try String(contentsOfFile: try #require(Self.canonical) + "/numgen.js", encoding: .utf8)
    let start = try #require(text.range(of: "staticU64s = new BigUint64Array(["))
    let end = try #require(text.range(of: "])", range: start.upperBound..<text.endIndex))
    let fixed = text[start.upperBound..<end.lowerBound].split { !$0.isHexDigit && $0 != "x" && $0 != "n" }
      .compactMap { UInt64($0.dropFirst(2).dropLast(), radix: 16) }
    #expect(fixed.count > 100)
    var numbers = NumberSequence(fixed: fixed)
    var hash = SHA256()
    var checked = 0
    for count in 1...(Self.isLong ? 1_000_000 : 10_000) {
      let bits = numbers.next()
      let number = JSON.double(Double(bitPattern: bits)).canonicalText
      hash.update(data: Data("\(String(bits, radix: 16)),\(number)\n".utf8))
      guard let expected = Self.digests[count] else { continue }
      #expect(hash.finalize().map { String(format: "%02x", $0) }.joined() == expected, "\(count) numbers")
      checked += 1
    }
    #expect(checked == (Self.isLong ? 4 : 2))
  }

  /// By the number of lines.
  private static let digests = [
    1_000: "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687",
    10_000: "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892",
    100_000: "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7",
    1_000_000: "49415fee2c56c77864931bd3624faad425c3c577d6d74e89a83bc725506dad16",
  ]
}

/// The sequence of doubles that the canonical form's vectors are made of.
private struct NumberSequence {
  let fixed: [UInt64]
  private var index = 0
  private var block = [UInt8](repeating: 0, count: 32)
  private var pending: [UInt64] = []

  init(fixed: [UInt64]) { self.fixed = fixed }

  mutating func next() -> UInt64 {
    defer { index += 1 }
    if index < fixed.count { return fixed[index] }
    if index < fixed.count + 2_000 { return 0x0010_0000_0000_0000 + UInt64(index - fixed.count) }
    while true {
      if pending.isEmpty {
        block = Array(SHA256.hash(data: block))
        pending = stride(from: 0, to: 32, by: 8).map { start in
          block[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
      }
      let bits = pending.removeFirst()
      let value = Double(bitPattern: bits)
      if value != 0, value.isFinite { return bits }
    }
  }
}
