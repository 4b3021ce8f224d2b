internal import Crypto

/// SHA-256 digests as the trail uses them.
struct Digest: Hashable, Sendable {
  let bytes: [UInt8]

  /// The hash of a leaf of an RFC 6962 tree: over a zero byte and the record's line without its LF.
  init(leaf line: some Collection<UInt8>) { self.init(of: [0], line) }

  init(of bytes: some Collection<UInt8>) { self.init(of: [], bytes) }

  /// - Parameter prefix: Stands before the bytes.
  init(of prefix: [UInt8], _ bytes: some Collection<UInt8>) {
    var hash = SHA256()
    hash.update(data: prefix)
    if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
      hash.update(data: Array(bytes))
    }
    self.bytes = Array(hash.finalize())
  }

  /// 64 lower-case digits.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// `sha256:` and the digits.
  var text: String { "sha256:" + hexadecimal }
}
