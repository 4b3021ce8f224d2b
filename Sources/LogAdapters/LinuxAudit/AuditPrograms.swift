/// Which program each process runs, learned from the exec events of the log.
///
/// An interpreter is not the program: of `/usr/bin/perl /srv/shop/search.cgi` the script is.
struct AuditPrograms {
  private struct Program {
    let path: String
    let exe: String?
  }

  /// Processes that are remembered; when there are more, all are forgotten.
  private static let processLimit = 1 << 18
  private var programs: [Process: Program] = [:]

  private struct Process: Hashable {
    let node: String?
    let pid: Int64
  }

  /// Remembers what a successful exec started.
  mutating func learn(from event: AuditEvent) {
    guard event.isExec, event.success == true, let pid = event.syscall?.number("pid") else { return }
    if programs.count >= Self.processLimit { programs.removeAll() }
    let path = Self.program(ofExec: event)
    programs[Process(node: event.key.node, pid: pid)] = path.map { Program(path: $0, exe: event.exe) }
  }

  /// The program behind an event: what its process executed last, or its parent if the process is a mere copy of it;
  /// without such an event in the log, what the process's title and executable say.
  func program(of event: AuditEvent) -> String? {
    if event.isExec, event.success == true { return Self.program(ofExec: event) }
    guard let record = event.principal else { return nil }
    for process in [record.number("pid"), record.number("ppid")].compactMap({ $0 }) {
      if let known = programs[Process(node: event.key.node, pid: process)], known.exe == event.exe { return known.path }
    }
    let title = event.first(.proctitle)?.decoded("proctitle") ?? []
    return Self.script(exe: event.exe, arguments: title.split(separator: 0).map { TextRepair.text($0) }, event)
      ?? event.exe
  }

  private static func program(ofExec event: AuditEvent) -> String? {
    // Of a script with a `#!` line the kernel names the script first and its interpreter second.
    if let item = event.paths.first(where: { !$0.isParent }), let path = event.resolved(item),
      isInterpreter(event.exe), let exe = event.exe, !isInterpreter(path), path != exe, item.inode != nil
    {
      return path
    }
    return script(exe: event.exe, arguments: event.arguments, event) ?? event.exe
  }

  /// The first argument of an interpreter that is no option, unless an option says that the program's text or module
  /// follows.
  private static func script(exe: String?, arguments: [String], _ event: AuditEvent) -> String? {
    guard let marks = interpreter(of: exe) else { return nil }
    for argument in arguments.dropFirst() {
      if argument == "--" { continue }
      guard argument.hasPrefix("-") else {
        return argument.hasPrefix("/") || event.cwd == nil
          ? argument : AuditEvent.normalised("\(event.cwd ?? "")/\(argument)")
      }
      // Letters of short options stand together: `bash -lc`, `perl -ne`.
      if argument == "-" || argument == "--eval" { return nil }
      if !argument.hasPrefix("--"), let last = argument.last, marks.contains(last) { return nil }
    }
    return nil
  }

  /// Interpreters, with the letters of the options behind which no file follows.
  private static let interpreters: [String: Set<Character>] = [
    "sh": ["c", "s"], "dash": ["c", "s"], "bash": ["c", "s"], "zsh": ["c", "s"], "ksh": ["c", "s"], "ash": ["c", "s"],
    "perl": ["e", "E"], "python": ["c", "m"], "php": ["r"], "ruby": ["e"], "node": ["e", "p"], "lua": ["e"],
    "tclsh": [],
  ]

  private static func interpreter(of exe: String?) -> Set<Character>? {
    guard let exe else { return nil }
    // `python3.11`, `php8.2`, `perl5.36.0` are these, too.
    let stem = AuditEvent.lastComponent(of: exe).utf8.prefix { !(48...57).contains($0) && $0 != UInt8(ascii: "-") }
    return interpreters[String(Substring(stem))]
  }

  static func isInterpreter(_ exe: String?) -> Bool { interpreter(of: exe) != nil }
}
