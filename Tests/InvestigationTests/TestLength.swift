import Foundation

/// How much of what is tried at random or exhaustively: the short part always, all of it where `TOCSIN_LONG_TESTS` is
/// set.
enum TestLength {
  static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] != nil

  static func count(_ short: Int, long: Int) -> Int { isLong ? long : short }
}
