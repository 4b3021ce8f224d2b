import Dispatch
import Glibc
import RunbookEngine

/// Turns signals that ask the process to end into a wish that the run ends: its trail is closed properly then.
final class Signals {
  private var sources: [any DispatchSourceSignal] = []

  /// Listens from now on. A second signal ends the process at once.
  init(_ interruption: Interruption) {
    for (number, name) in [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if interruption.reason != nil { _exit(128 + number) }
        interruption.interrupt("the process was told to end (\(name))")
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Writing to a pipe that nobody reads shall not end a run.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
