import Values

// CEL's functions on the bits of whole numbers.
extension Library {
  static let bitFunctions: [Function] = [
    bits("math.bitAnd", { $0 & $1 }, { $0 & $1 }),
    bits("math.bitOr", { $0 | $1 }, { $0 | $1 }),
    bits("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
    Function(
      "math.bitNot", [Overload([.int], .int), Overload([.uint], .uint)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        switch value {
        case .int(let number): return .int(~number)
        case .uint(let number): return .uint(~number)
        default: throw run.noOverload("math.bitNot", value, at: place)
        }
      }),
    shift("math.bitShiftLeft") { $0 << $1 },
    // Zeros come in from the left, whatever the sign.
    shift("math.bitShiftRight") { $0 >> $1 },
  ]

  private static func bits(
    _ name: String, _ signed: @escaping @Sendable (Int64, Int64) -> Int64,
    _ unsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> Function {
    Function(
      name, [Overload([.int, .int], .int), Overload([.uint, .uint], .uint)],
      .binary { (left, right, run, place) throws(EvaluationFailure) -> Value in
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(signed(left, right))
        case (.uint(let left), .uint(let right)): return .uint(unsigned(left, right))
        default: throw run.noOverload(name, left, right, at: place)
        }
      })
  }

  private static func shift(_ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Function {
    Function(
      name, [Overload([.int, .int], .int), Overload([.uint, .int], .uint)],
      .binary { (value, count, run, place) throws(EvaluationFailure) -> Value in
        guard case .int(let count) = count else { throw run.noOverload(name, value, count, at: place) }
        guard count >= 0 else {
          throw EvaluationFailure(.error, "bits cannot be shifted by \(count) places", at: place)
        }
        switch value {
        case .int(let number): return .int(Int64(bitPattern: body(UInt64(bitPattern: number), count)))
        case .uint(let number): return .uint(body(number, count))
        default: throw run.noOverload(name, value, .int(count), at: place)
        }
      })
  }
}
