import Values

/// The year of times that name none: that of the deployment where a file begins, and the next from where the times jump
/// back by about a year. A single line that was put into another year goes back to its own.
struct YearTurn {
  /// What lies farther off than this is no disorder.
  private static let jump = Duration.seconds(300 * 86_400)

  private var file = -1
  private var last: Timestamp?
  /// How many years after the deployment's the latest time lies.
  private(set) var years = 0

  /// - Parameters:
  ///   - time: As it is read in the deployment's year; `nil` where that has no such day.
  ///   - file: The number of the file.
  ///   - later: Reads it in a year so many later; gives the same for a time that names its year.
  mutating func time(_ time: Timestamp?, inFile file: Int, _ later: (Int) -> Timestamp?) -> Timestamp? {
    if file != self.file { self = YearTurn(file: file) }
    guard var found = years == 0 ? time : later(years) else { return nil }
    if let last {
      if last.since(found) > Self.jump, let next = later(years + 1), next > found {
        (found, years) = (next, years + 1)
      } else if years > 0, found.since(last) > Self.jump, let before = later(years - 1), before < found {
        (found, years) = (before, years - 1)
      }
    }
    last = found
    return found
  }

  init() {}

  private init(file: Int) { self.file = file }
}
