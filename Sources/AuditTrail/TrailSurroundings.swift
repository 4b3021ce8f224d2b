package import DurableFiles
package import RunbookPorts
internal import Values

/// What a trail's records say about the machine and the program, and what the trail needs from outside.
package struct TrailSurroundings: Sendable {
  /// The program that writes: its version, and the version of the language's meaning that it follows.
  package struct Engine: Hashable, Sendable {
    package let version: String
    package let semantics: String

    package init(version: String, semantics: String) {
      self.version = version
      self.semantics = semantics
    }
  }

  package let node: String
  /// Tells one start of the machine from the next, so that monotonic times can be compared.
  package let bootID: String
  package let engine: Engine
  package let clock: any RunClock
  /// Random bytes that nobody can foretell, as many as asked for.
  package let randomBytes: @Sendable (Int) -> [UInt8]
  package let files: any FileSystem
  /// Signs the log's checkpoints; `nil` leaves them unsigned.
  package let key: SigningKey?
  /// Whether the key signs a log from here on that was written without one: its owner has said so.
  package let adoptsUnsigned: Bool
  /// A file of the log that has as many bytes is followed by another.
  package let segmentLimitBytes: Int
  /// A record is under a checkpoint after this time at the latest; `nil` leaves that to those who ask for one.
  package let checkpointDelay: Duration?
  /// Most bytes of evidence that the trail holds; what comes beyond is not kept, and its record says so. `nil`: no limit.
  package let evidenceLimitBytes: Int?
  /// A record that nobody waits for is written to its file after this time at the latest, with those that have come
  /// meanwhile; `nil`: each at once. A crash of the process in between loses it, as a power cut loses it a little longer.
  package let gatheringDelay: Duration?
  /// Asked before the disk is, each time the log is brought to it; an error number is taken for the disk's answer.
  package let synchronizationFault: (@Sendable () -> Int32?)?

  package init(
    node: String, bootID: String, engine: Engine, clock: any RunClock,
    randomBytes: @escaping @Sendable (Int) -> [UInt8], files: any FileSystem = LinuxFiles(), key: SigningKey? = nil,
    adoptsUnsigned: Bool = false, segmentLimitBytes: Int = 256 << 20, checkpointDelay: Duration? = .seconds(1),
    gatheringDelay: Duration? = nil,
    evidenceLimitBytes: Int? = nil, synchronizationFault: (@Sendable () -> Int32?)? = nil
  ) {
    self.node = node
    self.bootID = bootID
    self.engine = engine
    self.clock = clock
    self.randomBytes = randomBytes
    self.files = files
    self.key = key
    self.adoptsUnsigned = adoptsUnsigned
    self.segmentLimitBytes = segmentLimitBytes
    self.checkpointDelay = checkpointDelay
    self.evidenceLimitBytes = evidenceLimitBytes
    self.gatheringDelay = gatheringDelay
    self.synchronizationFault = synchronizationFault
  }

  /// The end of a name that no other process uses.
  var temporarySuffix: String { Hexadecimal.text(of: randomBytes(8)) + ".tmp" }

  /// Short beside what a query takes, long beside what a write does.
  package static let usualGatheringDelay = Duration.milliseconds(5)

  /// This machine's, as Linux tells it. What it does not tell is `unknown`.
  package static func live(engine: Engine, clock: any RunClock) -> TrailSurroundings {
    TrailSurroundings(
      node: firstLine(of: "/proc/sys/kernel/hostname"), bootID: firstLine(of: "/proc/sys/kernel/random/boot_id"),
      engine: engine, clock: clock, randomBytes: Self.systemRandomBytes, gatheringDelay: usualGatheringDelay)
  }

  private static func firstLine(of path: String) -> String {
    guard let bytes = try? OpenFile(path, for: .reading).read(at: 0, count: 256),
      let line = String(validating: bytes.prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self), !line.isEmpty
    else { return "unknown" }
    return line
  }

  private static func systemRandomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return stride(from: 0, to: count, by: 8).flatMap { start in
      let bytes = generator.next()
      return (0..<min(8, count - start)).map { UInt8(truncatingIfNeeded: bytes >> (UInt64($0) * 8)) }
    }
  }
}
