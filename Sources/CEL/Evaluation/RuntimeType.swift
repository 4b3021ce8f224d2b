import Values

/// The type of a value as `type(x)` tells it: lists and maps do not know that of their elements.
func runtimeType(of value: Value) -> ValueType {
  switch value {
  case .null: .null
  case .bool: .bool
  case .int: .int
  case .uint: .uint
  case .double: .double
  case .string: .string
  case .bytes: .bytes
  case .timestamp: .timestamp
  case .duration: .duration
  case .list, .table: .list(.dyn)
  case .map: .map(.dyn, .dyn)
  case .optional: .optional(.dyn)
  case .address: .address
  case .network: .network
  case .calendar: .calendar
  case .record(let record): .record(record.type)
  case .row(let row): .record(row.table.rowType)
  case .type: .type(.dyn)
  case .partial(let partial): runtimeType(of: partial.known)
  }
}
