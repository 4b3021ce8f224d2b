import Foundation
import Testing

/// The program as it was built beside the tests, run as a process.
struct Program {
  struct Ending {
    let code: Int32
    let output: String
    let error: String
  }

  enum Trouble: Error { case notBuilt(String) }

  /// A folder of its own for each test.
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "tocsin-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  func run(_ arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> Ending {
    let process = try start(arguments, input: input, environment: environment)
    return try process.finish()
  }

  func start(_ arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> Started {
    try Started(Self.binary(), arguments, folder: folder, input: input, environment: environment)
  }

  /// A line that a shell runs, which finds the program by its name.
  func shell(_ line: String) throws -> Ending {
    let folder = URL(fileURLWithPath: try Self.binary()).deletingLastPathComponent().path
    return try Started(
      "/bin/sh", ["-c", line], folder: self.folder, input: nil, environment: ["PATH": "\(folder):/usr/bin:/bin"]
    ).finish()
  }

  static func binary() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = [tests, ProcessInfo.processInfo.arguments[0]] + ProcessInfo.processInfo.arguments
    let folders = candidates.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    guard let binary = folders.map({ "\($0)/tocsin" }).first(where: FileManager.default.isExecutableFile) else {
      throw Trouble.notBuilt(folders.joined(separator: ", "))
    }
    return binary
  }

  /// A process that is on its way; its output goes to files, so that it never waits for us.
  struct Started {
    let process = Process()
    private let output: String
    private let error: String

    init(
      _ binary: String, _ arguments: [String], folder: String, input: String?, environment: [String: String]
    ) throws {
      let id = UUID().uuidString
      output = "\(folder)/\(id).out"
      error = "\(folder)/\(id).err"
      for file in [output, error] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
      process.executableURL = URL(fileURLWithPath: binary)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { _, new in new }
      process.standardOutput = FileHandle(forWritingAtPath: output)
      process.standardError = FileHandle(forWritingAtPath: error)
      if let input {
        let path = "\(folder)/\(id).in"
        try input.write(toFile: path, atomically: false, encoding: .utf8)
        process.standardInput = FileHandle(forReadingAtPath: path)
      } else {
        process.standardInput = FileHandle.nullDevice
      }
      try process.run()
    }

    func finish() throws -> Ending {
      process.waitUntilExit()
      return Ending(
        code: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
        error: String(decoding: try Data(contentsOf: URL(fileURLWithPath: error)), as: UTF8.self))
    }
  }
}
