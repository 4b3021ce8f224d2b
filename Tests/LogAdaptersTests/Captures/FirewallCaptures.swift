extension CaptureTests {
  // Counted with Python: re over the bytes of those in ModSecurity's own form, json over the others. Of the engine's
  // own lines in the last parts `942100` is the rule about SQL injection.
  static let firewallLogs = [
    Capture("waf/apache2_modsec_audit_native.log", "web-firewall").count("count(*)", 93).count("sum(stopped)", 0)
      .count("sum(status = 401)", 42).count("sum(status = 404)", 27).count("count(*)", 198, in: "log_rules")
      .count("sum(rule = 942100)", 5, in: "log_rules"),
    Capture("waf/apache2_modsec_audit_native_sqlmap25.log", "web-firewall").count("count(*)", 25)
      .count("sum(status = 500)", 6).count("count(*)", 131, in: "log_rules")
      .count("sum(rule = 942100)", 20, in: "log_rules"),
    Capture("waf/apache2_modsec_audit_native_badbytes.log", "web-firewall").count("count(*)", 1)
      .count("count(*)", 7, in: "log_rules").repaired(1),
    Capture("waf/apache2_modsec_audit_json.log", "web-firewall").count("count(*)", 65).count("sum(stopped)", 52)
      .count("count(*)", 207, in: "log_rules").count("sum(rule = 942100)", 5, in: "log_rules").repaired(1),
    Capture("waf/apache2_modsec_audit_json_partK_1event.log", "web-firewall").count("count(*)", 1)
      .count("count(*)", 0, in: "log_rules"),
    Capture("waf/nginx_modsec3_audit_native.log", "web-firewall").count("count(*)", 57).count("sum(stopped)", 0)
      .count("sum(status = 404)", 26).count("count(*)", 142, in: "log_rules")
      .count("sum(rule = 942100)", 5, in: "log_rules").repaired(1),
    Capture("waf/nginx_modsec3_audit_json.log", "web-firewall").count("count(*)", 57).count("sum(stopped)", 51)
      .count("count(*) - count(stopped)", 6).count("count(*)", 142, in: "log_rules")
      .count("sum(rule = 942100)", 5, in: "log_rules").repaired(1),
  ]
}
