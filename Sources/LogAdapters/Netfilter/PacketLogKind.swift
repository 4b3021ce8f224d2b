import RunbookPorts
import Values

/// Packets that the Linux kernel's firewall logged (nftables `log prefix`, iptables `LOG`).
struct PacketLogKind: AdapterKind {
  let name = "packet-log"
  let about =
    "packets that the Linux firewall logged (nft: log prefix, iptables: -j LOG), in dmesg, kern.log or the journal's text"
  let options = [
    AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too"),
    AdapterOption(
      "boot", .text, "when the machine started, as 2026-11-23T03:15:05Z, for lines that count seconds from there"),
    AdapterOption(
      "year", .text,
      "the year of lines that name none (Nov 23 03:43:52), in which each file of the source begins; without it their "
        + "time is unknown"),
    LocalZone.option, TimeOrder.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let boot = options.text("boot").map { Timestamp(rfc3339: $0) }
    if let boot, boot == nil { throw BindingProblem("it is no instant such as 2026-11-23T03:15:05Z", option: "boot") }
    let year = options.text("year").map { Int($0) }
    if let year, !(1970...9999).contains(year ?? 0) { throw BindingProblem("it is no year", option: "year") }
    let table = Self.table(
      KernelClock(boot: boot ?? nil, year: year ?? nil, zone: try LocalZone(options)), limits)
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits, clock: table.clock,
      isInOrder: try TimeOrder.isDeclared(options))
    return LogAdapter(tables: [table], files: files, resolution: .microseconds(1), timesAreOptional: true)
  }

  private typealias Table = LineRecordTable<PacketLine>

  private static func table(_ clock: KernelClock, _ limits: FileLimits) -> Table {
    let later: @Sendable (UnsafeRawBufferPointer, Int) -> Timestamp? = { line, years in
      KernelLine(line, clock.later(by: years))?.time
    }
    return Table(
      about: "one row for each packet that was logged; other lines of the kernel are left out", columns: columns,
      limits: limits, remedy: "the source's option `boot` or `year` would tell them", zone: clock.zone,
      later: clock.year == nil ? nil : later
    ) { line in
      guard let kernel = KernelLine(line, clock) else { return .foreign("the line is none of a kernel log") }
      guard let packet = PacketLine(kernel) else { return .other(time: kernel.time) }
      return packet.address("SRC") == nil ? .foreign("the packet has no source") : .record(packet, time: kernel.time)
    }
  }

  private static let columns: [(ColumnSchema, Table.Cells)] = [
    (
      ColumnSchema(
        "time", .timestamp, "when it was logged; null where neither the line nor the options `boot` and `year` say it"),
      .time
    ),
    (
      ColumnSchema("uptime", .double, "seconds since the machine started"),
      .of { $0.kernel.uptime.map(Cell.double) ?? .null }
    ),
    (ColumnSchema("host", .string, "the machine, where the log names it"), .of { Cell($0.kernel.host) }),
    (ColumnSchema("prefix", .string, "the words of the rule that logged it"), .of { .text($0.prefix) }),
    (
      ColumnSchema("interface_in", .string, "the interface it came in by; null for the machine's own"),
      .of { Cell($0.text("IN")) }
    ),
    (
      ColumnSchema("interface_out", .string, "the interface it left by; null for what ends here"),
      .of { Cell($0.text("OUT")) }
    ),
    (ColumnSchema("mac", .string, "receiver, sender and type of the frame"), .of { Cell($0.text("MAC")) }),
    (ColumnSchema("src", .ip, "who sent it"), .of { Cell($0.address("SRC")) }),
    (ColumnSchema("dst", .ip, "whom it was sent to"), .of { Cell($0.address("DST")) }),
    (ColumnSchema("protocol", .string, "TCP, UDP, ICMP, or a number"), .of { Cell($0.text("PROTO")) }),
    (ColumnSchema("sport", .int, "the port of src"), .of { Cell($0.number("SPT")) }),
    (ColumnSchema("dport", .int, "the port of dst"), .of { Cell($0.number("DPT")) }),
    (ColumnSchema("type", .int, "the type of an ICMP message"), .of { Cell($0.number("TYPE")) }),
    (ColumnSchema("length", .int, "bytes of the packet"), .of { Cell($0.number("LEN")) }),
    (ColumnSchema("ttl", .int, "hops that were left to it"), .of { Cell($0.number("TTL")) }),
    (ColumnSchema("mark", .string, "the mark of the firewall's rules"), .of { Cell($0.text("MARK")) }),
    (
      ColumnSchema("flags", .list(.string), "words without a value: SYN, ACK, FIN, RST, DF"),
      .of { .text(JSON.array($0.flags.map(JSON.string)).compactText) }
    ),
  ]
}
