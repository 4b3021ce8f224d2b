internal import Glibc

/// Two ends of a stream of bytes between us and a program. Each closes once.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws(ChildCommand.StartProblem) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ChildCommand.StartProblem(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

/// Gives a program its input and takes its complaints, whichever it is ready for.
struct Exchange {
  private let input: [UInt8]
  private var written = 0
  private let writing: Pipe
  private let reading: Pipe
  /// The first bytes that it wrote to standard error.
  private(set) var errors: [UInt8] = []

  var isInputTaken: Bool { written == input.count }

  init(input: [UInt8], writing: Pipe, reading: Pipe) {
    self.input = input
    self.writing = writing
    self.reading = reading
    _ = fcntl(writing.writing, F_SETFL, O_NONBLOCK)
    _ = fcntl(reading.reading, F_SETFL, O_NONBLOCK)
  }

  mutating func advance(waitingMilliseconds: Int32) {
    var events = [
      pollfd(fd: writing.writing, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: reading.reading, events: Int16(POLLIN), revents: 0),
    ]
    // Ends that are closed are -1, which `poll` passes over.
    guard poll(&events, nfds_t(events.count), waitingMilliseconds) > 0 else { return }
    if events[0].revents != 0 { give() }
    if events[1].revents != 0 { take() }
  }

  private mutating func give() {
    let (result, problem) = withoutBrokenPipeSignal {
      let result = input.withUnsafeBytes { bytes in
        write(writing.writing, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      return (result, errno)
    }
    if result > 0 { written += result }
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

  private mutating func take() {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(reading.reading, &chunk, chunk.count)
    if count > 0 {
      errors += chunk.prefix(min(count, ChildCommand.complaintLimitBytes - errors.count))
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      reading.closeReading()
    }
  }
}
