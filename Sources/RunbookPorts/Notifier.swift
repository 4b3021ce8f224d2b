package import Values

/// Tells people: delivers one notice over one channel.
package protocol Notifier: Sendable {
  /// The name that deployments write under `channel`.
  var name: String { get }

  /// Whether delivering a notice a second time under the same key changes nothing for anybody.
  var deliversOnce: Bool { get }

  /// Delivers a notice. The same `idempotencyKey` stands for the same notice, however often it is delivered.
  func deliver(_ notice: Notice) async throws(NoticeError)
}

extension Notifier {
  /// Unless a channel says otherwise, a notice that was delivered twice is two notices.
  package var deliversOnce: Bool { false }
}

/// Why people are called.
package enum NoticeOccasion: Hashable, Sendable {
  /// A verdict was reached, of this severity.
  case verdict(String, severity: String)
  /// A question is put to them, to be answered by one of these until an instant.
  case question(String, answers: [String], until: Timestamp)

  /// As members of a notice, and of its record.
  package var members: [JSON.Member] {
    switch self {
    case .verdict(let verdict, let severity):
      [.init("verdict", .string(verdict)), .init("severity", .string(severity))]
    case .question(let question, let answers, let instant):
      [
        .init("question", .string(question)), .init("answers", .array(answers.map(JSON.string))),
        .init("until", .string(instant.shortDescription)),
      ]
    }
  }
}

/// A call to people: because a verdict was reached, or because they are asked something.
package struct Notice: Sendable {
  /// The same for every attempt to deliver this notice.
  package let idempotencyKey: String
  package let run: String
  package let runbook: String
  package let contact: String
  /// The contact's addresses as the runbook or the deployment gives them, such as `email`.
  package let addresses: [(channel: String, address: String)]
  package let occasion: NoticeOccasion
  /// One line.
  package let subject: String
  /// What happened, as lines of text.
  package let lines: [String]
  /// What people are advised to do.
  package let advice: [String]
  package let at: Timestamp

  package init(
    idempotencyKey: String, run: String, runbook: String, contact: String,
    addresses: [(channel: String, address: String)], occasion: NoticeOccasion, subject: String,
    lines: [String], advice: [String], at: Timestamp
  ) {
    self.idempotencyKey = idempotencyKey
    self.run = run
    self.runbook = runbook
    self.contact = contact
    self.addresses = addresses
    self.occasion = occasion
    self.subject = subject
    self.lines = lines
    self.advice = advice
    self.at = at
  }

  /// The notice for machines: what an outbox holds and a command reads.
  package var json: JSON {
    let whom: [JSON.Member] = [
      .init("idempotency_key", .string(idempotencyKey)), .init("run", .string(run)), .init("runbook", .string(runbook)),
      .init("contact", .string(contact)),
      .init("addresses", .object(addresses.map { .init($0.channel, .string($0.address)) })),
    ]
    let what: [JSON.Member] = [
      .init("subject", .string(subject)), .init("lines", .array(lines.map(JSON.string))),
      .init("advice", .array(advice.map(JSON.string))), .init("at", .string(at.shortDescription)),
    ]
    return .object(whom + occasion.members + what)
  }
}

/// Why a notice was not delivered.
package enum NoticeError: Error, Hashable, Sendable {
  /// It certainly did not arrive; trying again may help.
  case failed(String)
  /// It certainly did not arrive, and will not.
  case refused(String)
  /// It may have arrived.
  case outcomeUnknown(String)

  package var message: String {
    switch self {
    case .failed(let text), .refused(let text), .outcomeUnknown(let text): text
    }
  }
}

/// Writes a table to a file.
package protocol Exporter: Sendable {
  /// The name that runbooks write under `format`.
  var format: String { get }
  var mediaType: String { get }
  /// The file's bytes. Equal tables give equal bytes.
  func encode(_ table: Table) -> [UInt8]
}
