/// What attackers and staff do, each with everything that it leaves in all files.
extension Edit {
  static let data = "/srv/shop/data"
  static let site = "/srv/shop/htdocs"
  static let uploads = "/srv/shop/uploads"

  /// A search for pages that are not there; the firewall notes one request in twenty.
  static func sweep(
    by client: String, from start: Moment = "04:35:05", _ count: Int = 450, firewall: Request.Firewall = .noted
  ) -> Edit {
    requests(count, from: start, every: 0.12) { index in
      let words = ["admin", "backup", "old", "test", "dev", "api", "wp", "tmp", "db", "config", "secret", "panel"]
      var request = Request(client: client, target: "/\(words[index % words.count])\(index).bak", status: 404)
      if index % 20 == 0 { (request.firewall, request.attack) = (firewall, .fileInclusion) }
      return request
    }
  }

  static func injections(
    by client: String, from start: Moment = "04:35:05", _ count: Int = 200, every pause: Double = 0.2,
    firewall: Request.Firewall
  ) -> Edit {
    requests(count, from: start, every: pause) { index in
      Request(
        client: client, target: "/app/search.cgi?q=%27%20OR%20\(index)%3D\(index)--%20-", firewall: firewall)
    }
  }

  /// A scan of three sources of which the firewall stops every request.
  static let blockedScan = Edit([
    injections(by: "127.88.4.19", every: 0.25, firewall: .stopped),
    injections(by: "127.88.4.20", 100, every: 0.5, firewall: .stopped),
    injections(by: "127.89.7.1", 120, every: 0.4, firewall: .stopped),
  ])

  static func logins(_ count: Int = 420, by client: @escaping @Sendable (Int) -> String) -> Edit {
    requests(count, from: "04:35:05", every: 0.15) { index in
      Request(client: client(index), target: "/app/login.cgi", method: "POST", status: index == 250 ? 302 : 200)
    }
  }

  /// A file through the open upload form.
  static func upload(_ name: String, by client: String, at time: Moment) -> Edit {
    Edit { files in
      files.add(Request(client: client, target: "/app/upload.cgi"), at: time)
      let post = Request(client: client, target: "/app/upload.cgi", method: "POST")
      guard let program = files.add(post, at: time + 2) else { return }
      let path = "\(uploads)/\(name)"
      files.act(.create, path, by: program, at: time + 2.01)
      files.act(.attributes, path, by: program, at: time + 2.02)
      files.integrity?.added.append(path)
    }
  }

  /// A command that a request makes the web server run: by a script that was uploaded, or by one of the application.
  static func command(
    _ words: [String], by client: String, through target: String, at time: Moment,
    _ acts: [(KernelAct, String)] = []
  ) -> Edit {
    Edit { files in
      let request = Request(client: client, target: target)
      let isOwn = request.path.hasPrefix("/app/")
      let script = isOwn ? site + request.path : "/srv/shop" + request.path
      let answering = files.add(request, at: time)
      if answering == nil { _ = files.run(["/usr/bin/perl", script], as: .webServer(script), at: time + 0.008) }
      let folder = KernelProcess.webServer(script).folder
      let line = words.joined(separator: " ") + " 2>&1"
      var shell = KernelProcess.program("sh", in: folder)
      shell.executable = "/usr/bin/dash"
      _ = files.run(["/bin/sh", "-c", line], as: shell, at: time + 0.01)
      let program = files.run(words, as: .program(words[0], in: folder), at: time + 0.012)
      for (index, act) in acts.enumerated() {
        files.act(act.0, act.1, by: program, at: time + 0.014 + Double(index) / 1_000)
      }
    }
  }

  /// A download from outside of the folder that downloads come from.
  static func traversal(to file: String, by client: String, at time: Moment, firewall: Request.Firewall = .noted)
    -> Edit
  {
    var request = Request(
      client: client, target: "/app/download.cgi?file=../\(file)", bytes: 44_000, firewall: firewall)
    request.attack = .fileInclusion
    return .request(request, at: time, reading: ["\(data)/downloads/../\(file)"])
  }

  static func export(by client: String, at time: Moment) -> Edit {
    .request(
      Request(client: client, target: "/app/export.cgi", bytes: 99_000), at: time,
      reading: ["\(data)/customers.csv", "\(data)/orders.csv"])
  }

  /// What an administrator does to files, which the integrity check sees afterwards.
  static func administration(_ program: String, at time: Moment, _ acts: [(KernelAct, String)], changes: [String])
    -> Edit
  {
    Edit { files in
      for (index, act) in acts.enumerated() {
        files.act(act.0, act.1, by: .administrator(program), at: time + Double(index))
      }
      files.integrity?.changed += changes.map { ($0, time.ofReport) }
    }
  }

  /// Changes that the integrity check sees, whoever made them.
  static func reported(added: [String] = [], removed: [String] = [], changed: [String] = [], at time: Moment) -> Edit {
    Edit { files in
      files.integrity?.added += added
      files.integrity?.removed += removed
      files.integrity?.changed += changed.map { ($0, time.ofReport) }
    }
  }
}
