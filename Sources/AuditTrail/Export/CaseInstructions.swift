/// What lies beside an exported case for people: how to verify it.
enum CaseInstructions {
  /// What others have said of the checkpoint, and how that is verified.
  private static func others(_ exported: ExportedCase) -> String {
    var text = ""
    if exported.note.signatures.count > 1 {
      text += """

        Others have signed the checkpoint too, after having seen that the log only grew; with a witness's key, from the
        witness:

            tocsin trail verify --case . --key 'NAME+HASH+BASE64' --witness 'NAME+HASH+BASE64'

        """
    }
    if exported.stamp != nil {
      text += """

        `\(ExportedCase.stampName)` is an authority's time stamp of the checkpoint's text:

            head -n 3 checkpoint > text
            openssl ts -verify -data text -in \(ExportedCase.stampName) -CAfile CERTIFICATES

        """
    }
    return text
  }

  static func text(for exported: ExportedCase) -> String {
    let first = exported.lines.first { $0.proof != nil }?.record.sequence ?? 0
    let names = exported.note.signatures.map(\.name)
    let signed =
      names.isEmpty ? "nobody: the trail has no key, and nothing here proves anything" : names.joined(separator: ", ")
    return """
      # Run \(exported.run)

      \(exported.lines.count) records of the log \(exported.checkpoint.origin), under a checkpoint of \
      \(exported.checkpoint.size) records that was signed by \(signed).

      Get the verifier key from its owner, not from this folder: who could change the one could change the other.

      With Tocsin:

          tocsin trail verify --case . --key 'NAME+HASH+BASE64'

      The checkpoint's signature with openssl (3.0 or later), the key as PEM from its owner in `trail.pem`:

          head -n 3 checkpoint > text
          grep '^— ' checkpoint | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature
          openssl pkeyutl -verify -pubin -inkey trail.pem -rawin -in text -sigfile signature

      That a record is in the signed tree, with any verifier of C2SP tlog-proofs: `proofs/\(first).tlog-proof` proves the
      first line of `records.jsonl`, without its line feed. By hand: the leaf is SHA-256 over a zero byte and the line.

      That a piece of evidence is the one a record names: its file's name is its SHA-256.

          cd evidence && for file in *; do echo "$file  $file"; done | sha256sum --check

      The first 32 bytes of such a file are salt; the evidence follows.

          tail -c +33 evidence/DIGITS

      `documents/` has the runbook with its imports and lists, each under the SHA-256 of its bytes; `case.json` and the
      first record say which is which.

      `statement.dsse.json` holds what was decided (in-toto statement, DSSE envelope), signed by the same key, and the
      SHA-256 of `case.json`, of this page, and of `case.jsonld`, which has the same in CASE/UCO. A case that was exported
      without the key has no statement; nothing then proves these.
      \(others(exported))
      """
  }
}
