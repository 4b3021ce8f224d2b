internal import Values

/// What verification needs to know of a line.
struct LineFacts: Sendable {
  let leaf: Digest
  /// `nil` for a line that is no record.
  let link: ChainLink?
  /// Names another log.
  let isForeign: Bool
  let damage: RecordDamage?
  /// References to evidence, erasures, and what the log says of itself; empty for most records.
  let notes: [Note]

  enum Note: Sendable {
    case evidence(digest: String, length: Int64)
    /// So many pieces were never kept.
    case notKept(Int)
    case document(RunDocument)
    /// The documents are others than those that the run's records name.
    case otherDocuments
    case export(ExportedDigest)
    /// Not there any more, or lost in a crash.
    case gone(digest: String)
    case key(text: String, unsignedBefore: Int64?)
    case continued
    /// A checkpoint that was not the log's was set aside under this name.
    case foreignCheckpoint(keptAs: String)
    /// From this record on nobody had signed what another process found there.
    case unsigned(from: Int64)
    /// The beginning of the log is removed; the body in canonical form.
    case retained([UInt8])
  }

  /// How closely a line is looked at.
  enum Depth {
    /// By its head, and as a whole unless it is certain that it is written in the only way; what the tree's root covers
    /// cannot have been changed in between, but whoever has the key can sign what is no record.
    case head
    /// As a whole.
    case whole
  }

  /// Types of records whose bodies are read.
  private static let telling =
    [
      TrailLog.closingType, TrailLog.rotatedType, TornTail.recoveredType, TrailLog.keyType, TrailReader.erasedType,
      RemovedRecords.recordType, RunDocument.recordType,
    ].map { Array($0.utf8) } + ExportedDigest.recordTypes.map { Array($0.utf8) }

  /// - Parameters:
  ///   - origin: The log's name as it stands in a record, with its escapes.
  ///   - names: Those that records before it have had.
  init(_ line: UnsafeBufferPointer<UInt8>, origin: [UInt8]?, depth: Depth, names: inout RecurringNames) {
    leaf = Digest(leaf: UnsafeRawBufferPointer(line))
    if depth == .head, let head = RecordHead(line), !head.namesEvidence,
      !Self.telling.contains(where: { line[head.type].elementsEqual($0) }), head.isCertain(in: line),
      let link = ChainLink(head, of: line, leaf: leaf, &names)
    {
      self.link = link
      isForeign = origin.map { !line[head.origin].elementsEqual($0) } ?? false
      damage = nil
      notes = []
      return
    }
    do throws(RecordDamage) {
      let record = try TrailRecord(line: line)
      link = ChainLink(record, leaf: leaf)
      isForeign = origin.map { JSON.string(record.origin).canonicalBytes.dropFirst().dropLast() != $0[...] } ?? false
      damage = nil
      notes = Self.notes(of: record)
    } catch {
      (link, isForeign, damage, notes) = (nil, false, error, [])
    }
  }

  private static func notes(of record: TrailRecord) -> [Note] {
    switch record.type {
    case TrailLog.rotatedType where record.place == nil: return [.continued]
    case TrailLog.keyType where record.place == nil:
      return [.key(text: record.body["key"]?.text ?? "", unsignedBefore: record.body["unsigned_before"]?.integer)]
    case TornTail.recoveredType where record.place == nil:
      if record.body["checkpoint"] != nil, let name = record.body["kept_as"]?.text {
        return [.foreignCheckpoint(keptAs: name)]
      }
      if let first = record.body[TrailLog.unsignedMember]?.integer { return [.unsigned(from: first)] }
      return (record.body["lost_evidence"]?.elements ?? []).compactMap(\.text).map { .gone(digest: $0) }
    case RemovedRecords.recordType where record.place == nil: return [.retained(record.body.canonicalBytes)]
    case TrailReader.erasedType where record.place == nil:
      return record.body["digest"]?.text.map { [.gone(digest: $0)] } ?? []
    default:
      let missing = EvidenceReferences.notKept(in: record.body)
      let opens = record.type == RunDocument.recordType && record.place?.sequence == 1
      return EvidenceReferences.references(in: record.body).map { .evidence(digest: $0.digest, length: $0.length) }
        + (missing > 0 ? [.notKept(missing)] : []) + (opens ? RunDocument.all(in: record.body) : []).map(Note.document)
        + (opens && !RunDocument.areNamed(by: record) ? [.otherDocuments] : [])
        + (ExportedDigest(record).map { [.export($0)] } ?? [])
    }
  }
}

/// Names that stand in one line after another, made into texts once for many lines.
struct RecurringNames {
  private static let slotCount = 256

  private var slots = [String?](repeating: nil, count: slotCount)

  /// - Parameter isAllowed: Whether a name is one; asked once for many lines, always with the same answer.
  /// - Returns: `nil` for a name that is not allowed.
  mutating func text(of bytes: Slice<UnsafeBufferPointer<UInt8>>, isAllowed: (String) -> Bool) -> String? {
    // Names differ at their ends.
    let slot = Int(bytes.suffix(8).reduce(UInt(bytes.count)) { $0 &* 31 &+ UInt($1) } % UInt(Self.slotCount))
    if let known = slots[slot], known.isText(of: bytes) { return known }
    let text = String(decoding: bytes, as: UTF8.self)
    guard isAllowed(text) else { return nil }
    slots[slot] = text
    return text
  }
}

extension String {
  fileprivate func isText(of bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let isSame = utf8.withContiguousStorageIfAvailable { $0.isSame(as: UnsafeBufferPointer(rebasing: bytes)) }
    return isSame ?? utf8.elementsEqual(bytes)
  }
}
