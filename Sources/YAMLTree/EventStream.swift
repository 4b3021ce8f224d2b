import CLibYAML

/// One event of libyaml's parser; places are byte offsets into the document.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case scalar(text: String, style: YAMLScalar.Style)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    case alias
  }

  let kind: Kind
  let start: Int
  let end: Int
  /// Whether an anchor (`&name`) stands before the value.
  var hasAnchor = false
  /// Whether a tag (`!name`) stands before the value.
  var hasTag = false

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
    var hasAnchor = false
    var hasTag = false
    let kind: YAMLEvent.Kind
    switch raw.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      kind = .scalar(text: text, style: Self.style(scalar.style))
      (hasAnchor, hasTag) = (scalar.anchor != nil, scalar.tag != nil)
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      (hasAnchor, hasTag) = (raw.data.sequence_start.anchor != nil, raw.data.sequence_start.tag != nil)
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      (hasAnchor, hasTag) = (raw.data.mapping_start.anchor != nil, raw.data.mapping_start.tag != nil)
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd
    }
    return YAMLEvent(
      kind: kind, start: source.offset(ofCodePoint: raw.start_mark.index),
      end: source.offset(ofCodePoint: raw.end_mark.index), hasAnchor: hasAnchor, hasTag: hasTag)
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
