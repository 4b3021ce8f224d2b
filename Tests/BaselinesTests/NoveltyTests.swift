import Foundation
import Testing

@testable import Baselines

/// The rows of `data/baseline-vectors.json`, which lies beside the project and is not a part of it.
struct NoveltyVectors {
  let cooldown: Int
  let rows: [[Double]]

  static let file: URL? = {
    let shared =
      ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"].map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared/data").standardized
    let file = shared.appendingPathComponent("baseline-vectors.json")
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }()

  init() throws {
    let file = try #require(Self.file)
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    cooldown = try #require(tree["cooldown"] as? Int)
    rows = try #require(tree["rows"] as? [[Any]]).map { row in
      try row.map { try #require(($0 as? NSNumber)?.doubleValue) }
    }
  }
}

@Suite struct NoveltyTests {
  @Test(.enabled(if: NoveltyVectors.file != nil, "the vectors are not beside the project"))
  func `the vectors hold to nine decimals`() throws {
    let vectors = try NoveltyVectors()
    var settings = DetectorSettings()
    settings.cooldownRows = vectors.cooldown
    var detector = NoveltyDetector(settings)
    var alerts: [Int] = []
    for row in vectors.rows {
      var parts = NoveltyDetector.Parts()
      let judged = detector.observe(row[1], row[2], parts: &parts)
      let found = [try #require(judged.score), parts.value, parts.residual, parts.shape, parts.combined]
      for (ours, theirs) in zip(found, row[3...]) {
        #expect(abs(ours - theirs) <= 1.1e-9, "row \(row[0]): \(found), not \(row[3...])")
      }
      if judged.isBreach(at: 1.5) { alerts.append(Int(row[0])) }
    }
    #expect(vectors.rows.count == 1_500 && alerts == [700, 1_000])
  }
}
