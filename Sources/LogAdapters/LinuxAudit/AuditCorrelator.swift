import Values

/// Puts the records of a log together into events, in the order in which their first records stand.
///
/// Records of an event may be mixed with those of others. An event is given out when it is complete and some more have
/// begun, when the log is two seconds ahead of it (the time after which auditd's own tools give up waiting), or when
/// too many wait.
struct AuditCorrelator {
  /// Seconds.
  static let patience = 2
  private static let usualQueue = 64
  private static let longestQueue = 4_096
  /// Most bytes of one event's records; what follows counts as another event.
  private static let eventBytes = 8 << 20
  /// Most bytes of all events that wait, with all that they take up.
  private static let queueBytes = 16 << 20

  private var queue: [AuditEvent] = []
  private var head = 0
  /// Those in the queue by their keys; `nil` as long as each event had a higher number than all before it.
  private var waiting: [AuditRecord.EventKey: AuditEvent]?
  private var highestSerial: UInt64?
  private var latest: Timestamp?
  /// The event that began last, while it waits.
  private var newest: AuditEvent?
  private(set) var waitingBytes = 0

  /// - Parameter line: The line that the head is of.
  mutating func add(
    _ head: AuditRecord.Head, _ line: UnsafeRawBufferPointer, at place: @autoclosure () -> ScanPlace, number: Int?
  ) -> AuditEvent {
    latest = head.key.time
    // The records of an event mostly follow one another.
    if let event = newest?.key == head.key ? newest : find(head.key), event.byteCount < Self.eventBytes {
      waitingBytes -= event.byteCount
      event.add(head, line)
      waitingBytes += event.byteCount
      return event
    }
    let event = AuditEvent(key: head.key, at: place(), line: number)
    event.add(head, line)
    waitingBytes += event.byteCount
    waiting?[head.key] = event
    highestSerial = max(head.key.serial, highestSerial ?? 0)
    newest = event
    queue.append(event)
    return event
  }

  /// The event in the queue that began last of those with a key.
  private mutating func find(_ key: AuditRecord.EventKey) -> AuditEvent? {
    if let waiting { return waiting[key] }
    // Nothing is looked up while the log is in order.
    guard let highestSerial, key.serial <= highestSerial else { return nil }
    let index = Dictionary(queue[head...].map { ($0.key, $0) }) { _, last in last }
    waiting = index
    return index[key]
  }

  /// The next event that is ready.
  mutating func next(atEnd: Bool) -> AuditEvent? {
    guard head < queue.count else { return nil }
    let event = queue[head]
    let length = queue.count - head
    let isOld = latest.map { $0.seconds - event.key.time.seconds > Self.patience } ?? false
    guard
      atEnd || isOld || event.isComplete && length > Self.usualQueue || length > Self.longestQueue
        || waitingBytes > Self.queueBytes
    else {
      return nil
    }
    head += 1
    waitingBytes -= event.byteCount
    if waiting?[event.key] === event { waiting?[event.key] = nil }
    if newest === event { newest = nil }
    if head > 1_024 {
      queue.removeFirst(head)
      head = 0
    }
    return event
  }
}
