import Values

// CEL's library of mathematics, without its bits.
extension Library {
  static let mathFunctions: [Function] = [
    extremeNumber("math.greatest", .greater),
    extremeNumber("math.least", .less),
    ofDouble("math.ceil") { $0.rounded(.up) },
    ofDouble("math.floor") { $0.rounded(.down) },
    ofDouble("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
    ofDouble("math.trunc") { $0.rounded(.towardZero) },
    question("math.isNaN") { $0.isNaN },
    question("math.isInf") { $0.isInfinite },
    question("math.isFinite") { $0.isFinite },
    Function(
      "math.sqrt", [.int, .uint, .double].map { Overload([$0], .double) },
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        switch value {
        case .int(let number): return .double(Double(number).squareRoot())
        case .uint(let number): return .double(Double(number).squareRoot())
        case .double(let number): return .double(number.squareRoot())
        default: throw run.noOverload("math.sqrt", value, at: place)
        }
      }),
    Function(
      "math.abs", numbers,
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        switch value {
        case .int(let number):
          guard number != .min else { throw Arithmetic.overflow("int", at: place) }
          return .int(abs(number))
        case .uint: return value
        case .double(let number): return .double(abs(number))
        default: throw run.noOverload("math.abs", value, at: place)
        }
      }),
    Function(
      "math.sign", numbers,
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        switch value {
        case .int(let number): return .int(number.signum())
        case .uint(let number): return .uint(min(number, 1))
        case .double(let number): return .double(number > 0 ? 1 : number < 0 ? -1 : number)
        default: throw run.noOverload("math.sign", value, at: place)
        }
      }),
  ]

  private static let numbers: [Overload] = [.int, .uint, .double].map { Overload([$0], $0) }

  private static func ofDouble(_ name: String, _ body: @escaping @Sendable (Double) -> Double) -> Function {
    Function(
      name, [Overload([.double], .double)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .double(let number) = value else { throw run.noOverload(name, value, at: place) }
        return .double(body(number))
      })
  }

  private static func question(_ name: String, _ body: @escaping @Sendable (Double) -> Bool) -> Function {
    Function(
      name, [Overload([.double], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .double(let number) = value else { throw run.noOverload(name, value, at: place) }
        return .bool(body(number))
      })
  }

  /// The greatest or the least of several numbers, or of a list of them; the first of those that are equal.
  private static func extremeNumber(_ name: String, _ wanted: Order) -> Function {
    let types: [ValueType] = [.int, .uint, .double]
    let overloads = types.map { Overload.repeated($0, $0) } + types.map { Overload([.list($0)], $0) }
    return Function(
      name, overloads + [.mixedNumbers(.dyn)],
      .many { (values, run, place) throws(EvaluationFailure) -> Value in
        var values = values
        if values.count == 1 {
          if case .partial(let partial) = values[0] { throw partial.failure(at: place) }
          if let elements = Elements(values[0]) { values = elements.values }
          try run.charge(values.count, place)
        }
        guard var best = values.first else { throw EvaluationFailure(.error, "\(name) of no numbers", at: place) }
        for value in values {
          guard let order = numericOrder(value, best) else { throw run.noOverload(name, value, at: place) }
          if order == wanted { best = value }
        }
        return best
      })
  }
}
