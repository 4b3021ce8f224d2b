internal import CZlib

/// Bytes as a zlib stream (RFC 1950).
enum ZlibStream {
  /// Fewer bytes are not worth the work.
  private static let leastBytes = 256
  private static let chunkBytes = 1 << 16

  /// - Returns: `nil` if that would not make them at least an eighth smaller.
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= leastBytes else { return nil }
    var size = compressBound(uLong(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(size))
    guard compress2(&output, &size, bytes, uLong(bytes.count), Z_BEST_SPEED) == Z_OK,
      Int(size) < bytes.count - bytes.count / 8
    else { return nil }
    output.removeLast(output.count - Int(size))
    return output
  }

  /// - Returns: `nil` for anything but one whole stream of at most `limitBytes`.
  static func decompress(_ bytes: [UInt8], limitBytes: Int) -> [UInt8]? {
    var input = bytes
    var output: [UInt8] = []
    return input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
      var stream = z_stream()
      guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
      defer { inflateEnd(&stream) }
      stream.next_in = input.baseAddress
      stream.avail_in = uInt(input.count)
      var chunk = [UInt8](repeating: 0, count: chunkBytes)
      while true {
        let status = chunk.withUnsafeMutableBufferPointer { buffer in
          stream.next_out = buffer.baseAddress
          stream.avail_out = uInt(buffer.count)
          return inflate(&stream, Z_NO_FLUSH)
        }
        output += chunk.prefix(chunk.count - Int(stream.avail_out))
        guard output.count <= limitBytes else { return nil }
        if status == Z_STREAM_END { return stream.avail_in == 0 ? output : nil }
        guard status == Z_OK else { return nil }
      }
    }
  }
}
