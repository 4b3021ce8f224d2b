/// nginx's `log_format` variables (ngx_http_log_module, ngx_http_core_module).
enum NginxVariable {
  static func pieces(of format: String) throws(AccessLogFormatProblem) -> [AccessLogPiece] {
    var pieces: [AccessLogPiece] = []
    var rest = Array(format.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$") else {
        pieces.append(.literal([byte]))
        continue
      }
      let isBraced = rest.first == UInt8(ascii: "{")
      if isBraced { rest.removeFirst() }
      let name = String(decoding: rest.prefix(while: isNameByte), as: UTF8.self)
      rest = rest.dropFirst(name.utf8.count)
      if isBraced, rest.popFirst() != UInt8(ascii: "}") {
        throw AccessLogFormatProblem("a variable's brace is not closed")
      }
      guard !name.isEmpty else { throw AccessLogFormatProblem("a $ without a variable's name") }
      pieces.append(.field(.init(meaning: meaning(of: name), name: "$\(name)")))
    }
    return pieces
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func meaning(of name: String) -> AccessLogFormat.Meaning {
    switch name {
    case "remote_addr": .client
    case "remote_user": .user
    case "host", "server_name", "http_host": .host
    case "server_port": .port
    case "request_method": .method
    case "uri": .path
    case "args", "query_string": .query
    case "request_uri": .target
    case "server_protocol": .protocolName
    case "request": .request
    case "status": .status
    case "body_bytes_sent", "bytes_sent": .bytes
    case "http_referer": .referer
    case "http_user_agent": .agent
    case "request_id": .id
    case "request_time": .duration(perSecond: 1)
    case "time_local": .time(.commonLog)
    case "time_iso8601": .time(.iso8601)
    case "msec": .time(.seconds)
    case "remote_port": .other("client_port")
    default: .other(AccessLogFormat.columnName(for: name.hasPrefix("http_") ? String(name.dropFirst(5)) : name))
    }
  }
}
