internal import Values

/// What a run has decided, as an in-toto statement (v1): its subjects are the run's records, the runbook, and the files
/// of the case that are made of them, by their digests.
struct VerdictStatement {
  static let predicateType = "https://tocsin.dev/verdict/v1"
  /// Subjects that are no files beside the records.
  static let recordsName = "records.jsonl"
  static let runbookName = "runbook"

  let run: String
  /// The run's first record.
  let first: TrailRecord?
  /// The record that closed it.
  let closed: TrailRecord?
  /// Of `records.jsonl`.
  let records: Digest
  let checkpoint: Checkpoint
  /// Files of the case that nothing else proves.
  let files: [File]

  struct File: Hashable {
    let name: String
    /// SHA-256 in hexadecimal digits.
    let digits: String

    init(name: String, digits: String) {
      self.name = name
      self.digits = digits
    }

    init(_ name: String, _ bytes: [UInt8]) { self.init(name: name, digits: Digest(of: bytes).hexadecimal) }
  }

  var json: JSON {
    let runbook = first?.place.map { String($0.runbook.dropFirst(7)) } ?? ""
    let subjects =
      [File(name: Self.recordsName, digits: records.hexadecimal), File(name: Self.runbookName, digits: runbook)] + files
    return .object([
      "_type": .string("https://in-toto.io/Statement/v1"),
      "subject": .array(
        subjects.map {
          .object(["name": .string($0.name), "digest": .object(["sha256": .string($0.digits)])])
        }),
      "predicateType": .string(Self.predicateType),
      "predicate": .object([
        "run": .string(run), "runbook": first?.body["runbook"] ?? .null, "version": first?.body["version"] ?? .null,
        "verdict": closed?.body["verdict"] ?? .null, "severity": closed?.body["severity"] ?? .null,
        "closed": closed.map { .string($0.wall.description) } ?? .null,
        "log": .object([
          "origin": .string(checkpoint.origin), "size": .integer(checkpoint.size),
          "root": .string(Base64.text(of: checkpoint.root.bytes)),
        ]),
      ]),
    ])
  }

  /// The files that a statement names besides the records and the runbook; `nil` if its subjects are not in the form
  /// that they are written in.
  static func files(of statement: JSON) -> [File]? {
    guard let subjects = statement["subject"]?.elements, subjects.count >= 2 else { return nil }
    var files: [File] = []
    for subject in subjects.dropFirst(2) {
      guard let name = subject["name"]?.text, let digits = subject["digest"]?["sha256"]?.text,
        EvidenceStore.isDigest(digits), !name.utf8.contains(UInt8(ascii: "/")), !name.hasPrefix(".")
      else { return nil }
      files.append(File(name: name, digits: digits))
    }
    return files
  }
}

/// A statement in a DSSE envelope. The signatures are over DSSE's pre-authentication encoding.
struct StatementEnvelope {
  static let name = "statement.dsse.json"
  private static let payloadType = "application/vnd.in-toto+json"

  struct Signature {
    /// The signer's verifier key.
    let key: String
    let bytes: [UInt8]
  }

  let payload: [UInt8]
  let signatures: [Signature]

  init(_ statement: VerdictStatement, signedBy key: SigningKey) throws(SigningProblem) {
    payload = statement.json.canonicalBytes
    let signature = try key.signature(of: Self.message(payload))
    signatures = [Signature(key: key.verifier.text, bytes: signature)]
  }

  /// - Parameter bytes: What `bytes` gives, byte for byte; everything else is no envelope.
  init?(parsing bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), let payload = Self.base64(json["payload"]) else { return nil }
    let signatures = (json["signatures"]?.elements ?? []).compactMap { signature -> Signature? in
      guard let key = signature["keyid"]?.text, let bytes = Self.base64(signature["sig"]) else { return nil }
      return Signature(key: key, bytes: bytes)
    }
    (self.payload, self.signatures) = (payload, signatures)
    guard self.bytes == bytes else { return nil }
  }

  private static func base64(_ json: JSON?) -> [UInt8]? { (json?.text).flatMap { Base64.bytes(Array($0.utf8)) } }

  private static func message(_ payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
  }

  var bytes: [UInt8] {
    let signatures = signatures.map { signature -> JSON in
      .object(["keyid": .string(signature.key), "sig": .string(Base64.text(of: signature.bytes))])
    }
    return JSON.object([
      "payload": .string(Base64.text(of: payload)), "payloadType": .string(Self.payloadType),
      "signatures": .array(signatures),
    ]).canonicalBytes + [0x0A]
  }

  /// Whether a key has signed; `nil` if no signature says that it is the key's.
  func isSigned(by key: VerifierKey) -> Bool? {
    let own = signatures.filter { ExactString($0.key) == ExactString(key.text) }
    guard !own.isEmpty else { return nil }
    let message = Self.message(payload)
    return own.allSatisfy { key.hasSigned(message, $0.bytes) }
  }
}
