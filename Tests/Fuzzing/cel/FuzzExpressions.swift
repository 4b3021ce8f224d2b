// libFuzzer calls this with texts that it makes up. `Tests/CELTests/ExpressionProbe.swift` is compiled with it.

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let source = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  if let problem = ExpressionProbe.problem(of: source) { fatalError("\(problem)\nof: \(source)") }
  return 0
}
