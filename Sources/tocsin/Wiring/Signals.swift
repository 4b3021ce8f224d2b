import Dispatch
import Glibc
import RunbookEngine

/// Where the handler writes a signal's number. SAFETY: written once, before the handler that reads it is installed.
nonisolated(unsafe) private var signalPipe: Int32 = -1

/// Turns signals that ask the process to end into a wish that the run ends: its trail is closed properly then.
///
/// A handler writes each signal into a pipe. An ignored signal with a dispatch source would be lost where a thread does
/// not block it.
final class Signals {
  private static let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"]
  private var source: (any DispatchSourceRead)?

  /// Listens from now on. A second signal ends the process at once.
  init(_ interruption: Interruption) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    let output = ends[0]
    signalPipe = ends[1]
    let source = DispatchSource.makeReadSource(fileDescriptor: output, queue: .global())
    source.setEventHandler {
      var byte: UInt8 = 0
      while read(output, &byte, 1) == 1 {
        let number = Int32(byte)
        if interruption.reason != nil { _exit(128 + number) }
        interruption.interrupt("the process was told to end (\(Self.names[number] ?? "signal \(number)"))")
      }
    }
    source.resume()
    self.source = source
    for number in Self.names.keys {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        let known = errno
        _ = write(signalPipe, &byte, 1)
        errno = known
      }
    }
  }

  /// Writing to a pipe that nobody reads shall not end a run.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
