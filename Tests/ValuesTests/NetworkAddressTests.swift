import Testing

import Values

@Suite struct NetworkAddressTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("::", "::"), ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("::ffff:192.0.2.1", "192.0.2.1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("fe80::", "fe80::"),
    ("2001:db8::1.2.3.4", "2001:db8::102:304"), ("1:0:0:2::", "1:0:0:2::"),
  ])
  func `addresses are read and written in one form`(text: String, written: String) {
    #expect(NetworkAddress(text)?.description == written)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "12345::",
    "1:2:3:4:5:6:7:8:9", "::1%eth0", "1:", "1:2:3:4:5:6:7::8", "g::",
  ])
  func `what is no address is refused`(text: String) {
    #expect(NetworkAddress(text) == nil)
  }

  @Test func `a block holds its own`() throws {
    let block = try #require(NetworkBlock("127.45.16.9/20"))
    #expect(block.description == "127.45.16.0/20")
    #expect(block.contains(try #require(NetworkAddress("127.45.31.255"))))
    #expect(!block.contains(try #require(NetworkAddress("127.45.32.0"))))
    #expect(!block.contains(try #require(NetworkAddress("::1"))))
    #expect(NetworkBlock("10.0.0.0/33") == nil)
    #expect(try #require(NetworkBlock("0.0.0.0/0")).contains(try #require(NetworkAddress("8.8.8.8"))))
    #expect(try #require(NetworkBlock("2001:db8::/32")).contains(try #require(NetworkAddress("2001:db8:ffff::1"))))
  }
}
