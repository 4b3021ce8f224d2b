package import Diagnostics
package import Investigation
import RunbookLanguage
package import RunbookPorts
package import Values

/// The sources that a deployment binds, ready to be read.
package struct BoundSources: Sendable {
  /// One source: its adapter, or why there is none.
  package struct Entry: Sendable {
    package let id: String
    /// The adapter kind's name.
    package let kind: String
    package let adapter: Result<any DataAdapter, BindingProblem>
    package let policy: SourcePolicy
    /// What the trail keeps of the binding.
    package let record: JSON
  }

  /// In the order of the configuration.
  package let entries: [Entry]
  /// Bindings that cannot be made.
  package let findings: [Diagnostic]

  package init(_ deployment: Deployment?) {
    var findings: [Diagnostic] = []
    entries = (deployment?.bindings ?? []).map { binding in
      let adapter = Result { () throws(BindingProblem) in try binding.kind.makeAdapter(binding.options) }
      if case .failure(let problem) = adapter {
        findings.append(.cannotBind(binding.id.value, because: problem.message, at: binding.place(of: problem)))
      }
      return Entry(
        id: binding.id.value, kind: binding.kind.name, adapter: adapter, policy: binding.policy(adapter),
        record: binding.record)
    }
    self.findings = findings
  }

  package subscript(id: String) -> Entry? { entries.first { $0.id == id } }

  package func schema(of id: String) -> SourceSchema? { try? self[id]?.adapter.get().schema }

  /// By the source's id.
  package var policies: [String: SourcePolicy] {
    Dictionary(entries.map { ($0.id, $0.policy) }) { first, _ in first }
  }
}

extension SourceBinding {
  fileprivate func policy(_ adapter: Result<any DataAdapter, BindingProblem>) -> SourcePolicy {
    let binding: SourcePolicy.Binding =
      switch adapter {
      case .success: .bound(adapter: kind.name)
      case .failure(let problem): .unbound("the source '\(id.value)' cannot be bound: \(problem.message)")
      }
    return SourcePolicy(binding: binding, lag: lag, gap: gap, isSilenceNormal: isSilenceNormal)
  }

  /// Options are file names, formats and columns; secrets are not among them.
  fileprivate var record: JSON {
    let settings = options.settings.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }
    return .object([
      "source": .string(id.value), "adapter": .string(kind.name), "options": .object(settings),
      "lag": .string(lag.shorthand), "gap": .string(gap.shorthand), "silence_normal": .bool(isSilenceNormal),
    ])
  }
}

extension AdapterOptions.Setting {
  fileprivate var json: JSON {
    switch self {
    case .text(let text): .string(RecordText.cut(text))
    case .texts(let texts): RecordText.list(texts)
    case .columns(let columns): .object(columns.map { .init($0.name, .string($0.type.description)) })
    }
  }
}
