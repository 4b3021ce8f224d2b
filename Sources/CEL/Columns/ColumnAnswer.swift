/// What a condition comes to about one of many things that it is evaluated about in one go.
package enum ColumnAnswer: Sendable {
  case no, yes
  /// An evaluation about the thing alone has to tell: it fails, or nothing was found out about it.
  case open

  init(_ holds: Bool) { self = holds ? .yes : .no }

  /// - Parameter holds: `nil` where that is open.
  init(_ holds: Bool?) { self = holds.map { ColumnAnswer($0) } ?? .open }

  var opposite: ColumnAnswer {
    switch self {
    case .yes: .no
    case .no: .yes
    case .open: .open
    }
  }

  /// Whether it is the answer that does not decide, where one does.
  func isOpposed(to decisive: Bool) -> Bool {
    switch self {
    case .yes: !decisive
    case .no: decisive
    case .open: false
    }
  }
}

/// Where an evaluation about many things finds the values of its names. Things are known by their places, from 0.
package protocol ColumnBindings: IndexedBindings {
  /// From now on `value(at:)` is about this thing.
  func move(to thing: Int)
  /// Whether a name has one value for all things.
  func isShared(_ reference: Int) -> Bool
  /// What the name comes to about each of some things, where it stands for true or false; `nil` where it has to be asked
  /// about one after the other.
  func answers(at reference: Int, about things: [Int]) -> [ColumnAnswer]?
  /// The rows that the name stands for, at least those of some things; `nil` where it stands for anything else.
  func rows(at reference: Int, of things: [Int]) -> GroupedRows?
}
