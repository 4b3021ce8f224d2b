import Glibc
import Values

/// Remembers the time that was read last, for most records bear the time of the one before.
struct LastTime {
  private var text: [UInt8] = []
  private var time: Timestamp?

  mutating func time(
    of bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Timestamp?
  ) -> Timestamp? {
    if let time, isText(bytes) { return time }
    guard let time = read(bytes) else { return nil }
    text = Array(bytes)
    self.time = time
    return time
  }

  private func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard text.count == bytes.count else { return false }
    return text.withUnsafeBytes { text in
      guard let left = text.baseAddress, let right = bytes.baseAddress else { return false }
      return memcmp(left, right, bytes.count) == 0
    }
  }
}
