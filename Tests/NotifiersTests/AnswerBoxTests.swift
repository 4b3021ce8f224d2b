import Foundation
import Notifiers
import RunbookPorts
import Testing
import Values

@Suite struct AnswerBoxTests {
  let scratch: ScratchFolder
  let box: AnswerBox

  init() throws {
    scratch = try ScratchFolder()
    box = AnswerBox(
      folder: "\(scratch.path)/answers",
      pause: { _ in
        try Task.checkCancellation()
        await Task.yield()
      })
  }

  private func answer(_ form: String, _ words: String) -> PersonAnswer {
    PersonAnswer(form: form, rows: [.init(entity: "e\u{301}", answer: words)], by: "ana", note: "so it is")
  }

  private func first(_ count: Int, to form: String) async -> [DeskAnswer] {
    var found: [DeskAnswer] = []
    for await answer in box.answers(to: form) {
      found.append(answer)
      if found.count == count { break }
    }
    return found
  }

  @Test func `answers come in their order, with the file that was handed in`() async throws {
    try box.leave(answer("r/q/c/1", "no"), file: [1, 2, 3], named: "002")
    try box.leave(answer("r/q/c/1", "yes"), file: nil, named: "001")
    try box.leave(answer("r/q/c/2", "maybe"), file: nil, named: "001")
    let found = await first(2, to: "r/q/c/1")
    #expect(found.map { $0.answer.rows.map(\.answer) } == [["yes"], ["no"]])
    #expect(found.map(\.file) == [nil, [1, 2, 3]])
    let left = answer("r/q/c/1", "yes").left(by: Int(geteuid()))
    #expect(found.first?.answer.json.canonicalText == left.json.canonicalText)
    #expect(left.author == "ana (user \(geteuid()) of the machine)")
  }

  @Test func `whose file an answer is goes before what it says of itself`() async throws {
    try box.leave(answer("r/q/c/1", "yes").left(by: 4_242), file: nil, named: "001")
    #expect(await first(1, to: "r/q/c/1").map(\.answer.user) == [Int(geteuid())])
  }

  @Test func `an answer that comes later is heard`() async throws {
    async let found = first(1, to: "r/q/c/1")
    try box.leave(answer("r/q/c/1", "yes"), file: nil, named: "001")
    #expect(await found.count == 1)
  }

  @Test(arguments: [
    "", "{", "[]", "{\"answer\":{}}", "{\"answer\":{\"form\":\"other\",\"answers\":[],\"by\":\"x\"}}",
    "{\"answer\":{\"form\":\"r/q/c/1\",\"answers\":[{\"answer\":\"yes\"}],\"by\":\"x\"},\"has_file\":true}",
  ])
  func `what is no answer is passed over`(_ text: String) async throws {
    try box.leave(answer("r/q/c/1", "yes"), file: nil, named: "002")
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/answers/r+q+c+1/001.json"))
    #expect(await first(1, to: "r/q/c/1").map { $0.answer.rows.map(\.answer) } == [["yes"]])
  }
}
