import Glibc

/// Rows that are alike in some columns, each once with how often it came, in the order in which they came first.
final class RowCounts {
  /// Before its cells a row has its hash (8 bytes), its number (8), and how many bytes its cells take up (4).
  private static let countOffset = 8
  private static let lengthOffset = 16
  private static let cellOffset = 20
  /// What a row takes up beside its bytes.
  private static let rowBytes = 24

  private let columns: [Int]
  private var bytes: UnsafeMutableRawBufferPointer
  private var filled = 0
  /// Where each row begins in the bytes.
  private var starts: [Int] = []
  /// By hash. Twice as many as rows at least, and a power of two.
  private var slots: [Slot]

  private struct Slot {
    /// A part of the hash that the slot's place does not tell.
    var tag: UInt32 = 0
    /// Where the row begins, and one more; zero: the slot is free.
    var next: UInt32 = 0
  }

  /// - Parameter columns: Places of the columns in the table.
  init(columns: [Int]) {
    self.columns = columns
    bytes = .allocate(byteCount: 1 << 16, alignment: 8)
    slots = Array(repeating: Slot(), count: 1 << 10)
  }

  deinit { bytes.deallocate() }

  var count: Int { starts.count }
  /// About how much memory the rows take up.
  var byteCount: Int { filled + starts.count * Self.rowBytes }

  func removeAll() {
    filled = 0
    starts.removeAll(keepingCapacity: true)
    for index in slots.indices { slots[index] = Slot() }
  }

  /// Adds the row that a cursor stands at.
  func add(_ cursor: any RecordCursor) {
    let start = begin()
    for column in columns { write(cursor.cell(column)) }
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[start + Self.cellOffset..<filled]))
    end(start, hasher.finalize(), count: 1)
  }

  /// Adds all rows of another, which has the same columns.
  func add(_ other: RowCounts) {
    for (index, row) in other.starts.enumerated() {
      let start = begin()
      let end = row + Self.cellOffset + other.length(at: row)
      append(UnsafeRawBufferPointer(rebasing: other.bytes[row + Self.cellOffset..<end]))
      self.end(start, other.bytes.loadUnaligned(fromByteOffset: row, as: Int.self), count: other.count(of: index))
    }
  }

  private func begin() -> Int {
    reserve(Self.cellOffset)
    let start = filled
    filled += Self.cellOffset
    return start
  }

  /// Counts the row that begins there, behind all others, and takes it away again if it is there already.
  private func end(_ start: Int, _ hash: Int, count: Int64) {
    if starts.count * 2 >= slots.count { grow() }
    let length = filled - start - Self.cellOffset
    let tag = Self.tag(hash)
    var slot = hash & (slots.count - 1)
    while slots[slot].next != 0 {
      if slots[slot].tag == tag {
        let row = Int(slots[slot].next) - 1
        if self.length(at: row) == length, isAlike(row, start, length) {
          bytes.storeBytes(of: self.count(at: row) + count, toByteOffset: row + Self.countOffset, as: Int64.self)
          filled = start
          return
        }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes.storeBytes(of: hash, toByteOffset: start, as: Int.self)
    bytes.storeBytes(of: count, toByteOffset: start + Self.countOffset, as: Int64.self)
    bytes.storeBytes(of: UInt32(truncatingIfNeeded: length), toByteOffset: start + Self.lengthOffset, as: UInt32.self)
    starts.append(start)
    slots[slot] = Slot(tag: tag, next: UInt32(truncatingIfNeeded: start + 1))
  }

  private static func tag(_ hash: Int) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  private func length(at row: Int) -> Int {
    Int(bytes.loadUnaligned(fromByteOffset: row + Self.lengthOffset, as: UInt32.self))
  }

  private func count(at row: Int) -> Int64 {
    bytes.loadUnaligned(fromByteOffset: row + Self.countOffset, as: Int64.self)
  }

  private func isAlike(_ row: Int, _ start: Int, _ length: Int) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    return memcmp(base + row + Self.cellOffset, base + start + Self.cellOffset, length) == 0
  }

  private func grow() {
    slots = Array(repeating: Slot(), count: slots.count * 2)
    for start in starts {
      let hash = bytes.loadUnaligned(fromByteOffset: start, as: Int.self)
      var slot = hash & (slots.count - 1)
      while slots[slot].next != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Slot(tag: Self.tag(hash), next: UInt32(truncatingIfNeeded: start + 1))
    }
  }

  // MARK: Cells

  /// A cell as bytes: what it is, and its content; a text's length stands before it.
  private func write(_ cell: Cell) {
    switch cell {
    case .null: write(tag: 0)
    case .int(let number): write(tag: 1, number)
    case .double(let number): write(tag: 2, Int64(bitPattern: number.bitPattern))
    case .bytes(let text):
      write(tag: 3, Int64(text.count))
      append(text)
    case .text(var text):
      text.withUTF8 { text in
        write(tag: 3, Int64(text.count))
        append(UnsafeRawBufferPointer(text))
      }
    }
  }

  private func write(tag: UInt8, _ number: Int64? = nil) {
    reserve(9)
    bytes[filled] = tag
    filled += 1
    guard let number else { return }
    bytes.storeBytes(of: number, toByteOffset: filled, as: Int64.self)
    filled += 8
  }

  private func append(_ text: UnsafeRawBufferPointer) {
    guard !text.isEmpty else { return }
    reserve(text.count)
    UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<filled + text.count]).copyMemory(from: text)
    filled += text.count
  }

  private func reserve(_ count: Int) {
    guard filled + count > bytes.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(bytes.count * 2, filled + count), alignment: 8)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<filled]))
    bytes.deallocate()
    bytes = larger
  }

  func count(of index: Int) -> Int64 { count(at: starts[index]) }

  /// - Returns: A cell whose bytes stay valid until a row is added.
  func cell(_ column: Int, of index: Int) -> Cell {
    var place = starts[index] + Self.cellOffset
    for other in columns {
      let (cell, end) = read(at: place)
      if other == column { return cell }
      place = end
    }
    return .null
  }

  private func read(at place: Int) -> (Cell, end: Int) {
    let tag = bytes[place]
    guard tag != 0 else { return (.null, place + 1) }
    let number = bytes.loadUnaligned(fromByteOffset: place + 1, as: Int64.self)
    switch tag {
    case 1: return (.int(number), place + 9)
    case 2: return (.double(Double(bitPattern: UInt64(bitPattern: number))), place + 9)
    default:
      let end = place + 9 + Int(number)
      return (.bytes(UnsafeRawBufferPointer(rebasing: bytes[place + 9..<end])), end)
    }
  }
}
