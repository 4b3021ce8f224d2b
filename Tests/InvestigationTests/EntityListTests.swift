import CEL
import Testing
import Values

@testable import Investigation

@Suite struct EntityListTests {
  private func list(_ found: Evaluation, atMost: Int = 3) -> EntityList {
    EntityList(found, of: "host", atMost: atMost)
  }

  @Test func `equal values are one entity, in the order of their arrival`() {
    let list = list(.value(.list([.string("b"), .string("a"), .string("b")])))
    #expect(list.texts == ["b", "a"])
    #expect(list.unlisted == nil)
    #expect(list.place(of: .string("a")) == 1)
    #expect(list.place(of: .string("c")) == nil)
  }

  @Test func `spellings of one letter are different entities`() {
    #expect(list(.value(.list([.string("\u{E9}"), .string("e\u{301}")]))).count == 2)
  }

  @Test func `values beyond the limit are kept apart and said`() {
    let list = list(.value(.list([.int(1), .int(2), .int(3), .int(4), .int(4)])))
    #expect(list.count == 3)
    #expect(list.overflow.count == 1)
    #expect(list.unlisted == "only the first 3 of 4 are asked about (at_most)")
    #expect(list.incomplete == nil)
    #expect(list.place(of: .int(4)) == nil)
  }

  @Test func `a list that is known in part, or not at all, says so`() {
    let part = list(.value(.partial(PartialValue(.list([.int(1)]), because: "it was cut"))))
    #expect(part.count == 1)
    #expect(part.unlisted == "it was cut")
    let none = list(.failure(EvaluationFailure(.unknown, "no data")))
    #expect(none.count == 0)
    #expect(none.unlisted == "no data")
  }

  @Test func `a row without a value is an entity that nobody can name`() {
    #expect(list(.value(.list([.null, .int(1)]))).unlisted == "1 rows name no host")
  }
}
