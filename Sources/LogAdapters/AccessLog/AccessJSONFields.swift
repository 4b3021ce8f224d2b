import RunbookPorts
import Values

/// Which member of an access log's JSON objects gives which column.
///
/// What the objects hold is the server's configuration (nginx: `log_format … escape=json`), so usual names are known
/// and others can be declared.
struct AccessJSONFields: Sendable {
  typealias Standard = AccessLogTable.Standard

  static let optionName = "fields"
  static let option = AdapterOption(
    optionName, .texts,
    "for the format json: which member holds which column, as `client=x_real_ip`; `a.b` names the member `b` of the "
      + "member `a`; a column of another name is added, as text; members with usual names need no such word")

  /// For each column the members that may give it; the first that an object has counts.
  private(set) var members: [Standard: [String]] = Self.usual
  private(set) var extra: [(column: String, member: String)] = []
  /// Columns that every request has, and those whose members the deployment names: some object must have them.
  private(set) var expected: Set<Standard> = [.client, .client_field, .status, .path, .method]

  private static let usual: [Standard: [String]] = [
    .time: ["time", "time_iso8601", "timestamp", "@timestamp", "time_local", "msec", "ts"],
    .client: ["client", "remote_addr", "client_ip", "clientip", "remote_ip", "ip"],
    .user: ["user", "remote_user"],
    .host: ["host", "http_host", "server_name", "vhost"],
    .port: ["port", "server_port"],
    .method: ["method", "request_method"],
    .path: ["path", "uri", "request_uri", "url"],
    .query: ["query", "args", "query_string"],
    .protocol: ["protocol", "server_protocol"],
    .request: ["request", "request_line"],
    .status: ["status"],
    .bytes: ["bytes", "body_bytes_sent", "bytes_sent", "size"],
    .referer: ["referer", "http_referer", "referrer"],
    .agent: ["agent", "ua", "http_user_agent", "user_agent"],
    .duration: ["duration", "request_time"],
    .id: ["id", "request_id", "unique_id"],
  ]

  /// - Parameter texts: `column=member`, each.
  init(_ texts: [String]) throws(BindingProblem) {
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw BindingProblem("`\(text)` is not of the form column=member", option: Self.optionName)
      }
      if let standard = Standard(rawValue: parts[0]) {
        guard let column = standard == .client_field ? .client : Self.usual[standard].map({ _ in standard }) else {
          throw BindingProblem("the column `\(parts[0])` is not in the log", option: Self.optionName)
        }
        members[column] = [parts[1]]
        expected.insert(standard)
      } else {
        guard !extra.contains(where: { $0.column.lowercased() == parts[0].lowercased() }) else {
          throw BindingProblem("the column `\(parts[0])` stands twice", option: Self.optionName)
        }
        extra.append((parts[0], parts[1]))
      }
    }
  }

  /// A client's own words are null where the server had none.
  func value(_ column: Standard, of json: JSON) -> JSON? {
    guard let names = members[column == .client_field ? .client : column] else { return nil }
    let found = names.lazy.compactMap { JSONLinesTable.member($0, of: json) }.first
    if let text = found?.text, text.isEmpty || text == "-" { return nil }
    if case .null? = found { return nil }
    return found
  }

  /// Whether an object has a member that gives the column, also one that says "none".
  func isPresent(_ column: Standard, in json: JSON) -> Bool {
    let names = members[column == .client_field ? .client : column] ?? []
    if names.contains(where: { JSONLinesTable.member($0, of: json) != nil }) { return true }
    switch column {
    case .method, .path, .query, .protocol: return isPresent(.request, in: json)
    default: return false
    }
  }

  func time(of json: JSON) -> Timestamp? {
    guard let value = value(.time, of: json) else { return nil }
    return LogTime.any(value) ?? value.text.flatMap { LogTime.read($0, LogTime.commonLog) }
  }
}
