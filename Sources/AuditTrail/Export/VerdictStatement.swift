internal import Values

/// What a run has decided, as an in-toto statement (v1): its subjects are the run's records and the runbook, by their
/// digests.
struct VerdictStatement {
  static let predicateType = "https://tocsin.dev/verdict/v1"
  private static let payloadType = "application/vnd.in-toto+json"

  private let exported: ExportedCase

  init(_ exported: ExportedCase) { self.exported = exported }

  var statement: JSON {
    let records = Digest(of: exported.recordBytes)
    let runbook = exported.first?.place.map { String($0.runbook.dropFirst(7)) } ?? ""
    let opened = exported.first?.body
    let closed = exported.last(TrailLog.closingType)
    return .object([
      "_type": .string("https://in-toto.io/Statement/v1"),
      "subject": .array([
        .object(["name": .string("records.jsonl"), "digest": .object(["sha256": .string(records.hexadecimal)])]),
        .object(["name": .string("runbook"), "digest": .object(["sha256": .string(runbook)])]),
      ]),
      "predicateType": .string(Self.predicateType),
      "predicate": .object([
        "run": .string(exported.run), "runbook": opened?["runbook"] ?? .null, "version": opened?["version"] ?? .null,
        "verdict": closed?.body["verdict"] ?? .null, "severity": closed?.body["severity"] ?? .null,
        "closed": closed.map { .string($0.wall.description) } ?? .null,
        "log": .object([
          "origin": .string(exported.checkpoint.origin), "size": .integer(exported.checkpoint.size),
          "root": .string(Base64.text(of: exported.checkpoint.root.bytes)),
        ]),
      ]),
    ])
  }

  /// The statement in a DSSE envelope. The signature is over DSSE's pre-authentication encoding.
  func envelope(signedBy key: SigningKey) -> JSON? {
    let payload = statement.canonicalBytes
    let message =
      Array("DSSEv1 \(Self.payloadType.utf8.count) \(Self.payloadType) \(payload.count) ".utf8) + payload
    guard let signature = try? key.signature(of: message) else { return nil }
    return .object([
      "payload": .string(Base64.text(of: payload)), "payloadType": .string(Self.payloadType),
      "signatures": .array([
        .object(["keyid": .string(key.verifier.text), "sig": .string(Base64.text(of: signature))])
      ]),
    ])
  }
}
