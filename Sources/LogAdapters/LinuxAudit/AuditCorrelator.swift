import Values

/// Puts the records of a log together into events, in the order in which their first records stand.
///
/// Records of an event may be mixed with those of others. An event is given out when it is complete and some more have
/// begun, when the log is two seconds ahead of it (the time after which auditd's own tools give up waiting), or when
/// too many wait.
struct AuditCorrelator {
  private static let patience = 2
  private static let usualQueue = 64
  private static let longestQueue = 4_096
  /// Records of one event that are kept; the rest would be an attempt to fill the memory.
  private static let recordLimit = 4_096

  private var queue: [AuditEvent] = []
  private var head = 0
  private var waiting: [AuditRecord.EventKey: AuditEvent] = [:]
  private var newest: Timestamp?

  mutating func add(_ record: AuditRecord, line: [UInt8], file: String, number: Int) -> AuditEvent {
    newest = max(newest ?? record.key.time, record.key.time)
    if let event = waiting[record.key], event.records.count < Self.recordLimit {
      event.add(record, line: line)
      return event
    }
    let event = AuditEvent(key: record.key, file: file, line: number)
    event.add(record, line: line)
    waiting[record.key] = event
    queue.append(event)
    return event
  }

  /// The next event that is ready.
  mutating func next(atEnd: Bool) -> AuditEvent? {
    guard head < queue.count else { return nil }
    let event = queue[head]
    let length = queue.count - head
    let isOld = newest.map { $0.seconds - event.key.time.seconds > Self.patience } ?? false
    guard atEnd || isOld || event.isComplete && length > Self.usualQueue || length > Self.longestQueue else {
      return nil
    }
    head += 1
    if waiting[event.key] === event { waiting[event.key] = nil }
    if head > 1_024 {
      queue.removeFirst(head)
      head = 0
    }
    return event
  }
}
