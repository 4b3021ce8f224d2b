/// How much of a document is read. Reaching a limit is an error that states it; nothing is cut in silence.
package struct YAMLLimits: Sendable, Hashable {
  /// Most bytes of a document; a larger one is not looked at.
  package var bytes: Int
  /// Most collections inside each other; the outermost counts.
  package var depth: Int
  /// Most scalars, collections and comments together.
  package var nodes: Int
  /// Most bytes of one decoded scalar.
  package var scalarBytes: Int
  /// Most findings that are told about one document.
  package var findings: Int
  /// Most values that are mended to go on reading after a syntax error; each costs a new reading of the document.
  package var mends: Int

  package init(
    bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 50_000, scalarBytes: Int = 256 << 10, findings: Int = 100,
    mends: Int = 16
  ) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
    self.scalarBytes = scalarBytes
    self.findings = findings
    self.mends = mends
  }

  package static let standard = YAMLLimits()
}
