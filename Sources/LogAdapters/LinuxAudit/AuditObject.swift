/// What an event did to one file: a row of the main table.
struct AuditObject {
  private let kind: AuditAction
  /// The file, or `nil` for an event without one.
  var item: AuditPath?
  /// What a file was before it was renamed; what a link points to.
  private var old: AuditPath?

  init(action: AuditAction, item: AuditPath? = nil, old: AuditPath? = nil) {
    kind = action
    self.item = item
    self.old = old
  }

  func action(in event: AuditEvent) -> AuditAction {
    kind == .other ? Self.opening(event, item) ?? kind : kind
  }

  func path(in event: AuditEvent) -> String? { item.flatMap(event.resolved) }

  /// Where a renamed file was before; what a link points to.
  func oldPath(in event: AuditEvent) -> String? {
    event.syscallName?.hasPrefix("symlink") == true ? old?.name : old.flatMap(event.resolved)
  }

  /// The objects of an event; at least one, so that no event is without a row.
  static func objects(of event: AuditEvent) -> [AuditObject] {
    guard let name = event.syscallName else {
      let action = AuditAction.other
      let objects = event.paths.filter { !$0.isParent }.map { AuditObject(action: action, item: $0) }
      return objects.isEmpty ? [AuditObject(action: action)] : objects
    }
    let action = AuditAction(syscall: name)
    let targets = event.paths.count == 1 && !event.paths[0].isParent ? event.paths : event.paths.filter { !$0.isParent }
    switch action {
    case .exec:
      // The first item is the program or script; its interpreter and the loader follow.
      return [AuditObject(action: .exec, item: targets.first)]
    case .rename, .link:
      return [pair(action, targets, event)]
    default:
      // Of a call that failed before it found the file only the folder is known.
      let items = targets.isEmpty ? Array(event.paths.prefix(1)) : targets
      return items.isEmpty ? [AuditObject(action: action)] : items.map { AuditObject(action: action, item: $0) }
    }
  }

  /// A file's new name with its old one. A rename over another file deletes that one too: the old name is the one that
  /// has the new one's inode.
  private static func pair(_ action: AuditAction, _ targets: [AuditPath], _ event: AuditEvent) -> AuditObject {
    // Of a call that failed the new name is not known, only its folder.
    guard let new = targets.last(where: { $0.nameType == "CREATE" }) ?? event.paths.last(where: \.isParent) else {
      return AuditObject(action: action, item: targets.first)
    }
    let others = targets.filter { $0.item != new.item }
    let old = others.first { $0.nameType == "DELETE" && $0.inode == new.inode } ?? others.first
    return AuditObject(action: action, item: new, old: old)
  }

  private static func opening(_ event: AuditEvent, _ item: AuditPath?) -> AuditAction? {
    guard let syscall = event.syscall else { return nil }
    let flags: UInt64
    switch event.syscallName {
    case "open": flags = syscall.hexadecimal("a1") ?? 0
    case "openat": flags = syscall.hexadecimal("a2") ?? 0
    // The flags of `openat2` are in memory; its OPENAT2 record has them in octal.
    case "openat2": flags = event.first(.openat2)?.text("oflag").flatMap { UInt64($0, radix: 8) } ?? 0
    default: return nil
    }
    // A call that failed created nothing, but would have.
    let isNew = item?.nameType == "CREATE" || item?.isParent != false && flags & 0o100 != 0
    return AuditAction(openFlags: flags, isNew: isNew, isFolder: item?.isFolder ?? false)
  }
}
