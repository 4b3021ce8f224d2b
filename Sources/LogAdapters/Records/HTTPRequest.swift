/// What was asked for, as one line or in parts.
struct HTTPRequest {
  var line: String?
  var method: String?
  var path: String?
  var query: String?
  var protocolName: String?

  static let none = HTTPRequest()

  private init() {}

  /// A request line such as `GET /a?b HTTP/1.1`.
  init(line: String) {
    self.line = line
    var line = line
    line.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      guard let parts = RequestParts(bytes) else { return }
      let target = RequestTarget(bytes, parts.target)
      func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
      method = text(parts.method)
      path = text(target.path)
      query = target.query.map(text)
      protocolName = parts.protocolName.map(text)
    }
  }

  /// - Parameter target: The path, with the query unless that is given apart.
  init(method: String?, target: String?, query: String? = nil, protocolName: String?) {
    self.method = method
    self.protocolName = protocolName
    guard let target else { return }
    if let query {
      path = target
      self.query = query.isEmpty ? nil : query
    } else if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
      path = String(target[..<mark])
      self.query = String(target[target.utf8.index(after: mark)...])
    } else {
      path = target
    }
    let asked = [path ?? "", self.query].compactMap { $0 }.joined(separator: "?")
    line = [method, asked, protocolName].compactMap { $0 }.joined(separator: " ")
  }
}
