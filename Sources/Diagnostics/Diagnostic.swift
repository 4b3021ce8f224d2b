/// Something to tell the author of a document: what is wrong, where, and what would be right.
///
/// A diagnostic is a value. Whoever finds trouble in a document returns it and goes on; rendering comes later and
/// elsewhere.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable, Comparable, CaseIterable {
    /// The document cannot be used.
    case error
    /// The document can be used, and probably does not mean what its author thinks.
    case warning
    /// Worth knowing; nothing needs to change.
    case note

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
  }

  /// A stable name for one kind of finding. The `id` never changes its meaning; the `slug` is for reading.
  public struct Code: Hashable, Sendable {
    public let id: String
    public let slug: String

    public init(_ id: String, _ slug: String) {
      self.id = id
      self.slug = slug
    }
  }

  /// A further place that explains the finding, such as the first of two declarations.
  public struct Note: Sendable {
    public let message: String
    public let location: SourceLocation?

    public init(_ message: String, at location: SourceLocation? = nil) {
      self.message = message
      self.location = location
    }
  }

  /// A mend: replace the range by the text.
  public struct FixIt: Sendable {
    public let message: String
    public let range: SourceRange
    public let replacement: String
    /// Whether it leaves no doubt: the text then says what it was taken for already. A guess, such as a name that is
    /// written alike, is not safe.
    public let isSafe: Bool

    public init(_ message: String, replace range: SourceRange, by replacement: String, isSafe: Bool = false) {
      self.message = message
      self.range = range
      self.replacement = replacement
      self.isSafe = isSafe
    }
  }

  public let code: Code
  public let severity: Severity
  /// One sentence without a full stop: the thing, then what would be right. What looks like a secret is concealed in it.
  public let message: String
  /// Where it is; `nil` for a finding about the whole run of the tool, such as a file that cannot be read.
  public let location: SourceLocation?
  public var notes: [Note]
  public var fixIts: [FixIt]

  public init(
    _ code: Code, _ severity: Severity, _ message: String, at location: SourceLocation?, notes: [Note] = [],
    fixIts: [FixIt] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = SecretShape.concealed(message)
    self.location = location
    self.notes = notes
    self.fixIts = fixIts
  }

  /// The order in which people read findings: by file, then place, then code.
  public static func readingOrder(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
    let leftKey = (left.location?.source.name ?? "", left.location?.range.start ?? -1, left.code.id, left.message)
    let rightKey = (right.location?.source.name ?? "", right.location?.range.start ?? -1, right.code.id, right.message)
    return leftKey < rightKey
  }
}
