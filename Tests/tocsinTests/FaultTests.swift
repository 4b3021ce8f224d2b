import Foundation
import Testing

/// The real program, broken off by `strace` at its system calls and taken up again. `make soak-trail` tries all of them,
/// with errors too, in every shipped case.
@Suite struct FaultTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Faults/trail").path

  private static func isThere(_ program: String) -> Bool {
    ["/usr/bin", "/usr/local/bin", "/bin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  @Test(
    .enabled(if: isThere("strace") && isThere("python3"), "strace or Python 3 is missing"),
    .enabled(if: isTraceable, "processes cannot be traced here"),
    arguments: [("web-shell/thumbnails", 23), ("dns-tunnel/tunnel", 29)])
  func `the program that is killed or meets a failing disk decides the same when it is taken up`(
    name: String, step: Int
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", Self.script, "--program", try Program.binary(), "--cases", name, "--step",
      String(step),
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }

  /// Whether one process may trace another; containers may forbid it.
  private static let isTraceable: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["strace", "-qq", "-o", "/dev/null", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
