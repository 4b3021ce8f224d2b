import DurableFiles
import Foundation
import Testing

@Suite final class DurableFilesTests {
  private let folder = "\(NSTemporaryDirectory())file-tests-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func `a lock excludes another opening of the same file until it is given back`() throws {
    let first = try OpenFile("\(folder)/f", for: .appending)
    let second = try OpenFile("\(folder)/f", for: .appending)
    try first.lock(waitingAtMost: .zero)
    let error = #expect(throws: FileProblem.self) { try second.lock(waitingAtMost: .milliseconds(1)) }
    #expect(error?.message == "cannot lock '\(folder)/f': another process holds its lock")
    first.unlock()
    try second.lock(waitingAtMost: .zero)
  }

  @Test func `a whole file replaces another and leaves nothing beside it`() throws {
    for text in ["one", "the second"] { try WholeFile.write(Array(text.utf8), to: "\(folder)/f") }
    #expect(try WholeFile.read("\(folder)/f", limitBytes: 10) == Array("the second".utf8))
    #expect(throws: FileProblem.self) { try WholeFile.read("\(folder)/f", limitBytes: 9) }
    #expect(throws: FileProblem.self) { try WholeFile.write([1], to: folder) }
    #expect(try Folder.names(in: folder) == ["f"])
  }

  @Test func `what is asked for goes to the file that a link leads to`() throws {
    try WholeFile.write([1], to: "\(folder)/f", mode: 0o640)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "f")
    try WholeFile.deliver([2, 3], to: "\(folder)/link")
    #expect(try WholeFile.read("\(folder)/f", limitBytes: 9) == [2, 3])
    #expect(try OpenFile("\(folder)/f", for: .reading).permissions() == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "f")
    try WholeFile.deliver([4], to: "\(folder)/new")
    #expect(try WholeFile.read("\(folder)/new", limitBytes: 9) == [4])
    let error = #expect(throws: FileProblem.self) { try WholeFile.deliver([1], to: folder) }
    #expect(error?.message == "cannot write to '\(folder)': it is a folder")
    #expect(try Folder.names(in: folder) == ["f", "link", "new"])
  }

  @Test func `what is no file is written to and stays what it is`() throws {
    let pipe = "\(folder)/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    // A reader, so that opening the pipe for writing waits for nobody.
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try WholeFile.deliver(Array("told".utf8), to: pipe)
    var told = [UInt8](repeating: 0, count: 9)
    #expect(read(reader, &told, told.count) == 4)
    #expect(Array(told.prefix(4)) == Array("told".utf8))
    var state = stat()
    #expect(stat(pipe, &state) == 0 && state.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func `a file is read in parts up to its end`() throws {
    let file = try OpenFile("\(folder)/f", for: .appending)
    try file.write(Array("abc".utf8))
    try file.write(Array("def".utf8))
    #expect(try file.read(at: 2, count: 3) == Array("cde".utf8))
    #expect(try file.read(at: 4, count: 100) == Array("ef".utf8))
    #expect(try file.read(at: 6, count: 1).isEmpty)
    try file.truncate(to: 1)
    try file.write(Array("z".utf8))
    #expect(try file.read(at: 0, count: 9) == Array("az".utf8))
    #expect(throws: FileProblem.self) { try OpenFile("\(folder)/f", for: .reading).write([1]) }
  }

  @Test func `an open file knows whether its name is still its own`() throws {
    let file = try OpenFile("\(folder)/f", for: .appending)
    #expect(Folder.isSame(file, as: "\(folder)/f"))
    try Folder.rename("\(folder)/f", to: "\(folder)/g")
    #expect(!Folder.isSame(file, as: "\(folder)/f"))
    #expect(try file.extent().isLinked)
    try Folder.remove("\(folder)/g")
    #expect(try !file.extent().isLinked)
  }

  @Test(arguments: ["/dev/zero", "/", "/proc/self/nothing", "/dev/null"])
  func `what is no plain file is not opened`(path: String) {
    #expect(throws: FileProblem.self) { try OpenFile(path, for: .appending) }
  }

  @Test(arguments: [
    ("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b/", "a"), ("/", nil), ("", nil), ("//", nil),
  ])
  func `a path lies in a folder`(path: String, parent: String?) { #expect(Folder.parent(of: path) == parent) }

  @Test func `where no folder can be made, that is said`() {
    #expect(throws: FileProblem.self) { try Folder.make("/proc/nothing/can/be/made") }
  }

  @Test func `folders are made with those they lie in`() throws {
    try Folder.make("\(folder)/a/b/c")
    try Folder.make("\(folder)/a/b/c/")
    #expect(try Folder.names(in: "\(folder)/a/b") == ["c"])
    try WholeFile.write([], to: "\(folder)/f")
    #expect(throws: FileProblem.self) { try Folder.make("\(folder)/f") }
    #expect(throws: FileProblem.self) { try Folder.make("\(folder)/f/x/y") }
  }
}
