import Values

extension Library {
  static let networkFunctions: [Function] = [
    Function("ip", [Overload([.string], .address), Overload([.address], .address)], .unary(toAddress)),
    Function("cidr", [Overload([.string], .network), Overload([.network], .network)], .unary(toNetwork)),
    Function(
      "isIP", [Overload([.string], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload("isIP", value, at: place) }
        return .bool(NetworkAddress(text) != nil)
      }),
    addressTest("isPrivate", privateBlocks),
    addressTest("isLoopback", loopbackBlocks),
    addressTest("isLinkLocal", linkLocalBlocks),
    Function(
      "containsIP", [.member(.network, [.address], .bool), .member(.network, [.string], .bool)],
      .binary { (left, right, run, place) throws(EvaluationFailure) -> Value in
        guard case .network(let box) = left, case .address(let other) = try toAddress(right, &run, place) else {
          throw run.noOverload("containsIP", left, right, at: place)
        }
        return .bool(box.block.contains(other.address))
      }),
    Function(
      "containsCIDR", [.member(.network, [.network], .bool), .member(.network, [.string], .bool)],
      .binary { (left, right, run, place) throws(EvaluationFailure) -> Value in
        guard case .network(let box) = left, case .network(let other) = try toNetwork(right, &run, place) else {
          throw run.noOverload("containsCIDR", left, right, at: place)
        }
        return .bool(box.block.contains(other.block))
      }),
  ]

  /// RFC 1918 and RFC 4193.
  private static let privateBlocks = blocks(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])
  /// RFC 1122, section 3.2.1.3, and RFC 4291, section 2.5.3.
  private static let loopbackBlocks = blocks(["127.0.0.0/8", "::1"])
  /// RFC 3927 and RFC 4291, section 2.5.6.
  private static let linkLocalBlocks = blocks(["169.254.0.0/16", "fe80::/10"])

  private static func blocks(_ texts: [String]) -> [NetworkBlock] { texts.compactMap { NetworkBlock($0) } }

  private static func addressTest(_ name: String, _ blocks: [NetworkBlock]) -> Function {
    Function(
      name, [.member(.address, [], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .address(let box) = value else { throw run.noOverload(name, value, at: place) }
        return .bool(blocks.contains { $0.contains(box.address) })
      })
  }

  @Sendable
  private static func toAddress(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .address: return value
    case .string(let text):
      guard let address = NetworkAddress(text) else {
        throw EvaluationFailure(.error, "'\(text.prefix(80))' is no address", at: place)
      }
      return .address(address)
    default: throw run.noOverload("ip", value, at: place)
    }
  }

  @Sendable
  private static func toNetwork(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .network: return value
    case .string(let text):
      guard text.utf8.contains(UInt8(ascii: "/")), let block = NetworkBlock(text) else {
        throw EvaluationFailure(.error, "'\(text.prefix(80))' is no block of addresses", at: place)
      }
      return .network(block)
    default: throw run.noOverload("cidr", value, at: place)
    }
  }
}
