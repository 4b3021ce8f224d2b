import Testing

/// What looks like an attack, or happens beside one, and is ordinary work.
@Suite struct OrdinaryVariantTests {
  private static let scanners = ["127.88.4.19", "127.88.4.20", "127.89.7.1"]
  private static let site = Edit.site

  private static let benign = [
    Variant("no spike", .quiet, ends: "benign", answers: ["spike": "no"]),
    Variant(
      "a crawler that nobody knows, and that behaves", .quiet,
      .requests(500, from: "04:35:05", every: 0.12) { index in
        Request(
          client: "127.88.4.19", target: "/products/\(index % 26 + 1).html",
          agent: "Mozilla/5.0 (compatible; PriceBot/1)")
      }, ends: "benign", origin: ["127.88.4.19"]),
    Variant(
      "a release that is deployed during a crowd", .flashCrowd,
      .administration(
        "rsync", at: "04:35:40",
        ["index.html", "css/site.css", "js/app.js"].flatMap { file -> [(KernelAct, String)] in
          [(.create, "\(site)/\(file).tmp"), (.rename(to: "\(site)/\(file)"), "\(site)/\(file).tmp")]
        }, changes: ["\(site)/index.html", "\(site)/css/site.css", "\(site)/js/app.js"]), ends: "benign", origin: []),
    Variant(
      "an administrator who reads data during a crowd", .flashCrowd,
      .administration("less", at: "04:35:40", [(.read, "\(Edit.data)/customers.csv")], changes: []), ends: "benign",
      origin: []),
    Variant(
      "an export by head office during a crowd", .flashCrowd, .export(by: "127.40.2.23", at: "04:35:44"),
      ends: "benign", origin: []),
  ]

  @Test(arguments: benign)
  func `ordinary work is benign`(_ variant: Variant) async throws { try await variant.judge() }

  private static let blocked = [
    Variant(
      "an administrator edits a page meanwhile", .quiet, .blockedScan,
      .administration(
        "vim", at: "04:35:30",
        [(.create, "\(site)/js/.app.js.swp"), (.write, "\(site)/js/app.js"), (.delete, "\(site)/js/.app.js.swp")],
        changes: ["\(site)/js/app.js"]), ends: "blocked", origin: scanners, answers: ["explained": "yes"]),
    Variant(
      "head office takes an export meanwhile", .quiet, .blockedScan, .export(by: "127.40.2.38", at: "04:35:30"),
      ends: "blocked", origin: scanners, answers: ["accessed": "no"]),
    Variant(
      "a visitor sends a picture meanwhile", .quiet, .blockedScan,
      .request(Request(client: "127.22.25.98", target: "/products/3.html"), at: "04:35:29"),
      .upload("garden.jpg", by: "127.22.25.98", at: "04:35:30"), ends: "blocked", origin: scanners,
      answers: ["modified": "no"]),
    Variant(
      "one of the scanners looks at the home page", .quiet, .blockedScan,
      .request(Request(client: "127.88.4.19", target: "/"), at: "04:35:04"),
      .request(Request(client: "127.88.4.19", target: "/favicon.ico", status: 404), at: "04:35:05"), ends: "blocked",
      origin: scanners),
    Variant(
      "a known range attacks and is stopped", .quiet, .injections(by: "127.50.3.12", firewall: .stopped),
      ends: "blocked", origin: ["127.50.3.12"]),
    Variant(
      "a few attacks hide in a crowd and are stopped", .flashCrowd,
      .injections(by: "127.88.4.19", from: "04:35:20", 25, every: 1, firewall: .stopped), ends: "blocked",
      origin: ["127.88.4.19"]),
  ]

  @Test(arguments: blocked)
  func `a scan that was stopped is blocked, whatever else happens`(_ variant: Variant) async throws {
    try await variant.judge()
  }
}
