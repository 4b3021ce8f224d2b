import ArgumentParser
import AuditTrail
import RunbookPorts
import Values

struct TrailSignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Sign a trail from here on that was written without a key.",
    discussion: """
      A trail that has no signature goes on without one, also when this machine has
      a key: somebody may have taken the signatures away to change what they cover.
      Whoever knows what is in the trail says here that it is right. A record keeps
      from where on it is signed, and `trail verify` tells that what stands before
      may have been changed before that.

        tocsin trail key --create
        tocsin trail sign --trail trail

      Refused for a trail one of whose records says that it was signed. Ends with 2
      if there is no key, or nothing to sign.
      """)

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  func run() async throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) { try await sign() } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }

  private func sign() async throws(Unusable) {
    do throws(TrailReadError) { _ = try TrailReader(folder: trail).unreadLines() } catch {
      throw Unusable(error.message)
    }
    do throws(JournalError) {
      guard try Wiring.signingKey() != nil else {
        throw .cannotWrite("this machine has no key: `tocsin trail key --create` makes one")
      }
      let writer = try Wiring.trail(trail, node: nil, isAdopted: true)
      try await writer.anchor()
    } catch { throw Unusable(error.message) }
    let anchor = try AnchorFile.newest(of: trail, keys: TrailKeys.named([]))
    Terminal.print("signed over \(counted(anchor.checkpoint.size, "record")) of \(anchor.checkpoint.origin)")
  }
}
