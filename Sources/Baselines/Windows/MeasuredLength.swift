extension Duration {
  /// `13d 23h`, `5h 20m`, `90s`: what a reader needs of a length that was measured, never more than it is.
  package var asMeasured: String {
    let seconds = components.seconds
    let units: [(seconds: Int64, name: String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
    guard let first = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0s" }
    let whole = "\(seconds / units[first].seconds)\(units[first].name)"
    let rest = seconds % units[first].seconds
    guard first + 1 < units.count, rest >= units[first + 1].seconds else { return whole }
    return "\(whole) \(rest / units[first + 1].seconds)\(units[first + 1].name)"
  }
}
