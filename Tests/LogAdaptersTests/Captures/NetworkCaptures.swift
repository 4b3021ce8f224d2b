import Values

extension CaptureTests {
  // Lines and words: wc, grep; packets: tcpdump -r; objects: Python's json. `nft` counted 6 new connections and 5 drops.
  static let networkCaptures = [
    Capture("vnet/conntrack_L.txt", "conntrack").count("count(*)", 7).count("sum(state = 'TIME_WAIT' AND assured)", 7)
      .count("sum(dport = 8080)", 6).count("count(time)", 0).count("sum(reply_dst = src)", 7),
    Capture("vnet/proc_nf_conntrack.txt", "conntrack").count("count(*)", 7).count("sum(zone = 0)", 7),
    Capture(
      "vnet/conntrack_L.xml", "pattern-log",
      [
        "pattern":
          #".*<flow>.*?<src>(?P<src>[^<]+)</src><dst>(?P<dst>[^<]+)</dst>.*?<dport>(?P<dport>\d+)</dport>.*<state>(?P<state>\w+)</state>.*"#
      ]
    ).columns([Column("src", .ip), Column("dst", .ip), Column("dport", .int)]).count("sum(dport = 8080)", 6)
      .count("sum(state = 'TIME_WAIT')", 7).malformed(3),
    Capture(
      "vnet/conntrack_L.stderr", "pattern-log",
      ["pattern": #"conntrack v\S+ \(conntrack-tools\): (?P<n>\d+) flow entries have been shown\."#]
    ).columns([Column("n", .int)]).count("n", 7),
    Capture("vnet/kernel_nft_log.txt", "packet-log", ["boot": "2026-11-23T03:15:05Z"]).count("count(*)", 5)
      .count("sum(prefix = 'RB-DENY-IN')", 5).count("count(DISTINCT dport)", 5)
      .count("sum(flags LIKE '%\"SYN\"%')", 5).count("count(time)", 5).count("sum(length)", 300),
    Capture("vnet/nft_ruleset.json", "nft-ruleset").count("count(*)", 2).count("sum(packets)", 11)
      .count("sum(packets * (verdict = 'drop'))", 5).count("count(*)", 2, in: "log_counters")
      .count("sum(bytes)", 660, in: "log_counters"),
    Capture(
      "vnet/nft_counters.txt", "pattern-log", ["pattern": #"\s*packets (?P<packets>\d+) bytes (?P<bytes>\d+)"#]
    ).columns([Column("packets", .int), Column("bytes", .int)]).count("sum(packets)", 11).malformed(6),
    Capture("vnet/bridge_fdb.json", "jsonl").columns([Column("mac", .string), Column("ifname", .string)])
      .count("count(*)", 20).count("count(mac)", 20),
    Capture("vnet/bridge_link.json", "jsonl").columns([Column("ifname", .string)]).count("count(ifname)", 3),
    Capture("vnet/ip_addr.json", "jsonl").columns([Column("ifname", .string), Column("addr_info", .string)])
      .count("sum(addr_info LIKE '%10.77.0.10%')", 1),
    Capture("vnet/ip_link_stats.json", "jsonl").columns([Column("ifname", .string)]).count("count(ifname)", 2),
    Capture("vnet/ip_neigh.json", "jsonl").columns([Column("dst", .ip), Column("lladdr", .string)])
      .count("count(dst)", 2),
    Capture("vnet/ip_route.json", "jsonl").columns([Column("dst", .cidr)]).count("count(dst)", 1),
    Capture(
      "vnet/python_httpserver_access.log", "pattern-log",
      [
        "pattern": #"(?P<client>\S+) - - \[(?P<time>[^\]]+)\] "(?P<request>.*)" (?P<status>\d+) -"#,
        "time_format": "%d/%b/%Y %H:%M:%S",
      ]
    ).columns([Column("client", .ip), Column("status", .int)]).count("sum(status = 404)", 3)
      .count("sum(status = 200)", 3).malformed(4),
    Capture(
      "vnet/tcpdump_text.txt", "pattern-log",
      ["pattern": #"(?P<clock>[\d:.]+) (?P<what>IP6?|ARP),? (?P<rest>.*)"#]
    ).count("sum(rest LIKE '%Flags [S],%')", 5).count("sum(what = 'ARP')", 4),
    Capture(
      "vnet/ss_tanp.txt", "pattern-log",
      [
        "pattern":
          #"(?P<state>[A-Z0-9-]+)\s+\d+\s+\d+\s+(?P<local>\S+):(?P<port>\d+)\s+(?P<peer>\S+):(?P<peer_port>\S+)\s*(?P<process>.*)"#
      ]
    ).columns([Column("port", .int)]).count("sum(state = 'TIME-WAIT')", 5).malformed(1),
    Capture(
      "vnet/proc_net_tcp.txt", "pattern-log",
      ["pattern": #"\s*\d+: (?P<local>[0-9A-F:]+) (?P<peer>[0-9A-F:]+) (?P<state>[0-9A-F]{2}) .*"#]
    ).count("sum(state = '06')", 5).malformed(1),
    Capture(
      "vnet/proc_net_dev.txt", "pattern-log",
      ["pattern": #"\s*(?P<interface>\w+):\s*(?P<bytes>\d+)\s.*"#]
    ).columns([Column("bytes", .int)]).count("count(interface)", 2).malformed(2),
    // No text: nothing of it is understood, and that is said.
    Capture("vnet/web.pcap", "pattern-log", ["pattern": #"(?P<clock>\d\d:\d\d:\d\d\.\d+) .*"#])
      .count("count(clock)", 0).malformed(462).repaired(370).partial,
  ]

  // The audit system's own programs count the same events in their own forms; error logs have patterns of their own.
  static let auditCaptures = [
    Capture("audit/audit_raw.log", "linux-audit").count("count(DISTINCT time || serial)", 55)
      .count("count(*)", 251, in: "log_records").count("sum(success = 0)", 11),
    Capture("audit/audit_enriched.log", "linux-audit").count("count(DISTINCT time || serial)", 11),
    Capture("audit/ausearch_fim_raw.txt", "linux-audit").count("count(DISTINCT time || serial)", 35),
    Capture("audit/ausearch_fim_default.txt", "linux-audit").count("count(DISTINCT time || serial)", 35),
    Capture(
      "audit/ausearch_fim_interpret.txt", "pattern-log",
      ["pattern": #"type=(?P<type>\S+) msg=audit\((?P<when>[^)]+):(?P<serial>\d+)\) : (?P<rest>.*)"#]
    ).count("count(DISTINCT serial)", 35).malformed(35),
    Capture("audit/ausearch_fim_csv.txt", "csv").count("count(DISTINCT \"EVENT\" || \"SERIAL_NUM\")", 35),
    Capture(
      "audit/ausearch_fim_text.txt", "pattern-log",
      ["pattern": #"At (?P<clock>\d\d:\d\d:\d\d) (?P<date>\d\d/\d\d/\d\d) (?P<what>.*)"#]
    ).count("count(what)", 35),
    Capture(
      "audit/aureport_files.txt", "pattern-log",
      [
        "pattern":
          #"\d+\. (?P<date>\S+) (?P<clock>\S+) (?P<file>.+) (?P<syscall>\S+) (?P<success>yes|no) (?P<exe>\S+) (?P<auid>\S+) (?P<event>\d+)"#
      ]
    ).count("count(event)", 44).malformed(4),
    Capture(
      "audit/aureport_summary.txt", "pattern-log",
      ["pattern": #"(?P<name>Number of [^:]+): (?P<n>\d+)"#]
    ).columns([Column("n", .int)]).count("sum(n * (name = 'Number of events'))", 55).malformed(4),
    Capture("waf/apache2_error_log.log", "pattern-log", ["pattern": "apache-error"])
      .columns([Column("client", .ip)]).count("count(DISTINCT client)", 2),
    Capture("waf/nginx_error_log.log", "pattern-log", ["pattern": "nginx-error"])
      .columns([Column("client", .ip)]).count("count(client)", 81),
  ]
}
