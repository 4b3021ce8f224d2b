import DurableFiles
package import RunbookPorts
import Values

/// Baselines in a folder, a file each.
package struct BaselineFolder: BaselineStore {
  private static let byteLimit = 256 << 20
  private static let ending = ".baseline.json"

  private let path: String

  package init(_ path: String) { self.path = path }

  package func baseline(
    _ key: BaselineKey
  ) throws(BaselineProblem) -> (baseline: StoredBaseline, reference: BaselineReference)? {
    guard Folder.exists(file(of: key)) else { return nil }
    let bytes = try read(file(of: key))
    let baseline = try StoredBaseline(bytes, named: file(of: key))
    // A file that was put in the place of another is not what was learned.
    guard baseline.key.digest == key.digest else {
      throw BaselineProblem("'\(file(of: key))' is the baseline of another query")
    }
    return (baseline, reference(of: baseline, bytes))
  }

  package func keep(_ baseline: StoredBaseline) throws(BaselineProblem) -> BaselineReference {
    let bytes = Array((baseline.json.compactText + "\n").utf8)
    do throws(FileProblem) {
      try Folder.make(path)
      try WholeFile.write(bytes, to: file(of: baseline.key))
    } catch {
      throw BaselineProblem(error.message)
    }
    return reference(of: baseline, bytes)
  }

  package func forget(_ query: String) throws(BaselineProblem) -> Int {
    let files = try files().filter { name in
      name.hasPrefix("\(query)-") && name.utf8.count == query.utf8.count + 1 + Self.keyDigits + Self.ending.utf8.count
    }
    do throws(FileProblem) { for name in files { try Folder.remove("\(path)/\(name)") } } catch {
      throw BaselineProblem(error.message)
    }
    return files.count
  }

  package func all() throws(BaselineProblem) -> (baselines: [StoredBaseline], problems: [BaselineProblem]) {
    var found: [StoredBaseline] = []
    var problems: [BaselineProblem] = []
    for name in try files() {
      let file = "\(path)/\(name)"
      do throws(BaselineProblem) { found.append(try StoredBaseline(try read(file), named: file)) } catch {
        problems.append(error)
      }
    }
    return (found.sorted { ($0.key.query, $0.key.digest) < ($1.key.query, $1.key.digest) }, problems)
  }

  /// The names of the baselines' files.
  private func files() throws(BaselineProblem) -> [String] {
    guard Folder.exists(path) else { throw BaselineProblem("there is no folder '\(path)'") }
    do throws(FileProblem) { return try Folder.names(in: path).filter { $0.hasSuffix(Self.ending) } } catch {
      throw BaselineProblem(error.message)
    }
  }

  /// How many digits of a key's digest a file's name bears.
  private static let keyDigits = 24

  private func file(of key: BaselineKey) -> String {
    "\(path)/\(key.query)-\(key.digest.dropFirst("sha256:".count).prefix(Self.keyDigits))\(Self.ending)"
  }

  private func read(_ file: String) throws(BaselineProblem) -> [UInt8] {
    do throws(FileProblem) { return try WholeFile.read(file, limitBytes: Self.byteLimit) } catch {
      throw BaselineProblem(error.message)
    }
  }

  private func reference(of baseline: StoredBaseline, _ bytes: [UInt8]) -> BaselineReference {
    BaselineReference(digest: ContentDigest.of(bytes), from: baseline.from, to: baseline.to)
  }
}

// MARK: As JSON

extension StoredBaseline {
  fileprivate var json: JSON {
    .object([
      "tocsin_baseline": .integer(Self.version), "query": .string(key.query), "source": .string(key.source),
      "key": .string(key.digest), "from": .string(from.shortDescription), "to": .string(to.shortDescription),
      "series": .array(
        series.map { series in
          .object([
            "labels": .array(series.labels.map { .array([.string($0.name), .string($0.value)]) }),
            "seconds": .array(series.points.map { .integer($0.time.seconds) }),
            "nanoseconds": .array(series.points.map { .integer(Int64($0.time.nanoseconds)) }),
            "values": .array(series.points.map { $0.value.isFinite ? .double($0.value) : .null }),
          ])
        }),
    ])
  }

  fileprivate init(_ bytes: [UInt8], named file: String) throws(BaselineProblem) {
    let damaged = BaselineProblem("'\(file)' is damaged; forget it and learn anew")
    let json: JSON
    do throws(JSONError) { json = try JSON(parsing: bytes) } catch { throw damaged }
    guard json["tocsin_baseline"]?.integer == Self.version else {
      throw BaselineProblem("'\(file)' is of another version than \(Self.version); forget it and learn anew")
    }
    guard let query = json["query"]?.text, let source = json["source"]?.text, let digest = json["key"]?.text,
      let from = json["from"]?.text.flatMap({ Timestamp(rfc3339: $0) }),
      let to = json["to"]?.text.flatMap({ Timestamp(rfc3339: $0) }), let elements = json["series"]?.elements
    else { throw damaged }
    var series: [Series] = []
    for element in elements {
      guard let one = Series(stored: element) else { throw damaged }
      series.append(one)
    }
    self.init(
      key: BaselineKey(query: query, source: source, digest: digest), from: from, to: to, series: series)
  }
}

extension Series {
  fileprivate init?(stored json: JSON) {
    guard let labels = json["labels"]?.elements, let seconds = json["seconds"]?.elements,
      let nanoseconds = json["nanoseconds"]?.elements, let values = json["values"]?.elements,
      seconds.count == values.count, nanoseconds.count == values.count
    else { return nil }
    var pairs: [(name: String, value: String)] = []
    for label in labels {
      guard let parts = label.elements, parts.count == 2, let name = parts[0].text, let value = parts[1].text else {
        return nil
      }
      pairs.append((name, value))
    }
    var points: [Series.Point] = []
    points.reserveCapacity(values.count)
    for place in values.indices {
      guard let whole = seconds[place].integer, Timestamp.validSeconds.contains(whole),
        let fraction = nanoseconds[place].integer, (0..<1_000_000_000).contains(fraction),
        let value = values[place].stored
      else { return nil }
      points.append(Series.Point(Timestamp(seconds: whole, nanoseconds: Int32(fraction)), value))
    }
    self.init(labels: pairs, points: points)
  }
}

extension JSON {
  /// A measured value; what was no number is kept as null.
  fileprivate var stored: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .null: .nan
    default: nil
    }
  }
}
