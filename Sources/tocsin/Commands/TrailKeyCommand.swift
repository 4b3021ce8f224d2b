import ArgumentParser
import AuditTrail
import Values

struct TrailKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Show the key that signs this machine's trails, or make it.",
    discussion: """
      With a key, each trail's checkpoints are signed, and `trail verify` can tell
      whether a record was changed. The key lies in the file that TOCSIN_TRAIL_KEY
      names, else in ~/.config/tocsin/trail.key, readable by its owner alone; its
      public half beside it in trail.key.pub. What is printed is the public half:
      give it to those who verify, on a way that whoever can change the trail cannot
      change.

        tocsin trail key --create
        tocsin trail key
        tocsin trail key --pem > trail.pem       for openssl

      A trail keeps the key that it was first signed with. Where that key must go (it
      was stolen, or the machine is a new one), keep the trail's last checkpoint
      elsewhere (`tocsin trail checkpoint`) and the old public half with it, make
      another key, and begin a new trail.

      Ends with 2 if there is no key.
      """)

  @Flag(name: .long, help: "Make a key if there is none.")
  var create = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --create: the key's name, which new trails bear too; 'tocsin/' and the host's.", valueName: "name"))
  var name: String?

  @Flag(name: .long, help: "Print it as openssl reads it.")
  var pem = false

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  func validate() throws {
    if name != nil, !create { throw ValidationError("--name goes with --create") }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let (key, path): (VerifierKey, String)
    do throws(Unusable) { (key, path) = try find() } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    switch format {
    case .json:
      Reports.printJSON(
        .object([
          "name": .string(key.name), "key": .string(key.text), "pem": .string(key.pem), "file": .string(path),
        ]))
    case .text: Terminal.print(pem ? String(key.pem.dropLast()) : key.text)
    }
  }

  private func find() throws(Unusable) -> (VerifierKey, String) {
    guard let place = KeyFile.place(in: Wiring.variable) else {
      throw Unusable("there is no place for a key: set TOCSIN_TRAIL_KEY to the path of its file")
    }
    do throws(KeyFileProblem) {
      guard create else { return (try KeyFile.read(place.path).verifier, place.path) }
      let name = name ?? "tocsin/\(Wiring.hostName)"
      let key = try KeyFile.create(place.path, name: name, randomBytes: Wiring.randomBytes).verifier
      Reports.remark(
        "the key was written to '\(place.path)', its public half to '\(place.path)\(KeyFile.publicSuffix)'")
      return (key, place.path)
    } catch {
      if case .missing = error { throw Unusable("\(error.message); make one with: tocsin trail key --create") }
      throw Unusable(error.message)
    }
  }
}
