/// A query as a runbook writes it; its text does not matter to the tests, whose answers are given.
///
/// - Parameter lines: Further keys. Without a `window` it has none.
func query(_ id: String, _ shape: String, from source: String = "s", _ lines: String...) -> String {
  let hasWindow = lines.contains { $0.hasPrefix("window:") }
  let text = hasWindow ? "SELECT 1 FROM s WHERE t BETWEEN ${from} AND ${to}" : "SELECT 1 FROM s"
  let keys = ["from: \(source)", "sql: \(text)"] + (hasWindow ? [] : ["window: none"]) + [shape] + lines
  return "  \(id):\n" + keys.map { "    \($0)\n" }.joined()
}
