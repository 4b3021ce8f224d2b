import AuditTrail
import Foundation
import RunbookPorts
import Testing
import Values

/// Every change that can be made to a small trail by somebody who does not have the key, and what it is told as.
@Suite struct TamperTests {
  private static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] != nil

  /// Bits that are tried; all of them in the long form.
  private static var stepBits: Int { isLong ? 1 : 41 }

  @Test func `every bit of every record under the checkpoint is TAMPERED, with the record`() async throws {
    let trail = try await VerifiedTrail()
    let log = try #require(trail.files[trail.layout.log])
    for bit in stride(from: 0, to: log.count * 8, by: Self.stepBits) {
      var changed = log
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let result = try trail.verify(with: changed, in: trail.layout.log)
      #expect(result.status == .tampered, "bit \(bit)")
      #expect(result.firstBad == Int64(log[..<(bit / 8)].count { $0 == 0x0A }), "bit \(bit)")
    }
  }

  @Test func `a log that is cut anywhere is TAMPERED from there on`() async throws {
    let trail = try await VerifiedTrail()
    let log = try #require(trail.files[trail.layout.log])
    for count in stride(from: 0, to: log.count, by: Self.isLong ? 1 : 23) {
      let result = try trail.verify(with: Array(log[..<count]), in: trail.layout.log)
      #expect(result.status == .tampered, "\(count) bytes")
      #expect(result.firstBad == Int64(log[..<count].count { $0 == 0x0A }))
    }
  }

  @Test func `lines that are deleted, doubled, swapped or put in are TAMPERED from there on`() async throws {
    let trail = try await VerifiedTrail()
    let lines = trail.lines()
    func judge(_ changed: [[UInt8]], _ first: Int, _ what: String) throws {
      let result = try trail.verify(with: changed.flatMap { $0 + [0x0A] }, in: trail.layout.log)
      #expect(result.status == .tampered && result.firstBad == Int64(first), "\(what)")
    }
    for index in lines.indices {
      try judge(Array(lines[..<index] + lines[(index + 1)...]), index, "\(index) deleted")
      try judge(Array(lines[...index] + lines[index...]), index + 1, "\(index) doubled")
      for other in lines.indices where other > index {
        var changed = lines
        changed.swapAt(index, other)
        try judge(changed, index, "\(index) and \(other) swapped")
      }
      for foreign in [[], Array("{}".utf8), lines[0], lines[lines.count - 1 - index]]
      where foreign != lines[index] {
        try judge(Array(lines[..<index] + [foreign] + lines[index...]), index, "\(foreign.count) put in at \(index)")
      }
    }
  }

  @Test func `every bit and every cut of a checkpoint's file is told`() async throws {
    for tail in [0, 2] {
      let trail = try await VerifiedTrail(tail: tail)
      for slot in 0..<2 {
        let path = trail.layout.checkpoint(slot)
        let note = try #require(trail.files[path])
        let isNewest = size(note) == 11
        func judge(_ changed: [UInt8], _ what: String) throws {
          let status = try trail.verify(with: changed, in: path).status
          // Where records follow the other checkpoint, a crash could have done it; it is never VERIFIED all the same.
          #expect(
            status == .tampered || (isNewest || tail > 0) && status == .prefix, "slot \(slot), \(what): \(status)")
        }
        for bit in stride(from: 0, to: note.count * 8, by: Self.isLong ? 1 : 5) {
          var changed = note
          changed[bit / 8] ^= 1 << UInt8(bit % 8)
          try judge(changed, "bit \(bit)")
        }
        for count in stride(from: 0, to: note.count, by: Self.isLong ? 1 : 9) {
          try judge(Array(note[..<count]), "\(count) bytes")
        }
      }
    }
  }

  @Test func `every bit of every piece of evidence is TAMPERED`() async throws {
    let trail = try await VerifiedTrail()
    let paths = trail.evidencePaths
    #expect(paths.contains { $0.hasSuffix(".z") } && paths.contains { !$0.hasSuffix(".z") })
    for path in paths {
      let whole = try #require(trail.files[path])
      for bit in stride(from: 0, to: whole.count * 8, by: Self.stepBits) {
        var changed = whole
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        let result = try trail.verify(with: changed, in: path)
        // Some bits of a compressed stream's head say nothing of its contents.
        guard result.status != .tampered else { continue }
        #expect(path.hasSuffix(".z") && result.status == .verified, "\(path) bit \(bit)")
      }
      for other in paths where other != path {
        #expect(try trail.verify(with: trail.files[other], in: path).status == .tampered)
      }
      #expect(try trail.verify(with: nil, in: path).problems.map(\.check) == [.evidenceMissing])
      #expect(try trail.verify(with: [], in: path).problems.map(\.check) == [.evidence])
    }
  }

  @Test func `bits behind the last checkpoint never make a trail VERIFIED`() async throws {
    let trail = try await VerifiedTrail(tail: 2)
    let log = try #require(trail.files[trail.layout.log])
    let end = trail.lines().prefix(11).reduce(0) { $0 + $1.count + 1 }
    for bit in stride(from: end * 8, to: log.count * 8, by: Self.stepBits) {
      var changed = log
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let status = try trail.verify(with: changed, in: trail.layout.log).status
      #expect(status == .prefix || status == .tampered)
    }
  }

  @Test func `what is kept only to be fast is never believed`() async throws {
    let trail = try await VerifiedTrail()
    for path in [trail.layout.frontier, trail.layout.leaves] {
      let whole = try #require(trail.files[path])
      for changed in [nil, [], whole.map { $0 ^ 0x55 }] {
        #expect(try trail.verify(with: changed, in: path).status == .verified)
      }
    }
  }

  @Test func `records of one trail in another, or another trail's checkpoint, are TAMPERED`() async throws {
    let trail = try await VerifiedTrail()
    let other = try await VerifiedTrail(middle: 4)
    for slot in 0..<2 {
      let path = trail.layout.checkpoint(slot)
      #expect(try trail.verify(with: other.files[path], in: path).status == .tampered)
    }
    #expect(try trail.verify(with: other.files[trail.layout.log], in: trail.layout.log).status == .tampered)
  }

  @Test func `a trail that is written anew with another key is not VERIFIED with the right one`() async throws {
    let forged = try await VerifiedTrail(key: VerifiedTrail.otherKey)
    #expect(try forged.verify().status == .unverifiable)
  }

  // What a signature on the same machine cannot tell; each result says so under `limits`.

  @Test func `undetectable: a trail cut back to its earlier checkpoint`() async throws {
    let trail = try await VerifiedTrail()
    let notes = (0..<2).compactMap { trail.files[trail.layout.checkpoint($0)] }
    let older = try #require(notes.min { (size($0) ?? 0) < (size($1) ?? 0) })
    for slot in 0..<2 { trail.files[trail.layout.checkpoint(slot)] = older }
    trail.setLines(Array(trail.lines().prefix(Int(try #require(size(older))))))
    let result = try trail.verify()
    #expect(result.status == .verified)
    #expect(result.limits.contains { $0.contains("can cut the trail back") })
  }

  private func size(_ note: [UInt8]) -> Int64? {
    SignedNote(parsing: note).flatMap { Checkpoint(text: $0.text) }?.size
  }

  @Test func `undetectable: another trail that the same key has signed`() async throws {
    let other = try await VerifiedTrail(middle: 4)
    let result = try other.verify()
    #expect(result.status == .verified)
    #expect(result.limits.contains { $0.contains("can write another history and sign it") })
  }

  @Test func `undetectable: a trail without a key that is written anew`() async throws {
    let result = try await VerifiedTrail(key: nil, middle: 4).verify()
    #expect(result.status == .unverifiable && result.problems.isEmpty)
    #expect(result.limits.contains { $0.contains("can write the trail anew") })
  }
}
