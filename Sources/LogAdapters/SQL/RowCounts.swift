import Glibc

/// Rows that are alike in some columns, each once with how often it came, in the order in which they came first.
final class RowCounts {
  private static let entryBytes = 48

  private let columns: [Int]
  private var bytes: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var entries: [Entry] = []
  /// By hash: an entry's place and one more, or zero. Twice as many as entries at least, and a power of two.
  private var slots: [Int32]

  private struct Entry {
    let start: Int
    let end: Int
    let hash: Int
    var count: Int64
  }

  /// - Parameter columns: Places of the columns in the table.
  init(columns: [Int]) {
    self.columns = columns
    bytes = .allocate(byteCount: 1 << 16, alignment: 8)
    slots = Array(repeating: 0, count: 1 << 10)
  }

  deinit { bytes.deallocate() }

  var count: Int { entries.count }
  /// About how much memory the rows take up.
  var byteCount: Int { filled + entries.count * Self.entryBytes }

  func removeAll() {
    filled = 0
    entries.removeAll(keepingCapacity: true)
    for index in slots.indices { slots[index] = 0 }
  }

  /// Adds the row that a cursor stands at.
  func add(_ cursor: any RecordCursor) {
    let start = filled
    for column in columns { write(cursor.cell(column)) }
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<filled]))
    add(start, hasher.finalize(), count: 1)
  }

  /// Adds all rows of another, which has the same columns.
  func add(_ other: RowCounts) {
    for entry in other.entries {
      let start = filled
      append(UnsafeRawBufferPointer(rebasing: other.bytes[entry.start..<entry.end]))
      add(start, entry.hash, count: entry.count)
    }
  }

  /// Counts the row that stands behind all others, and takes it away again if it is there already.
  private func add(_ start: Int, _ hash: Int, count: Int64) {
    if entries.count * 2 >= slots.count { grow() }
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, isAlike(entries[index], start) {
        entries[index].count += count
        filled = start
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    entries.append(Entry(start: start, end: filled, hash: hash, count: count))
    slots[slot] = Int32(truncatingIfNeeded: entries.count)
  }

  private func isAlike(_ entry: Entry, _ start: Int) -> Bool {
    guard entry.end - entry.start == filled - start, let base = bytes.baseAddress else { return false }
    return memcmp(base + entry.start, base + start, filled - start) == 0
  }

  private func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (index, entry) in entries.enumerated() {
      var slot = entry.hash & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: index + 1)
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

  func count(of index: Int) -> Int64 { entries[index].count }

  /// - Returns: A cell whose bytes stay valid until a row is added.
  func cell(_ column: Int, of index: Int) -> Cell {
    var place = entries[index].start
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
