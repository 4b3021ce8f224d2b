package import DurableFiles

/// The file of a signing key, one line, for its owner alone; beside it lies the public half in `NAME.pub`, for everybody.
package enum KeyFile {
  private static let sizeLimitBytes = 1_024
  package static let publicSuffix = ".pub"

  /// Where the key of this machine's trails is: where `TOCSIN_TRAIL_KEY` says, else `tocsin/trail.key` in the user's
  /// folder of configurations. A trail's own folder never holds it: who copies the trail must not get the key.
  ///
  /// - Parameter environment: Looks up a variable.
  /// - Returns: The path, and whether it was named, so that it must be there; `nil` without a home.
  package static func place(in environment: (String) -> String?) -> (path: String, isNamed: Bool)? {
    if let path = environment("TOCSIN_TRAIL_KEY"), !path.isEmpty { return (path, true) }
    if let folder = environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return ("\(folder)/tocsin/trail.key", false)
    }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return ("\(home)/.config/tocsin/trail.key", false)
  }

  /// Reads a signing key.
  ///
  /// - Throws: also for a file that others than its owner may read or change.
  package static func read(_ path: String) throws(KeyFileProblem) -> SigningKey {
    let text: String
    do {
      let file = try OpenFile(path, for: .reading)
      guard try file.permissions() & 0o077 == 0 else { throw KeyFileProblem.open(path) }
      text = try firstLine(of: file)
    } catch let problem as KeyFileProblem {
      throw problem
    } catch let problem as FileProblem {
      throw problem.isMissing ? .missing(path) : .file(problem)
    } catch { throw .noKey(path) }
    guard let key = SigningKey(secretText: text) else { throw .noKey(path) }
    return key
  }

  /// Reads a verifier key: the public half of a signing key, or a text in a file of its own.
  package static func readVerifier(_ path: String) throws(KeyFileProblem) -> VerifierKey {
    let text: String
    do throws(FileProblem) { text = try firstLine(of: OpenFile(path, for: .reading)) } catch {
      throw error.isMissing ? .missing(path) : .file(error)
    }
    if let key = VerifierKey(text) { return key }
    if text.hasPrefix("-----BEGIN") { throw .withoutName(path) }
    guard let key = SigningKey(secretText: text)?.verifier else { throw .noKey(path) }
    return key
  }

  private static func firstLine(of file: OpenFile) throws(FileProblem) -> String {
    let bytes = try file.read(at: 0, count: sizeLimitBytes)
    return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
  }

  /// Makes a key and its two files. Nothing that is there is replaced.
  package static func create(
    _ path: String, name: String, randomBytes: (Int) -> [UInt8]
  ) throws(KeyFileProblem) -> SigningKey {
    guard let key = SigningKey(name: name, seed: randomBytes(32)) else { throw .badName(name) }
    do throws(FileProblem) {
      if let folder = Folder.parent(of: path) { try Folder.make(folder) }
      let file = try OpenFile(path, for: .creating, mode: 0o600)
      try file.write(Array(key.secretText.utf8) + [0x0A])
      try file.synchronize()
      try WholeFile.write(Array(key.verifier.text.utf8) + [0x0A], to: path + publicSuffix, mode: 0o644)
    } catch { throw error.isAlreadyThere ? .alreadyThere(path) : .file(error) }
    return key
  }
}

/// Why a key cannot be had.
package enum KeyFileProblem: Error, Hashable, Sendable {
  case missing(String)
  case alreadyThere(String)
  /// Others than its owner may read or change it.
  case open(String)
  case noKey(String)
  /// A key as openssl has it.
  case withoutName(String)
  case badName(String)
  case file(FileProblem)

  package var message: String {
    switch self {
    case .missing(let path): "there is no key in '\(path)'"
    case .alreadyThere(let path): "'\(path)' is there already"
    case .open(let path): "others than its owner may read or change the key '\(path)': chmod 600 it, or make a new one"
    case .noKey(let path): "'\(path)' holds no key of a trail"
    case .withoutName(let path):
      "'\(path)' holds a key as openssl reads it, which has no name; give the line that `tocsin trail key` prints"
    case .badName(let name):
      "\(name.debugDescription) is no name for a key: 1 to \(VerifierKey.nameLimitBytes) bytes without spaces and '+'"
    case .file(let problem): problem.message
    }
  }
}
