/// Who does something, as the kernel knows it.
struct KernelProcess: Sendable {
  var user = 33
  var command: String
  /// The file that is run; an interpreter for a script.
  var executable: String
  var folder = "/srv/shop/htdocs/app"
  var number = 0

  /// A script that the web server's interpreter runs.
  static func webServer(_ script: String) -> KernelProcess {
    let parts = script.split(separator: "/")
    return KernelProcess(
      command: String(parts.last ?? "").prefix(15).description, executable: "/usr/bin/perl",
      folder: "/" + parts.dropLast().joined(separator: "/"))
  }
  static func program(_ name: String, in folder: String, user: Int = 33) -> KernelProcess {
    KernelProcess(user: user, command: name, executable: "/usr/bin/\(name)", folder: folder)
  }
  static func administrator(_ name: String) -> KernelProcess { program(name, in: "/root", user: 0) }
}

/// What a process does to a file, as system calls.
enum KernelAct: Sendable {
  case read, write, create, delete, attributes
  case rename(to: String)
}

extension CaseFiles {
  /// Starts a program.
  mutating func run(_ arguments: [String], as process: KernelProcess, at time: Moment) -> KernelProcess {
    self.process += 1
    var process = process
    process.number = self.process
    let file = process.executable == "/usr/bin/perl" ? arguments[1] : process.executable
    let words = arguments.enumerated().map { "a\($0.offset)=\(Self.field($0.element))" }.joined(separator: " ")
    event(
      59, key: "shop-exec", process, [path(0, file, "NORMAL", mode: "0100755")], at: time,
      extra: [("EXECVE", "argc=\(arguments.count) \(words)")])
    return process
  }

  /// Something that a process does to a file. A path that does not begin with a slash counts from its folder.
  mutating func act(_ act: KernelAct, _ file: String, by process: KernelProcess, at time: Moment) {
    let parent = path(0, file.hasPrefix("/") ? Self.folder(of: file) : process.folder, "PARENT", mode: "040755")
    switch act {
    case .read: event(257, "a2=80000", key: "shop-read", process, [path(0, file, "NORMAL")], at: time)
    case .write: event(257, "a2=441", key: "shop-write", process, [path(0, file, "NORMAL")], at: time)
    case .create: event(257, "a2=80241", key: "shop-write", process, [parent, path(1, file, "CREATE")], at: time)
    case .delete: event(263, "a2=0", key: "shop-write", process, [parent, path(1, file, "DELETE")], at: time)
    case .attributes: event(90, "a2=20", key: "shop-write", process, [path(0, file, "NORMAL")], at: time)
    case .rename(let other):
      let other = [path(3, other, "DELETE"), path(4, other, "CREATE")]
      event(82, "a2=0", key: "shop-write", process, [parent, parent, path(2, file, "DELETE")] + other, at: time)
    }
  }

  private mutating func event(
    _ call: Int, _ argument: String = "a2=1", key: String, _ process: KernelProcess, _ paths: [String], at time: Moment,
    extra: [(type: String, text: String)] = []
  ) {
    serial += 1
    let users = ["uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid"].map { "\($0)=\(process.user)" }
    let heading =
      "arch=c000003e syscall=\(call) success=yes exit=3 a0=ffffff9c a1=1 \(argument) a3=0 items=\(paths.count) "
      + "ppid=5340 pid=\(process.number) auid=4294967295 \(users.joined(separator: " ")) tty=(none) ses=4294967295 "
      + "comm=\(Self.field(process.command)) exe=\(Self.field(process.executable)) key=\"\(key)\""
    let records =
      [("SYSCALL", heading)] + extra + [("CWD", "cwd=\(Self.field(process.folder))")] + paths.map { ("PATH", $0) }
    let stamp = "audit(\(time.ofKernel):\(serial))"
    let text = records.map { "type=\($0.0) msg=\(stamp): \($0.1)\n" }.joined()
    kernel?.append(Line(time: time, text: text))
  }

  private func path(_ item: Int, _ name: String, _ kind: String, mode: String = "0100644") -> String {
    "item=\(item) name=\(Self.field(name)) inode=\(200 + item) dev=07:00 mode=\(mode) ouid=33 ogid=33 rdev=00:00 "
      + "nametype=\(kind) cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
  }

  /// Text in quotes, or in hexadecimal digits where it holds a space, a quote or anything unprintable.
  private static func field(_ text: String) -> String {
    if text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 34 }) { return "\"\(text)\"" }
    return text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  private static func folder(of path: String) -> String {
    "/" + path.split(separator: "/").dropLast().joined(separator: "/")
  }
}
