import CZlib
import Foundation

/// A file that a source reads.
enum EvidenceFile: String, Sendable {
  case access = "access.log"
  case firewall = "modsec_audit.json"
  case kernel = "audit.log"
  case integrity = "aide.json"
  case series = "series.json"
}

/// What happens to evidence: it is missing, cut, torn, old, or packed away.
extension Edit {
  static func without(_ file: EvidenceFile) -> Edit {
    Edit { files in
      switch file {
      case .access: files.access = nil
      case .firewall: files.firewall = nil
      case .kernel: files.kernel = nil
      case .integrity: files.integrity = nil
      case .series: files.series = nil
      }
    }
  }

  static func empty(_ file: EvidenceFile) -> Edit { Edit { $0.written[file.rawValue] = [] } }

  /// Bytes that are nothing a reader of the file expects.
  static func spoilt(_ file: EvidenceFile) -> Edit {
    Edit { $0.written[file.rawValue] = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) | 0x80 } }
  }

  /// Only lines of the instants that are wanted.
  static func keeping(_ file: EvidenceFile, _ isKept: @escaping @Sendable (Moment) -> Bool) -> Edit {
    Edit { files in
      switch file {
      case .access: files.access?.removeAll { !isKept($0.time) }
      case .firewall: files.firewall?.removeAll { !isKept($0.time) }
      case .kernel: files.kernel?.removeAll { !isKept($0.time) }
      case .series: files.series?.removeAll { !isKept(Moment(epochSeconds: $0.time)) }
      case .integrity: break
      }
    }
  }

  static func ending(_ file: EvidenceFile, at end: Moment) -> Edit { keeping(file) { $0 <= end } }
  static func beginning(_ file: EvidenceFile, at start: Moment) -> Edit { keeping(file) { $0 >= start } }
  static func hole(_ file: EvidenceFile, from: Moment, to: Moment) -> Edit {
    keeping(file) { !(from...to).contains($0) }
  }

  /// The integrity check ran at another time.
  static func report(at time: Moment) -> Edit { Edit { $0.integrity?.time = time.ofReport } }

  /// Two files instead of one, the older lines under `access.log.1`.
  static func rotated(at time: Moment) -> Edit {
    Edit { files in
      let lines = files.access ?? []
      files.written["access.log.1"] = Array((CaseFiles.text(lines.filter { $0.time < time }) ?? "").utf8)
      files.access = lines.filter { $0.time >= time }
    }
  }

  /// All logs packed by gzip.
  static let packed = Edit { files in
    for (file, lines) in [
      (EvidenceFile.access, files.access), (.firewall, files.firewall), (.kernel, files.kernel),
    ] {
      guard let text = CaseFiles.text(lines) else { continue }
      files.written[file.rawValue + ".gz"] = gzip(Array(text.utf8))
    }
    files.access = nil
    files.firewall = nil
    files.kernel = nil
  }

  private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let path = "\(NSTemporaryDirectory())tocsin-\(UUID().uuidString).gz"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = gzopen(path, "wb")
    gzwrite(file, bytes, UInt32(bytes.count))
    gzclose(file)
    return Array(FileManager.default.contents(atPath: path) ?? Data())
  }
}
