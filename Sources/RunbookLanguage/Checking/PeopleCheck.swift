import Diagnostics

/// Whether whoever should be called can be, and is: contacts, escalations, and verdicts that call nobody.
struct PeopleCheck {
  let draft: Draft
  let findings: Findings

  /// Channels that are read when somebody looks: rooms, queues and programs.
  static let roomChannels: Set<String> = [
    "slack", "teams", "mattermost", "discord", "matrix", "irc", "zulip", "webhook", "http", "https", "syslog", "jira",
    "servicenow", "ticket", "queue", "topic",
  ]

  /// Channels that reach a person.
  static let personChannels = ["email", "mail", "phone", "sms", "pagerduty", "opsgenie", "signal", "telegram"]

  private static let usualChannels = personChannels + roomChannels.sorted()

  func check() {
    // Of text that was broken off nobody knows what it was to be.
    if draft.gaps.isEmpty {
      for (id, contact) in draft.contacts { checkAddresses(contact, at: id.location) }
    }
    for escalation in draft.escalations { check(escalation) }
    for verdict in draft.verdicts { check(verdict) }
    checkBuiltIn()
  }

  /// The built-in verdict of an attack calls nobody unless the runbook says whom.
  private func checkBuiltIn() {
    let malicious = BuiltInVerdict.malicious
    let written = draft.verdicts.first { $0.id.value == malicious.rawValue }
    guard written?.escalation == nil, !draft.gaps.contains(.verdict),
      !draft.failed.contains(where: { $0.id.value == malicious.rawValue }),
      let target = draft.questions.lazy.flatMap({ $0.then ?? [] }).flatMap(\.targets)
        .first(where: { $0.value == malicious.rawValue })
    else { return }
    findings.add(.builtInCallsNobody(malicious.rawValue, malicious.severity.rawValue, at: target.location))
  }

  private func checkAddresses(_ contact: Contact, at location: SourceLocation) {
    for (channel, address) in contact.addresses where !Self.canBe(address, for: channel) {
      findings.add(.badAddress(contact.id, channel: channel, at: location))
    }
    for channel in contact.addresses.map(\.channel) where !Self.usualChannels.contains(channel) {
      guard let meant = nearestName(to: channel, among: Self.usualChannels) else { continue }
      findings.add(.unusualChannel(channel, of: contact.id, meant: meant, at: location))
    }
  }

  /// As far as a channel's name says what its addresses look like.
  private static func canBe(_ address: String, for channel: String) -> Bool {
    switch channel {
    case "email", "mail":
      let parts = address.split(separator: "@", omittingEmptySubsequences: false)
      return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.contains { $0.isWhitespace } }
    case "phone", "sms": return address.contains { $0.isNumber }
    default: return true
    }
  }

  private func check(_ escalation: DraftEscalation) {
    let id = escalation.id
    for (index, step) in escalation.steps.enumerated().dropLast() where step.acknowledgeWithin == nil {
      findings.add(.deadlineMissing(id.value, step: index + 1, at: id.location))
    }
    let last = escalation.steps.last?.notify.map(\.value) ?? []
    let called = draft.contacts.filter { last.contains($0.id.value) }.map(\.contact)
    let channels = called.flatMap(\.addresses).map(\.channel)
    // A contact that is not known, or has no address, has been told.
    guard called.count == last.count, !channels.isEmpty, channels.allSatisfy(Self.roomChannels.contains) else { return }
    var seen: Set<String> = []
    findings.add(.neverAPerson(id.value, channels: channels.filter { seen.insert($0).inserted }, at: id.location))
  }

  private func check(_ verdict: DraftVerdict) {
    guard verdict.escalation == nil, BuiltInVerdict(rawValue: verdict.id.value) == nil else { return }
    let worst: Severity? =
      switch verdict.severity {
      case .fixed(let severity): severity
      case .cases(let cases): cases.map(\.severity.value).max()
      case nil: nil
      }
    guard let worst, worst >= .high else { return }
    findings.add(.severeWithoutEscalation(verdict.id.value, worst.rawValue, at: verdict.id.location))
  }
}
