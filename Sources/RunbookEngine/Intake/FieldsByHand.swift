import Diagnostics
import Investigation
package import RunbookLanguage
package import Values

extension Intake {
  /// Fields that were given by hand, as texts.
  ///
  /// - Parameters:
  ///   - given: Names and values in the order in which they were given. A name may stand several times only for a field
  ///     that is a list.
  ///   - at: What windows count from.
  package static func byHand(
    _ given: [(name: String, value: String)], for runbook: Runbook, at: Timestamp
  ) throws(FieldProblem) -> Intake {
    let declared = runbook.alert.fields
    for (name, _) in given where !declared.contains(where: { $0.id == name }) {
      throw .unknown(name, known: declared.map(\.id))
    }
    var fields: [String: FieldValue] = [:]
    for field in declared {
      let texts = given.filter { $0.name == field.id }.map(\.value)
      if texts.isEmpty {
        fields[field.id] = .missing("'\(field.id)' was not given")
      } else if case .list(let element) = field.type {
        var values: [Value] = []
        for text in texts { values.append(try Self.admit(text, to: field, as: element)) }
        fields[field.id] = .value(.list(values))
      } else if texts.count == 1 {
        fields[field.id] = .value(try Self.admit(texts[0], to: field, as: field.type))
      } else {
        throw .repeated(field.id)
      }
    }
    return Intake(alert: nil, fields: fields, at: at, remarks: [])
  }

  private static func admit(
    _ text: String, to field: AlertIntake.Field, as type: ColumnType
  ) throws(FieldProblem) -> Value {
    guard let value = type.admit(.string(text)) else { throw .wrongType(field.id, type: type, text: text) }
    return value
  }
}

/// What is wrong with fields that were given by hand.
package enum FieldProblem: Error, Sendable {
  case unknown(String, known: [String])
  case wrongType(String, type: ColumnType, text: String)
  case repeated(String)

  package var message: String {
    switch self {
    case .unknown(let name, let known):
      "the runbook has no field '\(name.prefix(60))'; it has \(quotedList(known))"
        + (nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? "")
    case .wrongType(let name, let type, let text):
      "'\(text.prefix(60))' is no \(type), which the field '\(name)' must be" + (Self.example(of: type) ?? "")
    case .repeated(let name): "the field '\(name)' holds one value and was given several times"
    }
  }

  private static func example(of type: ColumnType) -> String? {
    switch type {
    case .timestamp: ", such as 2026-03-02T10:00:00Z"
    case .duration: ", such as 90s, 15m, 2h or 7d"
    case .ip: ", such as 192.0.2.7"
    case .cidr: ", such as 192.0.2.0/24"
    case .bool: ": true or false"
    default: nil
    }
  }
}
