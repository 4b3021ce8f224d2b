import Diagnostics
import RunbookLanguage
import Values

/// What an alert has in the place of something that an expression reads and that is not there: `alert.labels.siet`.
struct LabelMeant {
  let path: String

  /// - Returns: `nil` where the expression is no path into the alert, or nothing there is written almost so.
  init?(by expression: Expression, in alert: JSON?) {
    let parts = expression.source.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts[0] == "alert", var value = alert else { return nil }
    for (index, part) in parts.enumerated().dropFirst() {
      if let next = value[part] {
        value = next
        continue
      }
      guard let near = nearestName(to: part, among: (value.members ?? []).map(\.name)) else { return nil }
      path = (parts[..<index] + [near]).joined(separator: ".")
      return
    }
    return nil
  }
}
