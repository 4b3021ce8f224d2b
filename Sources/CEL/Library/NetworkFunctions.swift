import Values

extension Library {
  static let networkFunctions: [Function] = [
    Function(
      "ip", [Overload([.string], .address), Overload([.address], .address), .member(.network, [], .address)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        if case .network(let box) = value { return .address(box.block.address) }
        return try toAddress(value, &run, place)
      }),
    Function("cidr", [Overload([.string], .network), Overload([.network], .network)], .unary(toNetwork)),
    Function(
      "isIP", [Overload([.string], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload("isIP", value, at: place) }
        return .bool(address(text) != nil)
      }),
    Function(
      "isCIDR", [Overload([.string], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload("isCIDR", value, at: place) }
        return .bool(block(text) != nil)
      }),
    Function(
      "ip.isCanonical", [Overload([.string], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value, case .address(let box) = try toAddress(value, &run, place) else {
          throw run.noOverload("ip.isCanonical", value, at: place)
        }
        return .bool(ExactString(box.address.description) == ExactString(text))
      }),
    Function(
      "family", [.member(.address, [], .int)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .address(let box) = value else { throw run.noOverload("family", value, at: place) }
        return .int(box.address.isIPv6 ? 6 : 4)
      }),
    Function(
      "prefixLength", [.member(.network, [], .int)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .network(let box) = value else { throw run.noOverload("prefixLength", value, at: place) }
        return .int(Int64(box.block.prefixLength))
      }),
    // A block never has bits behind its prefix, so it is masked already.
    Function(
      "masked", [.member(.network, [], .network)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .network = value else { throw run.noOverload("masked", value, at: place) }
        return value
      }),
    addressTest("isPrivate", privateBlocks),
    addressTest("isLoopback", loopbackBlocks),
    addressTest("isLinkLocal", linkLocalBlocks),
    addressTest("isLinkLocalUnicast", linkLocalBlocks),
    addressTest("isLinkLocalMulticast", linkLocalMulticastBlocks),
    addressTest("isUnspecified", unspecifiedBlocks),
    addressTest(
      "isGlobalUnicast", unspecifiedBlocks + loopbackBlocks + linkLocalBlocks + multicastBlocks, answer: false),
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

  /// RFC 5771 and RFC 4291, section 2.7.
  private static let linkLocalMulticastBlocks = blocks(["224.0.0.0/24", "ff02::/16"])
  /// The same, and the broadcast address of RFC 919.
  private static let multicastBlocks = blocks(["224.0.0.0/4", "ff00::/8", "255.255.255.255"])
  /// RFC 1122, section 3.2.1.3, and RFC 4291, section 2.5.2.
  private static let unspecifiedBlocks = blocks(["0.0.0.0", "::"])

  private static func blocks(_ texts: [String]) -> [NetworkBlock] { texts.compactMap { NetworkBlock($0) } }

  /// An address as CEL writes it: one of IPv4 is not written in IPv6's way.
  private static func address(_ text: String) -> NetworkAddress? {
    text.utf8.contains(UInt8(ascii: ":")) && text.utf8.contains(UInt8(ascii: ".")) ? nil : NetworkAddress(text)
  }

  private static func block(_ text: String) -> NetworkBlock? {
    guard let slash = text.firstIndex(of: "/"), address(String(text[..<slash])) != nil else { return nil }
    return NetworkBlock(text)
  }

  /// - Parameter answer: What holds for addresses in the blocks.
  private static func addressTest(_ name: String, _ blocks: [NetworkBlock], answer: Bool = true) -> Function {
    Function(
      name, [.member(.address, [], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .address(let box) = value else { throw run.noOverload(name, value, at: place) }
        return .bool(blocks.contains { $0.contains(box.address) } == answer)
      })
  }

  @Sendable
  private static func toAddress(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .address: return value
    case .string(let text):
      guard let address = address(text) else {
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
      guard let block = block(text) else {
        throw EvaluationFailure(.error, "'\(text.prefix(80))' is no block of addresses", at: place)
      }
      return .network(block)
    default: throw run.noOverload("cidr", value, at: place)
    }
  }
}
