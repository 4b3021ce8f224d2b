import Values

/// A request as the web server and the firewall write it down.
struct Request: Sendable {
  /// What the firewall says of it.
  enum Firewall: Sendable {
    case silent, noted, stopped
  }

  let client: String
  let target: String
  var method = "GET"
  var status = 200
  var bytes = 250
  var agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"
  var firewall = Firewall.silent
  /// The group of the Core Rule Set that speaks of it.
  var attack = Attack.sqlInjection

  enum Attack: String, Sendable {
    case sqlInjection = "REQUEST-942-APPLICATION-ATTACK-SQLI"
    case fileInclusion = "REQUEST-930-APPLICATION-ATTACK-LFI"
    case commandExecution = "REQUEST-932-APPLICATION-ATTACK-RCE"
  }

  var path: String { String(target.prefix { $0 != "?" }) }
  var answered: Int { firewall == .stopped ? 403 : status }

  func accessLine(at time: Moment) -> String {
    "\(client) - - [\(time.ofWebServer) +0000] \"\(method) \(target) HTTP/1.1\" \(answered) \(bytes) \"-\" \"\(agent)\"\n"
  }

  func firewallLine(at time: Moment, number: Int) -> String {
    let isStopped = firewall == .stopped
    let rules = "/usr/share/modsecurity-crs/rules"
    let messages = [
      #"Warning. Pattern match at ARGS. [file "\#(rules)/\#(attack.rawValue).conf"] [line "1"] [id "1"] [msg "Attack"] "#
        + #"[severity "CRITICAL"] [ver "OWASP_CRS/3.3.4"] [tag "paranoia-level/1"]"#,
      (isStopped ? "Access denied with code 403 (phase 2). " : "Warning. ")
        + #"Operator GE matched 5 at TX:anomaly_score. [file "\#(rules)/REQUEST-949-BLOCKING-EVALUATION.conf"] "#
        + #"[line "94"] [id "949110"] [msg "Inbound Anomaly Score Exceeded (Total Score: 5)"] [severity "CRITICAL"]"#,
    ]
    let data: JSON = .object([
      "messages": .array(messages.map(JSON.string)),
      "action": isStopped ? .object(["intercepted": .bool(true), "phase": .integer(2)]) : nil,
      "engine_mode": .string(isStopped ? "ENABLED" : "DETECTION_ONLY"),
    ])
    let entry: JSON = .object([
      "transaction": .object([
        "time": .string("\(time.ofWebServer).\(time.microseconds) +0000"), "transaction_id": .string("V\(number)"),
        "remote_address": .string(client), "remote_port": .integer(4_000), "local_address": .string("127.0.0.1"),
        "local_port": .integer(80),
      ]),
      "request": .object([
        "request_line": .string("\(method) \(target) HTTP/1.1"),
        "headers": .object(["Host": .string("shop.example.test"), "User-Agent": .string(agent)]),
      ]),
      "response": .object([
        "protocol": .string("HTTP/1.1"), "status": .integer(Int64(answered)), "headers": .object([JSON.Member]()),
      ]),
      "audit_data": data,
    ])
    return entry.compactText + "\n"
  }
}

extension CaseFiles {
  /// Adds a request with all that it leaves behind: a program of the application that answers it is seen by the kernel.
  ///
  /// - Returns: The program's process.
  @discardableResult
  mutating func add(_ request: Request, at time: Moment, reading: [String] = []) -> KernelProcess? {
    access?.append(Line(time: time, text: request.accessLine(at: time)))
    countRequest(at: time)
    if request.firewall != .silent {
      let number = firewall?.count ?? 0
      firewall?.append(Line(time: time, text: request.firewallLine(at: time, number: number)))
    }
    guard request.path.hasPrefix("/app/"), request.path.hasSuffix(".cgi"), request.answered != 403 else { return nil }
    let script = "/srv/shop/htdocs" + request.path
    let program = run(["/usr/bin/perl", script], as: .webServer(script), at: time + 0.008)
    let isLogin = request.path == "/app/login.cgi" && request.method == "POST"
    for path in (isLogin ? ["/srv/shop/data/users.csv"] : []) + reading {
      act(.read, path, by: program, at: time + 0.01)
    }
    return program
  }
}

extension Edit {
  static func request(_ request: Request, at time: Moment, reading: [String] = []) -> Edit {
    Edit { $0.add(request, at: time, reading: reading) }
  }

  /// The same kind of request many times, each `every` seconds after the one before it.
  static func requests(
    _ count: Int, from start: Moment, every pause: Double, _ request: @escaping @Sendable (Int) -> Request
  ) -> Edit {
    Edit { files in for index in 0..<count { files.add(request(index), at: start + Double(index) * pause) } }
  }
}
