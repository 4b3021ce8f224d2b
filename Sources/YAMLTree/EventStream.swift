import CLibYAML

/// One event of libyaml's parser; places are byte offsets into the document.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd
    /// Explicit: written as `---` and `...`.
    case documentStart(isExplicit: Bool), documentEnd(isExplicit: Bool)
    case scalar(text: String, style: YAMLScalar.Style)
    /// Flow: written in brackets. A pair in a sequence in brackets is such a mapping, of no length.
    case sequenceStart(isFlow: Bool), mappingStart(isFlow: Bool)
    case sequenceEnd, mappingEnd
    case alias(String)
  }

  let kind: Kind
  let start: Int
  let end: Int
  /// The name of the anchor (`&name`) before the value.
  var anchor: String?
  /// The tag (`!name`) before the value, its handle resolved: `tag:yaml.org,2002:str` for `!!str`.
  var tag: String?

  /// Whether it ends a collection.
  var isEnd: Bool {
    switch kind {
    case .sequenceEnd, .mappingEnd: true
    default: false
    }
  }
}

/// Why libyaml cannot read on.
struct YAMLSyntaxError: Error {
  /// libyaml's own words; what we say is chosen by them, and they are never shown alone.
  let problem: String
  let context: String
  let problemOffset: Int
  /// Where that began which libyaml was in the middle of.
  let contextOffset: Int?
}

/// libyaml's event parser over bytes in memory. Nothing else touches the C library.
struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let source: ScreenedSource

  /// Gives the events of a document to `body`, which may stop asking at any time.
  static func reading<Result>(_ source: ScreenedSource, _ body: (borrowing EventStream) -> Result) -> Result {
    source.bytes.withUnsafeBufferPointer { buffer in
      let stream = EventStream(source, reading: UnsafeBufferPointer(rebasing: buffer[source.contentStart...]))
      return body(stream)
    }
  }

  /// - Parameter input: Must outlive the stream.
  private init(_ source: ScreenedSource, reading input: UnsafeBufferPointer<UInt8>) {
    self.source = source
    parser = .allocate(capacity: 1)
    // Fails only without memory, and `next` then reports the error that the zeroed structure cannot hold.
    if yaml_parser_initialize(parser) == 1 {
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event; after the last (`streamEnd`) or an error it must not be called again.
  func next() -> Result<YAMLEvent, YAMLSyntaxError> {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { return .failure(syntaxError()) }
    defer { yaml_event_delete(&raw) }
    return .success(event(from: raw))
  }

  private func event(from raw: yaml_event_t) -> YAMLEvent {
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    let kind: YAMLEvent.Kind
    switch raw.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart(isExplicit: raw.data.document_start.implicit == 0)
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd(isExplicit: raw.data.document_end.implicit == 0)
    case YAML_ALIAS_EVENT: kind = .alias(Self.text(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      kind = .scalar(text: text, style: Self.style(scalar.style))
      (anchor, tag) = (scalar.anchor, scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = raw.data.sequence_start
      kind = .sequenceStart(isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
      (anchor, tag) = (start.anchor, start.tag)
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = raw.data.mapping_start
      kind = .mappingStart(isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
      (anchor, tag) = (start.anchor, start.tag)
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd
    }
    return YAMLEvent(
      kind: kind, start: source.offset(ofCodePoint: raw.start_mark.index),
      end: source.offset(ofCodePoint: raw.end_mark.index), anchor: Self.text(anchor), tag: Self.text(tag))
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  private func syntaxError() -> YAMLSyntaxError {
    let state = parser.pointee
    let hasContext = state.context != nil
    let isReader = state.error == YAML_READER_ERROR
    return YAMLSyntaxError(
      problem: state.problem.map { String(cString: $0) } ?? "out of memory",
      context: state.context.map { String(cString: $0) } ?? "",
      problemOffset: isReader
        ? min(source.contentStart + state.problem_offset, source.bytes.count)
        : source.offset(ofCodePoint: state.problem_mark.index),
      contextOffset: hasContext ? source.offset(ofCodePoint: state.context_mark.index) : nil)
  }
}
