/// The parts of a request line, as places in its bytes. A request that is none (`-`, bytes of TLS) has no parts.
struct RequestParts {
  var method = 0..<0
  var target = 0..<0
  var protocolName: Range<Int>?

  /// Reads a method of letters, a target that may hold spaces, and `HTTP/…`, which HTTP/0.9 leaves out.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let methodEnd = bytes.firstIndex(of: 0x20), methodEnd > 0,
      bytes[..<methodEnd].allSatisfy({ (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95 })
    else { return nil }
    method = 0..<methodEnd
    target = methodEnd + 1..<bytes.count
    if let last = bytes.lastIndex(of: 0x20), last > methodEnd, bytes[(last + 1)...].starts(with: "HTTP/".utf8) {
      target = methodEnd + 1..<last
      protocolName = last + 1..<bytes.count
    }
    guard !target.isEmpty else { return nil }
  }
}

/// What is asked for, without and behind the question mark.
struct RequestTarget {
  let path: Range<Int>
  let query: Range<Int>?

  init(_ bytes: UnsafeRawBufferPointer, _ target: Range<Int>) {
    guard let mark = bytes[target].firstIndex(of: UInt8(ascii: "?")) else {
      path = target
      query = nil
      return
    }
    path = target.lowerBound..<mark
    query = mark + 1..<target.upperBound
  }
}
