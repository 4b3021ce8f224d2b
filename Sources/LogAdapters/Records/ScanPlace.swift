import Glibc

/// Where a record is, for messages: `access.log:7`.
struct ScanPlace: CustomStringConvertible {
  enum Line {
    case number(Int)
    /// The line's number counted from a byte at which another begins.
    case counted(Int, from: Int)
    /// The line that ends at a byte of a file that was entered in its middle.
    case before(byte: Int)
  }

  let name: String
  let line: Line?
  /// The file, where lines before the record may have to be counted.
  var file: LogFile?

  var description: String {
    switch line {
    case nil: name
    case .number(let number): "\(name):\(number)"
    case .before(let byte): "\(name) before byte \(byte)"
    case .counted(let number, let start):
      if let before = lines(before: start) { "\(name):\(before + number)" } else { name }
    }
  }

  /// How many lines end before a byte.
  private func lines(before end: Int) -> Int? {
    guard let file else { return nil }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var count = 0
    var offset = 0
    while offset < end {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, end - offset)])
      guard let read = try? file.read(at: offset, into: room), read > 0 else { return nil }
      count += room[..<read].count { $0 == 10 }
      offset += read
    }
    return count
  }
}
