import Values

/// A function of the library: what the checker knows of it, and what it does.
struct Function: Sendable {
  let name: String
  let overloads: [Overload]
  let implementation: Implementation

  init(_ name: String, _ overloads: [Overload], _ implementation: Implementation) {
    self.name = name
    self.overloads = overloads
    self.implementation = implementation
  }

  /// Whether some form of it has so many arguments.
  func takes(_ arguments: Int, isMember: Bool) -> Bool {
    overloads.contains { $0.isMember == isMember && $0.takes(arguments) }
  }
}

/// One form of a function. The receiver of a member function is its first parameter.
struct Overload: Sendable {
  let parameters: [ValueType]
  let result: ValueType
  let isMember: Bool
  let isGeneric: Bool
  /// Whether there may be more arguments, of the last one's type.
  private(set) var repeats = false
  /// Whether each argument may be of any of the numbers' types.
  private(set) var isMixed = false

  init(_ parameters: [ValueType], _ result: ValueType, isMember: Bool = false) {
    self.parameters = parameters
    self.result = result
    self.isMember = isMember
    isGeneric = ([result] + parameters).contains(where: Inference.mentionsParameter)
  }

  static func member(_ receiver: ValueType, _ parameters: [ValueType] = [], _ result: ValueType) -> Overload {
    Overload([receiver] + parameters, result, isMember: true)
  }

  /// Any number of arguments of one type, at least one.
  static func repeated(_ type: ValueType, _ result: ValueType) -> Overload {
    var overload = Overload([type], result)
    overload.repeats = true
    return overload
  }

  /// Any number of numbers, at least one.
  static func mixedNumbers(_ result: ValueType) -> Overload {
    var overload = repeated(.dyn, result)
    overload.isMixed = true
    return overload
  }

  func takes(_ arguments: Int) -> Bool {
    arguments == parameters.count || repeats && arguments > parameters.count
  }

  func description(of name: String) -> String { Self.text(of: name, parameters, isMember: isMember) }

  static func text(of name: String, _ types: [ValueType], isMember: Bool) -> String {
    let texts = types.map { Inference.readable($0).description }
    guard isMember, let receiver = texts.first else { return "\(name)(\(texts.joined(separator: ", ")))" }
    return "\(receiver).\(name)(\(texts.dropFirst().joined(separator: ", ")))"
  }
}

/// What a function does with values. Each implementation tells the types apart itself, because the checker may know
/// nothing of them; what it does not work on is answered by `Run.noOverload`.
enum Implementation: Sendable {
  typealias Unary = @Sendable (Value, inout Run, Place) throws(EvaluationFailure) -> Value
  typealias Binary = @Sendable (Value, Value, inout Run, Place) throws(EvaluationFailure) -> Value
  typealias Many = @Sendable ([Value], inout Run, Place) throws(EvaluationFailure) -> Value

  /// Known to the checker only.
  case undefined
  case unary(Unary)
  case binary(Binary)
  /// One value, where the result's type decides what it is of nothing.
  case unaryByResult(@Sendable (ValueType) -> Unary)
  /// No value: always the same result.
  case none(Value)
  /// As many values as a form of the function has.
  case many(Many)
  /// An optional, and what stands in for it when it is none; that is evaluated only then.
  case fallback(unwraps: Bool)
  /// One value, and perhaps a second.
  case unaryOrBinary(Unary, Binary)
}

/// CEL's standard library and Tocsin's additions, by name.
enum Library {
  static let functions: [String: Function] = {
    let all =
      sizeFunctions + textFunctions + conversions + instantFunctions + networkFunctions + aggregates + mathFunctions
      + bitFunctions + rankings + stringSearch + stringEditing + formatting + encoders + optionalFunctions
      + webFunctions
    return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }()

  /// What stands before the dot in names such as `math.abs`.
  static let namespaces: Set<String> = Set(
    functions.keys.compactMap { name in name.firstIndex(of: ".").map { String(name[..<$0]) } } + ["cel", "net"])

  /// In alphabetical order.
  static let functionNames: [String] = functions.keys.sorted()

  /// Values of types by the names that expressions write.
  static let typeNames: [String: ValueType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null, "type": .type(.dyn),
    "optional_type": .optional(.dyn), "net.IP": .address, "net.CIDR": .network,
    "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
  ]
}
