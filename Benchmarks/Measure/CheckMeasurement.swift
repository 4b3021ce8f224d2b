import Diagnostics
import Foundation
import RunbookEngine

/// From the bytes of runbooks to all that is found in them, without reading the disk and without telling it.
enum CheckMeasurement: Measurement {
  static let name = "check"
  static let usage = "[once] FILE…     (with the word, checks each once: for counting instructions)"

  static func run(_ arguments: [String]) throws {
    let isOnce = arguments.first == "once"
    let files = try (isOnce ? Array(arguments.dropFirst()) : arguments).map { path in
      (path, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }
    func check() {
      for (path, bytes) in files {
        keep(
          RunbookCheck(files: DocumentOverlay(), validators: []).check(SourceText(name: path, bytes: bytes), in: nil))
      }
    }
    guard !isOnce else { return check() }
    Timing(check).report("check of \(files.count) runbooks")
  }
}
