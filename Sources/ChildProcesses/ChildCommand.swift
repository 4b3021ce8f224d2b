internal import Dispatch
internal import DurableFiles
internal import Glibc
internal import Synchronization

/// One run of a program, in a process group of its own.
package struct ChildCommand: Sendable {
  package enum End: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    case timedOut
  }

  package struct Outcome: Sendable {
    package let end: End
    /// Whether all input was taken from us; a program can only have acted on it then.
    package let hasReadInput: Bool
    /// The first line that it wrote to standard error, printable and short.
    package let complaint: String?
    /// What it wrote to its other outlets, in their order.
    package let written: [Written]
  }

  /// What a program wrote to one outlet.
  package struct Written: Sendable {
    /// Its beginning, as much as is looked at.
    package let bytes: [UInt8]
    /// How much there was.
    package let count: Int
  }

  /// A descriptor to which a program writes.
  package struct Outlet: Sendable {
    let descriptor: Int32
    let limitBytes: Int

    /// - Parameter limitBytes: How much is looked at; what follows is read and dropped, so that no program waits for us.
    package init(_ descriptor: Int32, limitBytes: Int) {
      self.descriptor = descriptor
      self.limitBytes = limitBytes
    }
  }

  /// Why a program did not start.
  package struct StartProblem: Error {
    let code: Int32
    package var message: String { String(cString: strerror(code)) }
  }

  /// Bytes of standard error that are looked at.
  static let complaintLimitBytes = 4_096
  private static let complaintLimitCharacters = 300
  private static let starting = Mutex(())

  private let arguments: [String]
  private let environment: [String]
  private let input: [UInt8]
  private let files: [Int32: [UInt8]]
  private let outlets: [Outlet]
  private let lifeline: Int32?
  private let timeout: Duration
  private let leavesNothing: Bool

  /// - Parameters:
  ///   - arguments: The program, as a path or a name that our `PATH` finds, and its arguments.
  ///   - environment: `NAME=value`, all of it.
  ///   - input: What it reads from standard input.
  ///   - files: Bytes that it finds in open files, by their descriptors, from 3 on.
  ///   - outlets: What it writes to is read from these, and from standard error; standard output leads nowhere unless
  ///     it is among them.
  ///   - lifeline: A descriptor from which it reads nothing, until we are gone.
  ///   - timeout: It is killed then, with all that it has started.
  ///   - leavesNothing: Whether what it has started is killed when it has ended by itself, too.
  package init(
    _ arguments: [String], environment: [String], input: [UInt8] = [], files: [Int32: [UInt8]] = [:],
    outlets: [Outlet] = [], lifeline: Int32? = nil, timeout: Duration, leavesNothing: Bool = false
  ) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.files = files
    self.outlets = outlets
    self.lifeline = lifeline
    self.timeout = timeout
    self.leavesNothing = leavesNothing
  }

  /// Runs the program to its end. The thread that starts it lives as long, for programs that are to die with it.
  package func run() async throws(StartProblem) -> Outcome {
    let result: Result<Outcome, StartProblem> = await withCheckedContinuation { continuation in
      // The calls below block, so they get a thread of their own.
      DispatchQueue(label: "tocsin.command").async {
        continuation.resume(returning: Result { () throws(StartProblem) in try runBlocking() })
      }
    }
    return try result.get()
  }

  private func runBlocking() throws(StartProblem) -> Outcome {
    // One at a time, so that no program inherits another's pipes and keeps them open.
    let (input, reading, line, process) = try Self.starting.withLock { _ throws(StartProblem) in
      let input = try Pipe()
      var reading: [(outlet: Outlet, pipe: Pipe)] = []
      for outlet in [Outlet(2, limitBytes: Self.complaintLimitBytes)] + outlets { reading.append((outlet, try Pipe())) }
      var given: [Int32: NamelessFile] = [:]
      for (descriptor, bytes) in files { given[descriptor] = try NamelessFile(holding: bytes) }
      let line = try Pipe()
      var ends: [(Int32, Int32)] = [(0, input.reading)]
      ends += reading.map { ($0.outlet.descriptor, $0.pipe.writing) }
      ends += given.map { ($0.key, $0.value.descriptor) }
      if let lifeline { ends.append((lifeline, line.reading)) }
      let process = try spawn(ends)
      withExtendedLifetime(given) {}
      return (input, reading, line, process)
    }
    defer { withExtendedLifetime(line) {} }
    line.closeReading()
    input.closeReading()
    for (_, pipe) in reading { pipe.closeWriting() }
    var exchange = Exchange(
      input: self.input, writing: input, reading: reading.map { ($0.pipe, limitBytes: $0.outlet.limitBytes) })
    let deadline = ContinuousClock.now.advanced(by: timeout)
    var hasTimedOut = false
    while !Self.hasEnded(process), !hasTimedOut {
      exchange.advance(waitingMilliseconds: 5)
      hasTimedOut = ContinuousClock.now >= deadline
    }
    if hasTimedOut || leavesNothing { kill(-process, SIGKILL) }
    let end = Self.reap(process)
    exchange.takeRest()
    return Outcome(
      end: hasTimedOut ? .timedOut : end, hasReadInput: exchange.isInputTaken,
      complaint: Self.firstLine(of: exchange.written[0].bytes), written: Array(exchange.written.dropFirst()))
  }

  /// - Parameter ends: The program's descriptors, and which of ours they are.
  private func spawn(_ ends: [(theirs: Int32, ours: Int32)]) throws(StartProblem) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    for end in ends { posix_spawn_file_actions_adddup2(&actions, end.ours, end.theirs) }
    let theirs = Set(ends.map(\.theirs))
    for descriptor in Self.openDescriptors() where descriptor > 2 && !theirs.contains(descriptor) {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var noSignals = sigset_t()
    var allSignals = sigset_t()
    sigemptyset(&noSignals)
    sigfillset(&allSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setsigdefault(&attributes, &allSignals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var process = pid_t()
    let argumentTexts = arguments.map { strdup($0) } + [nil]
    let environmentTexts = environment.map { strdup($0) } + [nil]
    defer { for text in argumentTexts + environmentTexts { free(text) } }
    let code = posix_spawnp(&process, arguments[0], &actions, &attributes, argumentTexts, environmentTexts)
    guard code == 0 else { throw StartProblem(code: code) }
    return process
  }

  /// What this process has open; none of it is the program's business.
  private static func openDescriptors() -> [Int32] {
    ((try? Folder.names(in: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
  }

  /// Leaves the process unreaped, so that its number, which is its group's too, stays taken.
  private static func hasEnded(_ process: pid_t) -> Bool {
    var info = siginfo_t()
    let result = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
    return result == 0 && info.si_signo == SIGCHLD || result == -1 && errno == ECHILD
  }

  private static func reap(_ process: pid_t) -> End {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 {
      // Somebody else has taken the exit code; what became of the program is not known.
      guard errno == EINTR else { return .killed(signal: 0) }
    }
    return end(status)
  }

  private static func end(_ status: Int32) -> End {
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
  }

  /// Control characters could act on the terminal that shows them.
  private static func firstLine(of bytes: [UInt8]) -> String? {
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    let printable = line.unicodeScalars.map { scalar -> Character in
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
      default: Character(scalar)
      }
    }
    return printable.isEmpty ? nil : String(printable.prefix(complaintLimitCharacters))
  }
}
