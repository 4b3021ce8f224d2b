// libFuzzer calls this with documents that it makes up. `Tests/RunbookLanguageTests/DocumentProbe.swift` is compiled
// with it.

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let document = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let problem = DocumentProbe.problem(of: document) {
    fatalError("\(problem)\nof: \(String(decoding: document, as: UTF8.self))")
  }
  return 0
}
