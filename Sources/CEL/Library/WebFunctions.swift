import Values

// Tocsin's additions to CEL: addresses of the web, paths and user agents, which runbooks would otherwise take apart with
// patterns.
//
//     parseUrl("https://shop.example:8443/a.php?id=1").host      its parts; fields that it does not have have no value
//     splitPath("/srv/up/cat.PHP").extension                     directory, name, stem, extension, parts
//     normalPath("/up/%252e%252e/etc/passwd")                    the path that a server would open
//     normalAgent("curl/8.4.0")                                  without versions
extension Library {
  static let webFunctions: [Function] = [
    Function(
      "parseUrl", [Overload([.string], .record(urlType))],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        let text = try text(value, "parseUrl", &run, place)
        let url: URLText
        do throws(URLText.Mistake) {
          url = try URLText(text)
        } catch {
          throw EvaluationFailure(.error, "'\(text.prefix(80))' is no URL: \(error.reason)", at: place)
        }
        return try record(of: url, &run, place)
      }),
    Function(
      "splitPath", [Overload([.string], .record(pathType))],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        let path = PathText(try text(value, "splitPath", &run, place))
        try run.charge(path.parts.count, place)
        try run.create(elements: path.parts.count + pathType.fields.count, place)
        let (stem, ending) = path.nameParts
        return .record(
          Record(
            pathType,
            [
              .string(path.directory), .string(path.name), .string(stem), .string(ending),
              .list(path.parts.map { .string($0) }),
            ]))
      }),
    normal("normalPath", PathText.normal), normal("normalAgent", AgentText.normal),
  ]

  /// Records that functions make, by the functions' names.
  static let recordTypes: [String: RecordType] = ["parseUrl": urlType, "splitPath": pathType]

  private static let urlType = RecordType(
    "url",
    [
      .init("scheme", .string), .init("user", .string), .init("host", .string), .init("port", .int),
      .init("path", .string), .init("query", .string), .init("parameters", .map(.string, .list(.string))),
      .init("fragment", .string),
    ])
  private static let pathType = RecordType(
    "path",
    [
      .init("directory", .string), .init("name", .string), .init("stem", .string), .init("extension", .string),
      .init("parts", .list(.string)),
    ])

  private static func normal(_ name: String, _ body: @escaping @Sendable (String) -> String) -> Function {
    Function(
      name, [Overload([.string], .string)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        .string(body(try text(value, name, &run, place)))
      })
  }

  /// The text that a function takes apart, once it is paid for.
  private static func text(
    _ value: Value, _ name: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> String {
    guard case .string(let text) = value else { throw run.noOverload(name, value, at: place) }
    try run.create(text: text.utf8.count, place)
    return text
  }

  private static func record(
    of url: URLText, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    let parameters = url.parameters
    let count = parameters.reduce(parameters.count) { $0 + $1.values.count }
    try run.charge(count, place)
    try run.create(elements: count + urlType.fields.count, place)
    let map = ValueMap(parameters.map { (.string($0.name), .list($0.values.map { .string($0) })) })
    return .record(
      Record(
        urlType,
        [
          url.scheme.map { .string($0) }, url.user.map { .string($0) }, url.host.map { .string($0) },
          url.port.map { .int($0) }, .string(url.path), url.query.map { .string($0) }, .map(map ?? .empty),
          url.fragment.map { .string($0) },
        ]))
  }
}
