import Values

/// A firewall event of Cloudflare, from Logpush (`firewall_events`) or, in other case, from the GraphQL API
/// (`firewallEventsAdaptive`).
struct CloudflareFirewallEvent: FirewallTransaction {
  private let json: JSON
  let time: Timestamp?

  /// - Returns: `nil` if the object is no such event.
  init?(_ json: JSON) {
    guard json["Action"] != nil || json["action"] != nil, json["RayID"] != nil || json["rayName"] != nil else {
      return nil
    }
    self.json = json
    time = (json["Datetime"] ?? json["datetime"]).flatMap(LogTime.any)
  }

  private func text(_ names: String...) -> String? {
    names.lazy.compactMap { json[$0]?.text }.first { !$0.isEmpty }
  }

  var id: String? { text("RayID", "rayName") }
  var clientField: String? { text("ClientIP", "clientIP") }
  var clientPort: Int64? { nil }
  var host: String? { text("ClientRequestHost", "clientRequestHTTPHost") }
  var agent: String? { text("ClientRequestUserAgent", "userAgent") }
  var action: String? { text("Action", "action") }

  var status: Int64? {
    (json["EdgeResponseStatus"] ?? json["edgeResponseStatus"])?.wholeNumber.flatMap { $0 == 0 ? nil : $0 }
  }

  var request: HTTPRequest {
    var query = text("ClientRequestQuery", "clientRequestQuery") ?? ""
    if query.hasPrefix("?") { query.removeFirst() }
    return HTTPRequest(
      method: text("ClientRequestMethod", "clientRequestHTTPMethodName"),
      target: text("ClientRequestPath", "clientRequestPath"), query: query,
      protocolName: text("ClientRequestProtocol", "clientRequestHTTPProtocol"))
  }

  /// A challenge keeps the request from the site until it is solved, which is an event of its own.
  var isStopped: Bool? {
    switch action?.lowercased().filter({ $0 != "_" }) {
    case "block", "drop", "connectionclose", "challenge", "jschallenge", "managedchallenge", "challengefailed",
      "jschallengefailed", "managedchallengefailed":
      true
    case "log", "allow", "skip", "bypass", "simulate", "challengesolved", "jschallengesolved",
      "managedchallengenoninteractivesolved", "managedchallengeinteractivesolved", "managedchallengebypassed",
      "challengebypassed", "jschallengebypassed":
      false
    default: nil
    }
  }

  var rules: [MatchedRule] {
    guard let name = text("RuleID", "ruleId") else { return [] }
    let source = text("Source", "source")
    let metadata = json["Metadata"]?.members?.compactMap(\.value.text) ?? []
    return [
      MatchedRule(
        text: action ?? "", name: name, message: text("Description", "description") ?? metadata.first,
        tags: [source, text("Kind", "kind")].compactMap { $0 } + metadata)
    ]
  }
}
