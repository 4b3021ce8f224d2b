import Values

/// How the lines of a kernel log say when.
struct KernelClock: Sendable {
  /// When the machine started, for lines that count seconds from there.
  let boot: Timestamp?
  /// For lines of syslog, which write no year.
  let year: Int?
  let zone: LocalZone

  func later(by years: Int) -> KernelClock { KernelClock(boot: boot, year: year.map { $0 + years }, zone: zone) }
}

/// A line of a kernel log, taken apart into when, where and what.
struct KernelLine {
  private(set) var time: Timestamp?
  /// Seconds since the machine started.
  private(set) var uptime: Double?
  private(set) var host: String?
  private(set) var message: Slice<UnsafeRawBufferPointer>

  /// Reads `[ 1727.572419] …` as dmesg prints it, `Nov 23 03:43:52 host kernel: …` as syslog writes it, and
  /// `2026-11-23T03:43:52.123456+00:00 host kernel: …`, each of the latter also with the former.
  ///
  /// - Returns: `nil` if the line is none of these.
  init?(_ line: UnsafeRawBufferPointer, _ clock: KernelClock) {
    message = line[...]
    var isKnown = false
    if line.count > 16, let instant = Self.syslogTime(line, clock) {
      (time, isKnown) = (instant.time, true)
      message = line[16...]
    } else if let blank = line.prefix(40).firstIndex(of: 0x20), blank > 18,
      let instant = LogTime.iso8601(UnsafeRawBufferPointer(rebasing: line[..<blank]))
    {
      (time, isKnown) = (instant, true)
      message = line[(blank + 1)...]
    }
    if isKnown {
      let words = message.prefix(300).split(separator: 0x20, maxSplits: 2)
      if words.count == 3, words[1].last == UInt8(ascii: ":") {
        host = String(decoding: words[0], as: UTF8.self)
        message = message[words[2].startIndex...]
      }
    }
    if message.first == UInt8(ascii: "["), let end = message.prefix(24).firstIndex(of: UInt8(ascii: "]")),
      let seconds = Double(String(decoding: message[..<end].dropFirst().drop { $0 == 0x20 }, as: UTF8.self))
    {
      uptime = seconds
      isKnown = true
      message = message[(end + 1)...].drop { $0 == 0x20 }
      if time == nil { time = clock.boot?.adding(.nanoseconds(Int64((seconds * 1e9).rounded()))) }
    }
    guard isKnown else { return nil }
  }

  /// `Nov 23 03:43:52`. Without a known year the form is recognised and the time is not.
  private static func syslogTime(_ line: UnsafeRawBufferPointer, _ clock: KernelClock) -> (time: Timestamp?, Void)? {
    guard line[3] == 0x20, line[6] == 0x20, line[9] == 58, line[12] == 58, line[15] == 0x20,
      let month = LogTime.month(line, 0),
      let day = line[4] == 0x20 ? LogTime.digits(line, 5, 1) : LogTime.digits(line, 4, 2),
      let hour = LogTime.digits(line, 7, 2), let minute = LogTime.digits(line, 10, 2),
      let second = LogTime.digits(line, 13, 2)
    else { return nil }
    let time = clock.year.flatMap { LogTime.local(($0, month, day), (hour, minute, second), 0, clock.zone) }
    return (time, ())
  }
}

/// What the firewall of the Linux kernel logs of a packet: `PREFIX IN=eth0 OUT= MAC=… SRC=… DST=… … SYN URGP=0`.
struct PacketLine {
  let kernel: KernelLine
  private(set) var prefix: String
  private(set) var values: [String: String] = [:]
  /// The words without a value: `SYN`, `ACK`, `DF`.
  private(set) var flags: [String] = []

  /// - Returns: `nil` if the line tells of no packet.
  init?(_ kernel: KernelLine) {
    self.kernel = kernel
    // The prefix is the rule's; `IN=` and `OUT=` are what every such line has behind it.
    let text = String(decoding: kernel.message, as: UTF8.self)
    guard let start = text.hasPrefix("IN=") ? text.startIndex : text.firstRange(of: " IN=")?.lowerBound,
      text[start...].contains(" OUT=")
    else { return nil }
    prefix = String(text[..<start])
    // A packet of an error holds the packet that caused it in brackets; what counts stands before them.
    for word in text[start...].prefix(while: { $0 != "[" }).split(separator: " ") {
      guard let equals = word.firstIndex(of: "=") else {
        flags.append(String(word))
        continue
      }
      let name = String(word[..<equals])
      if values[name] == nil { values[name] = String(word[word.index(after: equals)...]) }
    }
  }

  func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
  func number(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }
  func address(_ name: String) -> String? { text(name).flatMap { NetworkAddress($0)?.description } }
}
