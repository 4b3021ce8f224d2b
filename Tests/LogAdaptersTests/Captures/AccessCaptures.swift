extension CaptureTests {
  // Lines: wc -l. Statuses and clients: awk over the fields; for JSON, Python's json.
  static let accessLogs = [
    Capture("access/access_combined.log", "access-log").count("count(*)", 519)
      .count("sum(status = 404)", 33).count("count(DISTINCT client)", 25),
    Capture("access/access_common.log", "access-log", ["format": "common"]).count("count(*)", 518)
      .count("sum(status = 404)", 33).count("count(DISTINCT client)", 24),
    Capture("access/access_combined_sqlmap.log", "access-log").count("count(*)", 300)
      .count("count(DISTINCT client)", 1).count("sum(agent LIKE 'sqlmap%')", 300),
    Capture("access/access_block_combined.log", "access-log").count("count(*)", 190).count("sum(status = 403)", 52),
    Capture(
      "access/access_block_vhost_uid.log", "access-log",
      ["format": #"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %{UNIQUE_ID}e %D"#]
    ).count("count(*)", 190).count("count(DISTINCT id)", 190),
    Capture("access/nginx_access_combined.log", "access-log").count("count(*)", 99).count("count(DISTINCT client)", 21),
    Capture(
      "access/nginx_access_custom.log", "access-log",
      [
        "format":
          #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time uid=$request_id"#
      ]
    ).count("count(*)", 99),
    Capture("access/nginx_access_json.log", "access-log", ["format": "json"]).count("count(*)", 99)
      .count("count(DISTINCT client)", 21).count("sum(path LIKE '%?%')", 0).count("sum(query = 'id=42')", 2)
      .repaired(1),
  ]
}
