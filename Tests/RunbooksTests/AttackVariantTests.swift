import Testing

/// Attacks of other kinds than the recorded ones.
@Suite struct AttackVariantTests {
  private static let attacker = "127.88.4.19"
  private static let data = Edit.data
  private static let site = Edit.site
  private static let uploads = Edit.uploads

  private static let attempts = [
    Variant(
      "a scan that the firewall only notes", .quiet, .sweep(by: attacker),
      .injections(by: attacker, from: "04:36:00", 20, firewall: .noted), ends: "attempt", origin: [attacker]),
    Variant(
      "a sweep of which the firewall stops what it knows", .quiet, .sweep(by: attacker, firewall: .stopped),
      ends: "attempt", origin: [attacker], answers: ["caught": "no"]),
    Variant(
      "payloads of which a few pass the firewall", .quiet, .injections(by: attacker, firewall: .stopped),
      .requests(12, from: "04:35:10", every: 1) { _ in
        Request(client: attacker, target: "/app/search.cgi?q=%22%29%20aNd%20%28%22a%22%3D%22a")
      }, ends: "attempt", origin: [attacker]),
    Variant(
      "an attack from a known range", .quiet, .sweep(by: "127.50.3.12"),
      .injections(by: "127.50.3.12", from: "04:36:00", 10, firewall: .noted), ends: "attempt",
      origin: ["127.50.3.12"]),
    Variant("stolen passwords tried by one", .quiet, .logins { _ in attacker }, ends: "attempt", origin: [attacker]),
    Variant(
      "stolen passwords tried by eighty", .quiet, .logins { "127.90.\($0 % 80 / 9).\($0 % 9 + 1)" }, ends: "attempt",
      answers: ["swept": "no"]),
    Variant(
      "a sweep by a hundred and twenty", .quiet,
      .requests(600, from: "04:35:05", every: 0.11) { index in
        Request(client: "127.91.\(index % 120 / 9).\(index % 9 + 1)", target: "/x\(index).bak", status: 404)
      }, ends: "attempt", answers: ["swept": "yes"]),
    Variant(
      "a flood of one page", .quiet,
      .requests(900, from: "04:35:05", every: 0.06) { _ in Request(client: attacker, target: "/") }, ends: "attempt",
      origin: [attacker]),
    Variant(
      "paths out of the downloads that lead nowhere", .quiet, .sweep(by: attacker),
      .requests(2, from: "04:36:15", every: 1) { index in
        let file = ["../../../../root/.ssh/id_rsa", "../nothere.csv"][index]
        return Request(client: attacker, target: "/app/download.cgi?file=\(file)", status: 404, firewall: .noted)
      }, ends: "attempt", origin: [attacker]),
    Variant(
      "head office takes an export during a scan", .quiet, .sweep(by: attacker),
      .export(by: "127.40.2.23", at: "04:35:30"), ends: "attempt", origin: [attacker]),
    Variant(
      "a short spike", .quiet, .injections(by: attacker, from: "04:35:15", every: 0.08, firewall: .noted),
      ends: "attempt", origin: [attacker]),
    Variant(
      "one that is stopped beside one that is not", .quiet, .blockedScan,
      .sweep(by: "127.77.1.9", from: "04:35:10", 100), ends: "attempt",
      origin: [attacker, "127.88.4.20", "127.89.7.1", "127.77.1.9"]),
  ]

  @Test(arguments: attempts)
  func `an attack that leaves nothing behind is an attempt`(_ variant: Variant) async throws {
    try await variant.judge()
  }

  private static let exposures = [
    Variant(
      "a path that leads out of the downloads", .quiet, .sweep(by: attacker),
      .traversal(to: "customers.csv", by: attacker, at: "04:36:15"), ends: "exposure", origin: [attacker],
      accessed: ["\(data)/customers.csv"], answers: ["commands_run": "no", "modified": "no"]),
    Variant(
      "the same in a crowd, unseen by the firewall", .flashCrowd,
      .traversal(to: "orders.csv", by: attacker, at: "04:35:50", firewall: .silent), ends: "exposure",
      origin: [attacker], accessed: ["\(data)/orders.csv"]),
    Variant(
      "a file outside of what the kernel watches", .quiet, .sweep(by: attacker),
      .request(
        Request(client: attacker, target: "/app/download.cgi?file=../../../../etc/passwd", bytes: 1_180),
        at: "04:36:15"), ends: "exposure", origin: [attacker], accessed: ["/etc/passwd"]),
    Variant(
      "an export by somebody who guessed a password", .quiet, .logins { _ in attacker },
      .export(by: attacker, at: "04:36:12"), ends: "exposure", origin: [attacker],
      accessed: ["\(data)/customers.csv", "\(data)/orders.csv"]),
  ]

  @Test(arguments: exposures)
  func `data that was read is an exposure`(_ variant: Variant) async throws { try await variant.judge() }

  private static let intrusions = [
    Variant(
      "a script that was uploaded and never called", .quiet, .sweep(by: attacker),
      .upload("x.pl", by: attacker, at: "04:36:15"), ends: "intrusion", origin: [attacker],
      modified: ["\(uploads)/x.pl"], answers: ["commands_run": "no"]),
    Variant(
      "a harmless name, uploaded by an attacker", .quiet, .sweep(by: attacker),
      .upload("probe.txt", by: attacker, at: "04:36:15"), ends: "intrusion", origin: [attacker],
      modified: ["\(uploads)/probe.txt"]),
    Variant(
      "a command within a search", .quiet, .sweep(by: attacker),
      .command(["id"], by: attacker, through: "/app/search.cgi?q=%3Bid", at: "04:36:15"), ends: "intrusion",
      origin: [attacker], answers: ["commands_run": "yes", "modified": "no"]),
    Variant(
      "a lone command in a crowd", .flashCrowd,
      .command(["ls", data], by: attacker, through: "/app/search.cgi?q=mug%7Cls", at: "04:35:50"), ends: "intrusion",
      origin: [attacker]),
    Variant(
      "a web shell that hides in a crowd", .flashCrowd, .upload("me.cgi", by: attacker, at: "04:35:40"),
      .command(["id"], by: attacker, through: "/uploads/me.cgi?c=id", at: "04:35:49"), ends: "intrusion",
      origin: [attacker], modified: ["\(uploads)/me.cgi"]),
    Variant(
      "an editor that works on a copy, by a path from its own folder", .quiet, .sweep(by: attacker),
      .upload("pic.cgi", by: attacker, at: "04:36:10"),
      .command(
        ["sed", "-i", "s/a/b/", "../htdocs/js/cart.js"], by: attacker, through: "/uploads/pic.cgi", at: "04:36:16",
        [
          (.create, "../htdocs/js/sedXy12Zq"), (.attributes, "../htdocs/js/sedXy12Zq"),
          (.rename(to: "../htdocs/js/cart.js"), "../htdocs/js/sedXy12Zq"),
        ]), .reported(changed: ["\(site)/js/cart.js"], at: "04:36:16"), ends: "intrusion", origin: [attacker],
      modified: ["\(uploads)/pic.cgi", "\(site)/js/cart.js"]),
    Variant(
      "files that are deleted, opened to all, and carried away", .quiet, .sweep(by: attacker),
      .upload("pic.cgi", by: attacker, at: "04:36:10"),
      .command(
        ["mv", "\(site)/robots.txt", "/tmp/r"], by: attacker, through: "/uploads/pic.cgi", at: "04:36:16",
        [
          (.delete, "\(site)/favicon.ico"), (.attributes, "\(site)/css/site.css"),
          (.rename(to: "/tmp/r"), "\(site)/robots.txt"),
        ]), ends: "intrusion", origin: [attacker],
      modified: ["\(uploads)/pic.cgi", "\(site)/favicon.ico", "\(site)/css/site.css", "\(site)/robots.txt"]),
    Variant(
      "a second source that comes when the first has gone", .quiet, .sweep(by: attacker),
      .upload("z.cgi", by: "127.77.1.9", at: "04:36:30"),
      .command(
        ["cat", "../data/orders.csv"], by: "127.77.1.9", through: "/uploads/z.cgi", at: "04:36:38",
        [(.read, "../data/orders.csv")]), ends: "intrusion", origin: [attacker, "127.77.1.9"],
      accessed: ["\(data)/orders.csv"], modified: ["\(uploads)/z.cgi"]),
  ]

  @Test(arguments: intrusions)
  func `files that were changed and commands that were run are an intrusion`(_ variant: Variant) async throws {
    try await variant.judge()
  }
}
