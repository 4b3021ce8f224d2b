internal import Glibc

/// Gives a program its input and takes what it writes, whichever it is ready for.
struct Exchange {
  private let input: [UInt8]
  private var given = 0
  private let writing: Pipe
  private var sources: [Source]

  private struct Source {
    let pipe: Pipe
    let limitBytes: Int
    var bytes: [UInt8] = []
    var count = 0
  }

  var isInputTaken: Bool { given == input.count }
  /// What it wrote, in the order of the pipes.
  var written: [ChildCommand.Written] { sources.map { ChildCommand.Written(bytes: $0.bytes, count: $0.count) } }

  /// - Parameter reading: With how much of what comes is kept.
  init(input: [UInt8], writing: Pipe, reading: [(pipe: Pipe, limitBytes: Int)]) {
    self.input = input
    self.writing = writing
    sources = reading.map { Source(pipe: $0.pipe, limitBytes: $0.limitBytes) }
    for descriptor in [writing.writing] + reading.map(\.pipe.reading) { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
  }

  mutating func advance(waitingMilliseconds: Int32) {
    // Ends that are closed are -1, which `poll` passes over.
    var events = [pollfd(fd: writing.writing, events: Int16(POLLOUT), revents: 0)]
    for source in sources { events.append(pollfd(fd: source.pipe.reading, events: Int16(POLLIN), revents: 0)) }
    guard poll(&events, nfds_t(events.count), waitingMilliseconds) > 0 else { return }
    if events[0].revents != 0 { give() }
    for index in sources.indices where events[index + 1].revents != 0 { _ = take(index) }
  }

  /// Takes what a program has left in the pipes.
  mutating func takeRest() {
    for index in sources.indices { while take(index) {} }
  }

  private mutating func give() {
    let (result, problem) = withoutBrokenPipeSignal {
      let result = input.withUnsafeBytes { bytes in
        write(writing.writing, bytes.baseAddress?.advanced(by: given), bytes.count - given)
      }
      return (result, errno)
    }
    if result > 0 { given += result }
    // A program need not read its input; one that has closed it gets no more.
    if isInputTaken || (result < 0 && problem != EAGAIN && problem != EINTR) { writing.closeWriting() }
  }

  /// Writing to a program that does not listen any more would otherwise end this one.
  private func withoutBrokenPipeSignal<Result>(_ work: () -> Result) -> Result {
    var brokenPipe = sigset_t()
    var before = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
    defer {
      var noTime = timespec()
      while sigtimedwait(&brokenPipe, nil, &noTime) == -1, errno == EINTR {}
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return work()
  }

  /// - Returns: Whether there was something.
  private mutating func take(_ index: Int) -> Bool {
    guard sources[index].pipe.reading >= 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(sources[index].pipe.reading, &chunk, chunk.count)
    if count > 0 {
      sources[index].bytes += chunk.prefix(min(count, sources[index].limitBytes - sources[index].bytes.count))
      sources[index].count += count
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      sources[index].pipe.closeReading()
    }
    return count > 0
  }
}
