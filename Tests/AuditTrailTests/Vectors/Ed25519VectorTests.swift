import AuditTrail
import Testing
import Values

@Suite struct Ed25519VectorTests {
  private static let folder = PublicVectors.folder("wycheproof/testvectors_v1")

  @Test(.enabled(if: folder != nil, .init(rawValue: PublicVectors.absence)))
  func `every public vector of a signature is judged as it should be`() throws {
    let json = try PublicVectors.json("\(Self.folder ?? "")/ed25519_test.json")
    var count = 0
    for group in json["testGroups"]?.elements ?? [] {
      let key = try #require(Hexadecimal.bytes(group["publicKey"]?["pk"]?.text ?? ""))
      let verifier = VerifierKey(name: "vector", publicKey: key)
      for test in group["tests"]?.elements ?? [] {
        let message = try #require(Hexadecimal.bytes(test["msg"]?.text ?? "-"))
        let signature = try #require(Hexadecimal.bytes(test["sig"]?.text ?? "-"))
        let isValid = verifier?.hasSigned(message, signature) ?? false
        #expect(isValid == (test["result"]?.text == "valid"), "\(test["tcId"]?.integer ?? 0)")
        count += 1
      }
    }
    #expect(count == 151)
  }
}
