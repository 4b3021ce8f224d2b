import Foundation
import Values

// CEL's library of encodings.
extension Library {
  static let encoders: [Function] = [
    Function(
      "base64.encode", [Overload([.bytes], .string)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .bytes(let bytes) = value else { throw run.noOverload("base64.encode", value, at: place) }
        try run.create(text: (bytes.count + 2) / 3 * 4, place)
        return .string(Data(bytes).base64EncodedString())
      }),
    Function(
      "base64.decode", [Overload([.string], .bytes)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload("base64.decode", value, at: place) }
        try run.create(text: text.utf8.count, place)
        let isPadded = text.utf8.count % 4 == 0
        let padding = isPadded ? "" : String(repeating: "=", count: 4 - text.utf8.count % 4)
        guard let data = Data(base64Encoded: text + padding) else {
          throw EvaluationFailure(.error, "'\(text.prefix(80))' is not base64", at: place)
        }
        return .bytes(Array(data))
      }),
  ]
}
