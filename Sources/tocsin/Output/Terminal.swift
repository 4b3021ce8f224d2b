import Glibc
import Synchronization

/// The process's output. Writing to a reader that has gone away is not an error: the work goes on.
enum Terminal {
  enum Stream: Int32, Sendable {
    case output = 1
    case error = 2

    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Whether it understands escape sequences: a terminal that is no mere printer.
    var takesEscapes: Bool {
      guard isTerminal, let term = getenv("TERM") else { return false }
      return strcmp(term, "dumb") != 0
    }

    /// Whether text on it is coloured: a terminal, and nobody asked for none (no-color.org).
    var isColoured: Bool {
      guard takesEscapes else { return false }
      guard let wish = getenv("NO_COLOR") else { return true }
      return wish[0] == 0
    }
  }

  private static let progress = Mutex(false)
  private static let lost = Mutex(false)

  /// Whether results could not be written, as on a full disk. A reader that has gone away has lost nothing.
  static var hasLostResults: Bool { lost.withLock { $0 } }

  /// Lets streams that the caller has closed lead nowhere: the next file that is opened would take their place.
  static func holdClosedStreams() {
    for stream: Int32 in 0...2 where fcntl(stream, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
  }

  /// Writes a line of text.
  static func print(_ text: String, to stream: Stream = .output) { printWhole(text + "\n", to: stream) }

  /// Writes lines of text with the breaks that they have.
  static func printWhole(_ text: String, to stream: Stream = .output) {
    progress.withLock { isShown in
      if isShown { put("\r\u{1B}[2K", to: .error) }
      isShown = false
      put(text, to: stream)
    }
  }

  /// Shows a line that the next one replaces, cut to the terminal's width; nothing where standard error is no terminal.
  static func showProgress(_ text: String) {
    guard Stream.error.takesEscapes else { return }
    let width = width(of: .error)
    progress.withLock { isShown in
      put("\r\u{1B}[2K\(text.shortened(to: width - 1))", to: .error)
      isShown = true
    }
  }

  /// How many characters fit into a line of standard output; 80 where that is no terminal.
  static var width: Int { width(of: .output) }

  private static func width(of stream: Stream) -> Int {
    var size = winsize()
    return ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }

  /// Writes results that are bytes already, as they are.
  static func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { put($0, to: .output) }
  }

  private static func put(_ text: String, to stream: Stream) {
    var text = text
    text.withUTF8 { put($0, to: stream) }
  }

  private static func put(_ bytes: UnsafeBufferPointer<UInt8>, to stream: Stream) {
    var written = 0
    while written < bytes.count {
      let result = Glibc.write(stream.rawValue, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else {
        if stream == .output, errno != EPIPE, errno != EIO { lost.withLock { $0 = true } }
        return
      }
      written += result
    }
  }

  /// Reads standard input to its end.
  ///
  /// - Returns: At most one byte more than `limit`.
  static func readInput(limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return Array(bytes.prefix(limit + 1))
  }
}
