import Testing

/// The same incidents with evidence that is missing, cut or torn: what cannot be seen is never taken for a no.
@Suite struct EvidenceVariantTests {
  private static let attacker = ["127.66.23.91"]
  private static let accessed = ["/srv/shop/data/customers.csv"]
  private static let modified = ["/srv/shop/htdocs/js/app.js", "/srv/shop/uploads/avatar_7731.cgi"]
  private static let scanners = ["127.88.4.19", "127.88.4.20", "127.89.7.1"]
  private static let bySource = ["origin", "known", "caught", "attempted"]
  private static let onServer = ["commands_run", "accessed", "modified"]

  private static func webShell(
    _ name: String, _ edits: Edit, origin: [String]? = attacker, accessed: [String] = accessed,
    modified: [String] = modified, ends verdict: String = "intrusion", open: [String]? = [],
    answers: [String: String] = [:]
  ) -> Variant {
    Variant(
      name, .webShell, edits, ends: verdict, origin: origin, accessed: accessed, modified: modified, open: open,
      answers: answers)
  }

  private static let intrusions = [
    webShell("no firewall log", .without(.firewall), open: bySource),
    webShell("a firewall log that nobody can read", .spoilt(.firewall), open: bySource),
    webShell("an empty firewall log: it saw nothing", .empty(.firewall)),
    webShell("no integrity report", .without(.integrity)),
    webShell("an integrity report of before", .report(at: "04:26:00")),
    webShell("an access log that ends before the window", .ending(.access, at: "04:33:00"), origin: [], open: bySource),
    webShell("kernel records that begin within the attack", .beginning(.kernel, at: "04:34:45")),
    webShell("no series", .without(.series), open: ["spike"], answers: ["spike": "unknown"]),
    webShell("a series that stops before the window", .ending(.series, at: "04:30:00"), open: ["spike"]),
    webShell(
      "no kernel records", .without(.kernel), accessed: [], modified: [], ends: "undetermined", open: onServer),
    webShell(
      "a hole in the kernel's records", .hole(.kernel, from: "04:35:40", to: "04:36:50"), accessed: [], modified: [],
      ends: "undetermined", open: onServer),
    webShell(
      "kernel records that end before the attack", .ending(.kernel, at: "04:34:30"), accessed: [], modified: [],
      ends: "undetermined", open: onServer),
  ]

  private static func scan(
    _ name: String, _ edits: Edit..., ends verdict: String = "undetermined", origin: [String]? = scanners,
    open: [String]?, answers: [String: String] = [:]
  ) -> Variant {
    Variant(name, .quiet, .blockedScan, Edit(edits), ends: verdict, origin: origin, open: open, answers: answers)
  }

  private static let scans = [
    scan("nothing is missing", ends: "blocked", open: [], answers: ["watched": "yes", "explained": "yes"]),
    scan("no kernel records", .without(.kernel), open: onServer),
    scan("empty kernel records", .empty(.kernel), open: onServer),
    scan("kernel records that nobody can read", .spoilt(.kernel), open: onServer),
    scan("a hole in the kernel's records", .hole(.kernel, from: "04:35:00", to: "04:36:30"), open: onServer),
    scan(
      "kernel records that end within the scan", .ending(.kernel, at: "04:35:20"), open: onServer),
    scan(
      "an access log that ends before the scan", .ending(.access, at: "04:35:00"), origin: nil,
      open: bySource + ["accessed", "watched"]),
    Variant(
      "a scan that nothing stopped, and no firewall log", .quiet, .sweep(by: scanners[0]), .without(.firewall),
      ends: "undetermined", origin: [scanners[0]], open: bySource),
    scan(
      "no integrity report", .without(.integrity), open: ["explained"],
      answers: ["modified": "no", "explained": "unknown"]),
    scan("an integrity report of before", .report(at: "04:26:00"), open: ["explained"]),
    scan(
      "a change that nobody's record explains", .reported(changed: ["/srv/shop/htdocs/js/app.js"], at: "04:35:30"),
      open: ["explained"], answers: ["explained": "unknown"]),
    scan("no firewall log: anybody may have answered 403", .without(.firewall), origin: nil, open: bySource),
  ]

  private static func crowd(
    _ name: String, _ edits: Edit, ends verdict: String, open: [String]?, answers: [String: String] = [:]
  ) -> Variant {
    Variant(name, .flashCrowd, edits, ends: verdict, origin: [], open: open, answers: answers)
  }

  private static let crowds = [
    crowd("no kernel records", .without(.kernel), ends: "benign", open: [], answers: ["foothold": "unknown"]),
    crowd("no integrity report", .without(.integrity), ends: "benign", open: []),
    crowd("no firewall log", .without(.firewall), ends: "undetermined", open: bySource),
    crowd("a firewall log that nobody can read", .spoilt(.firewall), ends: "undetermined", open: bySource),
    crowd(
      "an access log that ends within the crowd", .ending(.access, at: "04:35:05"), ends: "undetermined",
      open: bySource + ["accessed", "watched"]),
    crowd("no access log", .without(.access), ends: "undetermined", open: bySource + ["accessed", "watched"]),
    crowd("no series", .without(.series), ends: "undetermined", open: ["spike"], answers: ["spike": "unknown"]),
    crowd("a spoilt series", .spoilt(.series), ends: "undetermined", open: ["spike"], answers: ["spike": "unknown"]),
  ]

  @Test(arguments: intrusions)
  func `an intrusion is seen in what is left, or stays undetermined`(_ variant: Variant) async throws {
    try await variant.judge()
  }

  @Test(arguments: scans)
  func `a blocked scan is closed only where everything was looked at`(_ variant: Variant) async throws {
    try await variant.judge()
  }

  @Test(arguments: crowds)
  func `a crowd is benign only where its requests were looked at`(_ variant: Variant) async throws {
    try await variant.judge()
  }

  /// The same evidence in other files.
  private static let packaged = [
    webShell("logs that are packed", .packed)
      .configured("access.log,", as: "access.log.gz,").configured("modsec_audit.json,", as: "modsec_audit.json.gz,")
      .configured("audit.log,", as: "audit.log.gz,"),
    webShell("a rotated log", .rotated(at: "04:35:30")).configured("access.log,", as: "\"access.log*\","),
    webShell("the newer part of a rotated log alone", .rotated(at: "04:35:30"), open: bySource),
  ]

  @Test(arguments: packaged)
  func `packed and rotated logs tell the same`(_ variant: Variant) async throws { try await variant.judge() }
}
