extension CaptureTests {
  // Counts: the summaries of the reports themselves, checked by eye against their lists. An initialised database and a
  // check that failed are no reports of a check.
  static let integrityReports = aideReports + tripwireReports

  private static let aideReports =
    [
      "added_removed_attributes", "changed_attributes", "list_entries",
    ].map { level in
      Capture("aide/check_changed_json_\(level).json", "aide-report").count("sum(change = 'added')", 2)
        .count("sum(change = 'removed')", 1).count("sum(change = 'changed')", 5)
    } + [
      Capture("aide/check_changed_json_summary.json", "aide-report").count("count(*)", 0)
        .count("added + removed + changed", 8, in: "log_report").partial,
      Capture("aide/check_changed_plain.txt", "aide-report").count("sum(change = 'added')", 2)
        .count("sum(change = 'removed')", 1).count("sum(change = 'changed')", 5).count("sum(size_new - size_old)", 32)
        .count("sum(length(attributes) - length(replace(attributes, 'sha256', '')))", 18)
        .count("added + removed + changed", 8, in: "log_report").count("total", 10, in: "log_report"),
      Capture("aide/check_clean_plain.txt", "aide-report").count("count(*)", 0).count("total", 9, in: "log_report"),
      Capture("aide/check_clean_json.json", "aide-report").count("count(*)", 0).count("total", 10, in: "log_report"),
      Capture("aide/check_oddnames_json.json", "aide-report").count("count(*)", 6).repaired(1),
      Capture("aide/check_oddnames_plain.txt", "aide-report").count("count(*)", 6)
        .count(#"sum(path LIKE '%raw\xff.txt')"#, 1).repaired(1),
      Capture("aide/init_plain.txt", "aide-report").refused("reports no check"),
      Capture("aide/err_badconf.txt", "aide-report").refused("no report of a check"),
      Capture("aide/err_nodb.txt", "aide-report").refused("no report of a check"),
    ]

  private static let tripwireReports =
    ["check_stdout_level3", "report_level1", "report_level2", "report_level3", "report_level4"].map { name in
      Capture("tripwire/\(name).txt", "tripwire-report").count("sum(change = 'added')", 1)
        .count("sum(change = 'removed')", 1).count("sum(change = 'changed')", 3)
        .count("added + removed + changed", 5, in: "log_report")
    } + [
      Capture("tripwire/report_level0.txt", "tripwire-report").count("count(*)", 0)
        .count("added", 1, in: "log_report").count("removed", 1, in: "log_report")
        .count("changed", 3, in: "log_report").partial,
      Capture("tripwire/report_level4.txt", "tripwire-report").count("count(kind)", 5)
        .count("sum(size_new)", 14).count("sum(severity)", 330)
        .count("sum(length(attributes) - length(replace(attributes, '\"', ''))) / 2", 11),
      Capture("tripwire/report_level3.txt", "tripwire-report").count("count(kind)", 0)
        .count("sum(perm_new = '-rwxrwxrwx')", 1).count("count(DISTINCT time)", 1),
    ]
}
