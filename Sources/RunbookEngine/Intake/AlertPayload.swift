package import Values

/// The alerts of one payload.
package struct AlertPayload: Sendable {
  /// Most bytes of a payload.
  package static let byteLimit = 16 << 20
  /// Most alerts in one payload.
  package static let alertLimit = 1_000
  /// The version of Alertmanager's payload that is known.
  package static let knownVersion = "4"

  /// One alert, as its sender wrote it.
  package struct Alert: Sendable {
    package let json: JSON
    /// Its place among the payload's alerts, from 1.
    package let position: Int

    package var value: Value { Value(json) }
    package var isResolved: Bool { json["status"]?.text == "resolved" }
    package var name: String? { json["labels"]?["alertname"]?.text }
  }

  package let alerts: [Alert]
  /// Those that are none, by their place from 1: the others are not left lying for them.
  package let refused: [(position: Int, problem: PayloadProblem)]
  /// Things to tell people.
  package let warnings: [String]

  /// How many alerts the payload has, with those that are refused.
  package var count: Int { alerts.count + refused.count }

  /// Reads what Alertmanager posts (version 4: an object with a list `alerts`), or one alert alone (an object with
  /// `labels`).
  ///
  /// - Throws: for anything else, with a sentence part that says what is wrong. One alert of several that is wrong is
  ///   refused alone.
  package init(_ bytes: [UInt8]) throws(PayloadProblem) {
    guard bytes.count <= Self.byteLimit else {
      throw PayloadProblem("it has \(bytes.count) bytes, and at most \(Self.byteLimit) are read")
    }
    guard bytes.contains(where: { $0 > 0x20 }) else { throw PayloadProblem("it is empty") }
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw PayloadProblem("it is not JSON: \(error)") }
    guard case .object = json else {
      throw PayloadProblem("it must be an object: Alertmanager's payload, or one alert with 'labels'")
    }
    if json["alerts"] != nil {
      self = try Self.group(json)
    } else if json["labels"] != nil {
      do throws(PayloadProblem) { alerts = [try Self.alert(json, at: 1)] } catch {
        throw PayloadProblem("the alert \(error.message)")
      }
      refused = []
      warnings = []
    } else {
      throw PayloadProblem("it has neither 'alerts', as Alertmanager's payload has, nor 'labels', as one alert has")
    }
  }

  private init(alerts: [Alert], refused: [(position: Int, problem: PayloadProblem)], warnings: [String]) {
    self.alerts = alerts
    self.refused = refused
    self.warnings = warnings
  }

  private static func group(_ json: JSON) throws(PayloadProblem) -> AlertPayload {
    guard let elements = json["alerts"]?.elements else { throw PayloadProblem("'alerts' must be a list") }
    guard elements.count <= alertLimit else {
      throw PayloadProblem("it has \(elements.count) alerts, and at most \(alertLimit) are taken at once")
    }
    var alerts: [Alert] = []
    var refused: [(position: Int, problem: PayloadProblem)] = []
    for (index, element) in elements.enumerated() {
      do throws(PayloadProblem) { alerts.append(try alert(element, at: index + 1)) } catch {
        refused.append((index + 1, error))
      }
    }
    var warnings: [String] = []
    if let version = json["version"], version.text != knownVersion {
      warnings.append("the payload is of version \(version.text ?? version.compactText), and \(knownVersion) is known")
    }
    if let truncated = json["truncatedAlerts"]?.integer, truncated > 0 {
      warnings.append("its sender left \(truncated) further alerts out of the payload")
    }
    return AlertPayload(alerts: alerts, refused: refused, warnings: warnings)
  }

  private static func alert(_ json: JSON, at position: Int) throws(PayloadProblem) -> Alert {
    guard case .object = json else { throw PayloadProblem("must be an object") }
    guard let labels = json["labels"]?.members else { throw PayloadProblem("has no object 'labels'") }
    guard labels.allSatisfy({ $0.value.text != nil }) else {
      throw PayloadProblem("has a label that is no string")
    }
    if let status = json["status"], status.text != "firing", status.text != "resolved" {
      throw PayloadProblem("must have the 'status' \"firing\" or \"resolved\"")
    }
    return Alert(json: json, position: position)
  }
}

/// Why a payload cannot be used, as a sentence part.
package struct PayloadProblem: Error, Hashable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
