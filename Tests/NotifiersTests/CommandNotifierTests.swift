import Foundation
import Notifiers
import RunbookPorts
import Testing
import Values

@Suite struct CommandNotifierTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func shell(_ script: String, timeout: Duration = .seconds(20)) -> CommandNotifier {
    CommandNotifier(
      arguments: ["/bin/sh", "-c", script, "sh", scratch.path], environment: [("PATH", "/usr/bin:/bin")],
      timeout: timeout)
  }

  private func outcome(_ notifier: CommandNotifier, _ notice: Notice = notice("k1")) async -> NoticeError? {
    do {
      try await notifier.deliver(notice)
      return nil
    } catch { return error }
  }

  @Test func `the notice comes as JSON to standard input, with nothing around it`() async throws {
    #expect(await outcome(shell("cat > $1/got; cat /dev/stdin >> $1/got")) == nil)
    let lines = try scratch.lines(of: "got")
    #expect(lines.count == 1)
    #expect(lines.first?.compactText == notice("k1").json.compactText)
  }

  @Test func `arguments reach the program as they are, without a shell`() async throws {
    let words = ["$(id)", "; rm -rf x", "a b", "", "*", "é"]
    let script = "shift 0; d=$1; shift; for w in \"$@\"; do printf '%s\\n' \"$w\"; done > $d/words"
    let notifier = CommandNotifier(arguments: ["/bin/sh", "-c", script, "sh", scratch.path] + words)
    #expect(await outcome(notifier) == nil)
    #expect(
      try String(contentsOfFile: "\(scratch.path)/words", encoding: .utf8) == words.joined(separator: "\n") + "\n")
  }

  @Test func `it sees the given environment and no other, and none of our files`() async throws {
    let notifier = CommandNotifier(
      arguments: ["/bin/sh", "-c", "/usr/bin/env > $0/env; ls /proc/$$/fd > $0/fds", scratch.path],
      environment: [("PATH", "/usr/bin:/bin"), ("TOKEN", "a=b")])
    #expect(await outcome(notifier) == nil)
    let names = Set(
      try String(contentsOfFile: "\(scratch.path)/env", encoding: .utf8).split(separator: "\n").map(String.init))
    #expect(names.isSuperset(of: ["PATH=/usr/bin:/bin", "TOKEN=a=b"]))
    #expect(names.allSatisfy { ["PATH", "TOKEN", "PWD", "_", "SHLVL", "OLDPWD"].contains($0.prefix { $0 != "=" }) })
    let descriptors = try String(contentsOfFile: "\(scratch.path)/fds", encoding: .utf8).split(separator: "\n")
    #expect(descriptors.allSatisfy { ["0", "1", "2", "10"].contains($0) })
  }

  @Test(arguments: [
    ("exit 0", nil), ("exit 75", NoticeError.failed("'/bin/sh' could not deliver now")),
    ("echo 'no route' >&2; echo more >&2; exit 75", .failed("'/bin/sh' could not deliver now: no route")),
    ("echo noise; exit 3", .refused("'/bin/sh' ended with exit code 3")),
    ("printf '\\033[31mred\\n' >&2; exit 1", .refused("'/bin/sh' ended with exit code 1: \u{FFFD}[31mred")),
    ("kill -9 $$", .outcomeUnknown("'/bin/sh' was ended by signal 9")),
    ("exec 0<&-; exit 0", nil),
    ("yes | head -c 3000000 >&2; exit 4", .refused("'/bin/sh' ended with exit code 4: y")),
    ("yes | head -c 3000000; exit 0", nil),
  ])
  func `the end of the command tells what became of the notice`(script: String, expected: NoticeError?) async {
    #expect(await outcome(shell(script)) == expected)
  }

  @Test func `what a failing command repeats of its secrets does not get into its complaint`() async {
    let token = "ghp_" + String(repeating: "aB3", count: 12)
    let notifier = CommandNotifier(
      arguments: [
        "/bin/sh", "-c", "echo \"got $2 and $4 for $5\" >&2; exit 3", "sh", "--token", token, "--password",
        "hunter2+hunter2", "#soc",
      ])
    guard case .refused(let message)? = await outcome(notifier) else {
      Issue.record("the command was not refused")
      return
    }
    #expect(!message.contains(token) && !message.contains("hunter2"))
    #expect(message.contains("ended with exit code 3: got *"))
    #expect(message.contains("for #soc"))
  }

  @Test func `a command that does not end is killed with what it started, and nobody knows what it did`() async throws {
    let error = await outcome(
      shell("cat > /dev/null; sleep 600 & echo $! > $1/pid; sleep 600", timeout: .milliseconds(500)))
    #expect(error == .outcomeUnknown("'/bin/sh' did not end within 0.5s"))
    let child = try String(contentsOfFile: "\(scratch.path)/pid", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
    #expect(state == nil || state?.contains(") Z ") == true, "gone, or dead and not yet reaped")
  }

  @Test func `a notice that a command which does not end never took did not arrive`() async {
    let large = notice("k1", subject: String(repeating: "x", count: 1_000_000))
    #expect(
      await outcome(shell("sleep 600", timeout: .milliseconds(300)), large)
        == .failed("'/bin/sh' did not end within 0.3s"))
  }

  @Test func `a megabyte reaches a command that reads, and breaks nothing at one that does not`() async throws {
    let large = notice("k1", subject: String(repeating: "x", count: 1_000_000))
    #expect(await outcome(shell("wc -c > $1/count"), large) == nil)
    let count = try String(contentsOfFile: "\(scratch.path)/count", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(Int(count) == large.json.compactText.utf8.count + 1)
    #expect(await outcome(shell("exit 0"), large) == nil)
    #expect(await outcome(shell("exec 0<&-; sleep 0.1; exit 75"), large) == .failed("'/bin/sh' could not deliver now"))
  }

  @Test(arguments: [["/nowhere/program"], [""], [], ["/bin/sh", "a\u{0}b"], ["/etc/passwd"]])
  func `a command that cannot start is refused`(arguments: [String]) async {
    guard case .refused(let message) = await outcome(CommandNotifier(arguments: arguments)) else {
      Issue.record("it was not refused")
      return
    }
    #expect(!message.isEmpty)
  }

  @Test func `many commands at once do not hold each other up`() async {
    await withTaskGroup(of: NoticeError?.self) { group in
      for index in 0..<16 {
        let notifier = shell("cat > $1/\(index); exit 0")
        group.addTask {
          do throws(NoticeError) {
            try await notifier.deliver(notice("k\(index)"))
            return nil
          } catch { return error }
        }
      }
      for await error in group { #expect(error == nil) }
    }
  }
}
