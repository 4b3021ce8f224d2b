import GRDB

/// Functions that runbooks can use in SQL beside SQLite's own.
enum PathFunctions {
  static var all: [DatabaseFunction] { [folder, name] }

  /// `dirname('/srv/shop/app.js')` is `/srv/shop`, `dirname('/srv')` is `/`, `dirname('app.js')` is `.`.
  private static var folder: DatabaseFunction {
    DatabaseFunction("dirname", argumentCount: 1, pure: true) { values in
      guard let path = String.fromDatabaseValue(values[0]) else { return nil }
      let trimmed = withoutTrailingSlashes(path.utf8[...])
      guard !trimmed.isEmpty else { return path.isEmpty ? "." : "/" }
      guard let slash = trimmed.lastIndex(of: UInt8(ascii: "/")) else { return "." }
      let folder = withoutTrailingSlashes(trimmed[..<slash])
      return folder.isEmpty ? "/" : String(folder)
    }
  }

  /// `basename('/srv/shop/app.js')` is `app.js`, `basename('/')` is `/`.
  private static var name: DatabaseFunction {
    DatabaseFunction("basename", argumentCount: 1, pure: true) { values in
      guard let path = String.fromDatabaseValue(values[0]) else { return nil }
      let trimmed = withoutTrailingSlashes(path.utf8[...])
      if trimmed.isEmpty { return path.isEmpty ? "" : "/" }
      let start = trimmed.lastIndex(of: UInt8(ascii: "/")).map(trimmed.index(after:)) ?? trimmed.startIndex
      return String(trimmed[start...])
    }
  }

  private static func withoutTrailingSlashes(_ path: Substring.UTF8View) -> Substring.UTF8View {
    var path = path
    while path.last == UInt8(ascii: "/") { path.removeLast() }
    return path
  }
}
