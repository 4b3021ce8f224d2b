import Baselines
import Foundation
import Glibc

/// Scores files, small ones several at a time, and hands the results out in the order of the files.
struct ScoreFiles: Sendable {
  /// What became of one file.
  struct Scored: Sendable {
    var rows: [UInt8] = []
    var problems: [(line: Int, text: String)] = []
    var problemCount = 0
    var picture: SeriesPicture?
    var summary = ""
    /// Why the file could not be read to its end.
    var failure: String?
  }

  private static let chunkBytes = 1 << 18
  private static let lineLimit = 1 << 20
  private static let shownProblems = 10
  /// Larger files are written while they are read, so that no more of them is held.
  private static let smallFile = 16 << 20

  let files: [String]
  let settings: [SeriesScorer.Settings]
  /// The line above the rows; `nil`: rows are not written.
  let header: String?

  /// Where no file can be read at all, nothing is written.
  func perform(_ done: (String, Scored) -> Void) async {
    var pendingHeader = header
    func write(_ rows: [UInt8]) {
      if let header = pendingHeader { Terminal.print(header) }
      pendingHeader = nil
      if !rows.isEmpty { Terminal.write(rows) }
    }
    let areSmall = files.count > 1 && files.allSatisfy { Self.size(of: $0).map { $0 <= Self.smallFile } ?? false }
    guard areSmall else {
      for place in files.indices { done(files[place], score(place, write)) }
      return
    }
    await withTaskGroup(of: (Int, Scored).self) { group in
      var ready: [Int: Scored] = [:]
      var (next, shown) = (0, 0)
      let ahead = max(1, ProcessInfo.processInfo.activeProcessorCount)
      while shown < files.count {
        while next < files.count, next - shown < 4 * ahead, next - shown - ready.count < ahead {
          let place = next
          group.addTask { (place, collect(place)) }
          next += 1
        }
        guard let (place, scored) = await group.next() else { return }
        ready[place] = scored
        while let scored = ready.removeValue(forKey: shown) {
          if header != nil, scored.failure == nil || !scored.rows.isEmpty { write(scored.rows) }
          done(files[shown], scored)
          shown += 1
        }
      }
    }
  }

  private func collect(_ place: Int) -> Scored {
    var rows: [UInt8] = []
    var scored = score(place) { rows += $0 }
    scored.rows = rows
    return scored
  }

  private static func size(of file: String) -> Int? {
    var status = stat()
    guard file != "-", stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  // MARK: One file

  private func score(_ place: Int, _ write: ([UInt8]) -> Void) -> Scored {
    let file = files[place]
    var scored = Scored()
    var scorer = SeriesScorer(settings[place])
    let descriptor = file == "-" ? 0 : open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      scored.failure = "cannot read '\(file)': \(String(cString: strerror(errno)))"
      return scored
    }
    defer { if descriptor > 0 { close(descriptor) } }
    var rows: [UInt8] = []
    rows.reserveCapacity(2 * Self.chunkBytes)
    var line = 0
    func hand() {
      if header != nil, scored.failure == nil || !rows.isEmpty { write(rows) }
      rows.removeAll(keepingCapacity: true)
    }
    // Whoever watches a series sees a row as it comes.
    let failure = Self.eachLine(descriptor, beforeWaiting: hand) { bytes, isWhole in
      line += 1
      if line == 1, Self.endsInsideWithCarriageReturns(bytes) {
        scored.failure = "\(file): its lines end with carriage returns alone; write them anew with line feeds"
        return false
      }
      if bytes.isEmpty { return true }
      let problem = isWhole ? scorer.take(bytes, into: &rows) : .notARow
      if rows.count >= Self.chunkBytes { hand() }
      switch problem {
      case nil: return true
      case .noColumns(let name):
        scored.failure = "\(file):1: there is no column '\(name)'"
        return false
      case .notARow:
        scored.problemCount += 1
        if scored.problems.count < Self.shownProblems {
          let text = String(decoding: bytes.prefix(60), as: UTF8.self)
          scored.problems.append((line, "no row of an instant and a number: \(text)"))
        }
        return true
      }
    }
    hand()
    if let failure { scored.failure = scored.failure ?? "cannot read on in '\(file)': \(failure)" }
    scored.picture = scorer.picture
    scored.summary =
      "\(scorer.rows) rows, \(scorer.breaches) breaches\(scorer.omitted > 0 ? ", \(scorer.omitted) not judged" : "")"
    return scored
  }

  /// - Parameter beforeWaiting: Called where nothing can be read yet: of a pipe or a terminal, never of a plain file.
  /// - Parameter take: Gets each line without its break, and whether it is whole; returns whether to go on.
  /// - Returns: Why reading failed.
  private static func eachLine(
    _ descriptor: Int32, beforeWaiting: () -> Void, _ take: (UnsafeBufferPointer<UInt8>, Bool) -> Bool
  ) -> String? {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: chunkBytes + lineLimit)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return "no memory" }
    var kept = 0
    var isSkipping = false
    while true {
      if !isReady(descriptor) { beforeWaiting() }
      let count = read(descriptor, base + kept, chunkBytes)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return String(cString: strerror(errno)) }
      let end = kept + count
      var start = 0
      while let found = memchr(base + start, 10, end - start) {
        let stop = UnsafePointer<UInt8>(found.assumingMemoryBound(to: UInt8.self)) - UnsafePointer(base)
        if !isSkipping, !take(line(base, start, stop), true) { return nil }
        isSkipping = false
        start = stop + 1
      }
      kept = end - start
      if count == 0 {
        if kept > 0, !isSkipping { _ = take(line(base, start, end), true) }
        return nil
      }
      if kept >= lineLimit {
        if !isSkipping, !take(line(base, start, end), false) { return nil }
        (isSkipping, kept) = (true, 0)
      } else {
        memmove(base, base + start, kept)
      }
    }
  }

  /// Whether something, or the end, can be read without waiting.
  private static func isReady(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) != 0
  }

  /// Whether a first line is in truth several: such files come from very old programs, and would be taken for a header alone.
  private static func endsInsideWithCarriageReturns(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    zip(line, line.dropFirst()).contains { $0 == 13 && $1 != 13 }
  }

  private static func line(_ base: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8>
  {
    let isCarriageReturn = end > start && base[end - 1] == 13
    return UnsafeBufferPointer(start: base + start, count: end - start - (isCarriageReturn ? 1 : 0))
  }
}
