import RunbookPorts
import Values

/// The kernel's table of connections, listed or told as it changes.
struct ConntrackKind: AdapterKind {
  let name = "conntrack"
  let about =
    "connections that the Linux kernel knew: what conntrack -L -o extended or /proc/net/nf_conntrack listed, or what "
    + "conntrack -E -o timestamp told; a list has no times"
  let options = [AdapterOption("path", .paths, required: true, "the files"), TimeOrder.option]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let table = Self.table(limits)
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits, clock: table.clock,
      isInOrder: try TimeOrder.isDeclared(options))
    return LogAdapter(tables: [table], files: files, resolution: .microseconds(1), timesAreOptional: true)
  }

  private typealias Table = LineRecordTable<ConntrackFlow>

  private static func table(_ limits: FileLimits) -> Table {
    Table(
      about: "one row for each connection that was listed, or each event", columns: columns, limits: limits,
      remedy: "a list is asked without bounds on `time`"
    ) { line in
      guard let flow = ConntrackFlow(line) else { return .foreign("the line is no connection") }
      return .record(flow, time: flow.time)
    }
  }

  private static let columns: [(ColumnSchema, Table.Cells)] =
    [
      (ColumnSchema("time", .timestamp, "when it happened; null in a list"), .time),
      (ColumnSchema("event", .string, "NEW, UPDATE, DESTROY; null in a list"), .of { Cell($0.event) }),
      (ColumnSchema("family", .string, "ipv4, ipv6; null where the list does not say"), .of { Cell($0.family) }),
      (ColumnSchema("protocol", .string, "tcp, udp, icmp"), .of { Cell($0.protocolName) }),
      (ColumnSchema("protocol_number", .int, "6 for tcp, 17 for udp"), .of { Cell($0.protocolNumber) }),
      (ColumnSchema("state", .string, "of tcp: ESTABLISHED, TIME_WAIT; null for udp"), .of { Cell($0.state) }),
      (ColumnSchema("timeout", .int, "seconds until the kernel forgets it"), .of { Cell($0.timeout) }),
    ]
    + direction("", "who began the connection", "whom it was made to") { $0.original }
    + direction("reply_", "who answers: another than dst where addresses are translated", "whom the answers go to") {
      $0.reply
    }
    + [
      (ColumnSchema("assured", .bool, "whether it is established in both directions"), .of { Cell($0.isAssured) }),
      (ColumnSchema("unreplied", .bool, "whether nothing came back"), .of { Cell($0.isUnreplied) }),
      (ColumnSchema("mark", .int, "the mark of the firewall's rules"), .of { Cell($0.rest.number("mark")) }),
      (ColumnSchema("zone", .int, "the zone of overlapping networks"), .of { Cell($0.rest.number("zone")) }),
      (ColumnSchema("id", .int, "the connection's number, where it was listed"), .of { Cell($0.rest.number("id")) }),
    ]

  private static func direction(
    _ prefix: String, _ source: String, _ destination: String,
    _ of: @escaping @Sendable (ConntrackFlow) -> ConntrackFlow.Direction
  ) -> [(ColumnSchema, Table.Cells)] {
    [
      (ColumnSchema("\(prefix)src", .ip, source), .of { Cell(of($0).address("src")) }),
      (ColumnSchema("\(prefix)dst", .ip, destination), .of { Cell(of($0).address("dst")) }),
      (ColumnSchema("\(prefix)sport", .int, "the port of src"), .of { Cell(of($0).number("sport")) }),
      (ColumnSchema("\(prefix)dport", .int, "the port of dst"), .of { Cell(of($0).number("dport")) }),
      (
        ColumnSchema("\(prefix)packets", .int, "packets this way; null unless the kernel counts them"),
        .of { Cell(of($0).number("packets")) }
      ),
      (
        ColumnSchema("\(prefix)bytes", .int, "bytes this way; null unless the kernel counts them"),
        .of { Cell(of($0).number("bytes")) }
      ),
    ]
  }
}
