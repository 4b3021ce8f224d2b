import CEL
package import Values

extension ColumnType {
  private var isList: Bool { if case .list = self { true } else { false } }

  /// Whether an expression can give a value of this type: texts are read, whole numbers count as others.
  package func mayAdmit(_ expression: Expression) -> Bool {
    if expression.names.isEmpty, case .value(let value) = expression.checked.evaluate(slots: []) {
      return admit(value) != nil
    }
    switch expression.type {
    case .bool: return self == .bool
    case .int, .uint: return [.int, .double, .bool].contains(self)
    case .double: return [.double, .int].contains(self)
    case .timestamp: return self == .timestamp
    case .duration: return self == .duration
    case .address: return [.ip, .cidr].contains(self)
    case .network: return self == .cidr
    case .list: return isList
    default: return true
    }
  }
}
