/// A value of the runbook language: what expressions compute with, what queries are given and what they return.
///
/// The cases are CEL's, and beside them Tocsin's own: network addresses, records with declared fields, tables and
/// their rows, and values of which only a part is known.
///
/// Strings are compared by their bytes wherever meaning hangs on it (see `ExactString`): Swift's own `==` holds that
/// two different spellings of `é` are one.
public enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case timestamp(Timestamp)
  case duration(Duration)
  case list([Value])
  case map(ValueMap)
  /// An optional value of CEL: `optional.none()` is `.optional(nil)`.
  case optional(Boxed?)
  case address(AddressBox)
  case network(NetworkBox)
  case calendar(AnyCalendar)
  case record(Record)
  /// A query's rows: a list of records whose cells stay in their columns.
  case table(Table)
  case row(TableRow)
  case type(TypeBox)
  /// A list or a number of which only a lower bound is known: see `PartialValue`.
  case partial(PartialValue)
}

/// A value on the heap, where a case of `Value` must stay small.
public final class Boxed: Sendable {
  public let value: Value
  public init(_ value: Value) { self.value = value }
}

/// An address on the heap: three quarters of its 17 bytes would otherwise be paid by every value.
public final class AddressBox: Sendable {
  public let address: NetworkAddress
  public init(_ address: NetworkAddress) { self.address = address }
}

public final class NetworkBox: Sendable {
  public let block: NetworkBlock
  public init(_ block: NetworkBlock) { self.block = block }
}

public final class TypeBox: Sendable {
  public let type: ValueType
  public init(_ type: ValueType) { self.type = type }
}

extension Value {
  public static func address(_ address: NetworkAddress) -> Value { .address(AddressBox(address)) }
  public static func network(_ block: NetworkBlock) -> Value { .network(NetworkBox(block)) }
  public static func type(_ type: ValueType) -> Value { .type(TypeBox(type)) }
}

/// Something that is known in part, because the data behind it is incomplete.
///
/// - A list: at least these elements are in it, in whatever order and among whatever others.
/// - A number: it is at least this much.
///
/// Such a value proves only what more data cannot undo; every other use of it is unknown, with `reason`.
public final class PartialValue: Sendable {
  /// A `.list`, a `.table`, or a number.
  public let known: Value
  /// Why the rest is missing, as a sentence part for people: `the result was cut at 1000 rows`.
  public let reason: String

  public init(_ known: Value, because reason: String) {
    self.known = known
    self.reason = reason
  }
}

/// A value of a declared record type. Fields are found by slot, not by name.
public final class Record: Sendable {
  public let type: RecordType
  /// One for each field of `type`, in order; `nil` where the field has no value.
  public let values: [Value?]

  /// - Precondition: as many values as `type` has fields.
  public init(_ type: RecordType, _ values: [Value?]) {
    precondition(values.count == type.fields.count, "a record has one value for each field of its type")
    self.type = type
    self.values = values
  }

  public subscript(name: String) -> Value? { type.slot(of: name).flatMap { values[$0] } }
}

/// An instant's membership in the hours that somebody defined, such as an office's.
public protocol CalendarValue: Sendable {
  /// How messages name the calendar.
  var name: String { get }
  /// Whether the instant falls into the calendar's hours.
  func contains(_ instant: Timestamp) -> Bool
}

public final class AnyCalendar: Sendable {
  public let calendar: any CalendarValue
  public init(_ calendar: any CalendarValue) { self.calendar = calendar }
}

/// A string that equals another only when their bytes are the same.
public struct ExactString: Hashable, Sendable, Comparable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func == (left: Self, right: Self) -> Bool {
    let (left, right) = (left.text.utf8, right.text.utf8)
    guard left.count == right.count else { return false }
    let isEqual = left.withContiguousStorageIfAvailable { left in
      right.withContiguousStorageIfAvailable { left.isSame(as: $0) }
    }
    // A string from elsewhere may lie in pieces.
    return (isEqual ?? nil) ?? left.elementsEqual(right)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Order of code points, which is the order of UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// The key of a map. Whole numbers are one key whatever their signedness.
public enum MapKey: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  /// Only for numbers above `Int64.max`; use `MapKey(uint:)`.
  case uint(UInt64)
  case string(ExactString)

  public init(uint value: UInt64) { self = Int64(exactly: value).map(MapKey.int) ?? .uint(value) }

  /// `nil` for a value that cannot be a key.
  public init?(_ value: Value) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self.init(uint: value)
    case .string(let value): self = .string(ExactString(value))
    default: return nil
    }
  }
}

/// A map in the order of insertion.
public final class ValueMap: Sendable {
  public let entries: [(key: Value, value: Value)]
  private let index: [MapKey: Int]

  /// - Returns: `nil` when a key is of a type that cannot be one, or stands twice.
  public init?(_ entries: [(key: Value, value: Value)]) {
    var index: [MapKey: Int] = [:]
    index.reserveCapacity(entries.count)
    for (position, entry) in entries.enumerated() {
      guard let key = MapKey(entry.key), index.updateValue(position, forKey: key) == nil else { return nil }
    }
    self.entries = entries
    self.index = index
  }

  public static let empty = ValueMap()

  private init() {
    entries = []
    index = [:]
  }

  public var count: Int { entries.count }
  public subscript(key: MapKey) -> Value? { index[key].map { entries[$0].value } }
  public subscript(name: String) -> Value? { self[.string(ExactString(name))] }
}
