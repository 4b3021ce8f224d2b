import Foundation
import Notifiers
import RunbookPorts
import Testing
import Values

@Suite struct OutboxNotifierTests {
  let scratch: ScratchFolder
  let path: String

  init() throws {
    scratch = try ScratchFolder()
    path = "\(scratch.path)/outbox.jsonl"
  }

  @Test func `a notice is one line of JSON`() async throws {
    let outbox = OutboxNotifier(path: path)
    try await outbox.deliver(notice("k1"))
    try await outbox.deliver(notice("k2", subject: "two"))
    let lines = try scratch.lines(of: "outbox.jsonl")
    #expect(lines.map { $0["idempotency_key"]?.text } == ["k1", "k2"])
    #expect(lines[0].compactText == notice("k1").json.compactText)
  }

  @Test func `the same notice is written once, whoever delivers it`() async throws {
    let first = OutboxNotifier(path: path)
    let second = OutboxNotifier(path: path)
    for key in ["k1", "k2", "k1", "\u{e9}", "e\u{301}"] {
      for outbox in [first, second, OutboxNotifier(path: path)] { try await outbox.deliver(notice(key)) }
    }
    #expect(try scratch.lines(of: "outbox.jsonl").count == 4)
  }

  @Test func `many at once keep their lines apart`() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let outbox = OutboxNotifier(path: path)
          for index in 0..<20 { try await outbox.deliver(notice("k\(index % 10)-\(writer % 4)")) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try scratch.lines(of: "outbox.jsonl").count == 40)
  }

  @Test func `a line that a crash tore does not swallow the next`() async throws {
    try Data("{\"idempotency_key\":\"k".utf8).write(to: URL(fileURLWithPath: path))
    try await OutboxNotifier(path: path).deliver(notice("k1"))
    let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A)
    #expect(lines.count == 2)
    #expect(try JSON(parsing: lines[1])["idempotency_key"]?.text == "k1")
  }

  @Test func `a file that was taken away is made anew, and its notices count no more`() async throws {
    let outbox = OutboxNotifier(path: path)
    try await outbox.deliver(notice("k1"))
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).taken")
    try await outbox.deliver(notice("k1"))
    try await outbox.deliver(notice("k2"))
    #expect(try scratch.lines(of: "outbox.jsonl").count == 2)
  }

  @Test func `rubbish in the file is passed over`() async throws {
    try Data([0, 0xFF, 0x0A] + Array("[1]\n{\"idempotency_key\":7}\n".utf8)).write(to: URL(fileURLWithPath: path))
    let outbox = OutboxNotifier(path: path)
    try await outbox.deliver(notice("k1"))
    try await outbox.deliver(notice("k1"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count { $0 == 0x0A } == 4)
  }

  @Test(arguments: ["/dev/null/outbox.jsonl", "/", "/dev/null"])
  func `a file that cannot be is a failure that says why`(path: String) async throws {
    let error = await #expect(throws: NoticeError.self) { try await OutboxNotifier(path: path).deliver(notice("k1")) }
    guard case .failed(let message) = error else {
      Issue.record("it certainly did not arrive: \(String(describing: error))")
      return
    }
    #expect(message.contains(path == "/" ? "folder" : "/dev/null"))
  }
}
