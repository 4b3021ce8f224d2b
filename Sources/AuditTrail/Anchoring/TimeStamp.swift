internal import Values

/// A time stamp (RFC 3161) over a checkpoint's text, as far as it is looked at here: whose digest it is over, and the time
/// that it states. Whether an authority has signed it is for `openssl ts -verify` to say.
package struct TimeStamp: Hashable, Sendable {
  /// Most bytes of a reply.
  package static let sizeLimitBytes = 65_536

  /// SHA-256 of what was stamped, as the reply says it.
  package let imprint: Digest
  /// As it is written there: `20261123T130000Z` and the like.
  package let time: String

  private static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  private static let stampInfo: [UInt8] = [
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04,
  ]

  /// A request to an authority (DER), which asks for its certificate too.
  ///
  /// - Parameter nonce: Random bytes; the reply repeats them.
  package static func request(for text: [UInt8], nonce: [UInt8]) -> [UInt8] {
    let algorithm = der(0x30, der(0x06, sha256) + der(0x05, []))
    let imprint = der(0x30, algorithm + der(0x04, Digest(of: text).bytes))
    // A whole number that is not negative and has no needless zeros.
    let number = [0x01] + nonce
    return der(0x30, der(0x02, [1]) + imprint + der(0x02, number) + der(0x01, [0xFF]))
  }

  private static func der(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
    precondition(body.count < 128, "what is written here is short")
    return [tag, UInt8(body.count)] + body
  }

  /// - Parameter reply: A `TimeStampResp` (DER).
  /// - Returns: `nil` for a reply that grants nothing, one over another kind of digest, and anything else.
  package init?(reply: [UInt8]) {
    guard reply.count <= Self.sizeLimitBytes, var top = DERScan(reply[...]).only(0x30),
      var status = top.next(0x30), let granted = status.value(0x02),
      granted.elementsEqual([0]) || granted.elementsEqual([1]),
      // ContentInfo, SignedData, EncapsulatedContentInfo, the octets of the TSTInfo
      var content = top.next(0x30), content.value(0x06) != nil, var wrapped = content.next(0xA0),
      var signed = wrapped.next(0x30), signed.value(0x02) != nil, signed.value(0x31) != nil,
      var inner = signed.next(0x30), let kind = inner.value(0x06), kind.elementsEqual(Self.stampInfo),
      var octets = inner.next(0xA0), let info = octets.value(0x04), var stamp = DERScan(info).only(0x30),
      stamp.value(0x02) != nil, stamp.value(0x06) != nil, var imprint = stamp.next(0x30),
      var algorithm = imprint.next(0x30), let name = algorithm.value(0x06), name.elementsEqual(Self.sha256),
      let bytes = imprint.value(0x04), let digest = Digest(bytes: bytes), stamp.value(0x02) != nil,
      let time = stamp.value(0x18), let text = String(validating: time, as: UTF8.self),
      text.utf8.allSatisfy({ (0x2E...0x5A).contains($0) })
    else { return nil }
    self.imprint = digest
    self.time = text
  }
}

/// Reads DER values one after the other.
struct DERScan {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The contents of the next value, if it has the tag.
  mutating func value(_ tag: UInt8) -> ArraySlice<UInt8>? {
    var bytes = rest
    guard bytes.popFirst() == tag, let first = bytes.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard (1...3).contains(count), bytes.count >= count else { return nil }
      length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      bytes = bytes.dropFirst(count)
    }
    guard bytes.count >= length else { return nil }
    rest = bytes.dropFirst(length)
    return bytes.prefix(length)
  }

  /// The same, to be read in its turn.
  mutating func next(_ tag: UInt8) -> DERScan? { value(tag).map(DERScan.init) }

  /// The one value that there is.
  func only(_ tag: UInt8) -> DERScan? {
    var scan = self
    guard let value = scan.value(tag), scan.rest.isEmpty else { return nil }
    return DERScan(value)
  }
}
