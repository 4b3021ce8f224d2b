import Diagnostics

/// What must not stand in a document, or lie elsewhere than it says: TOC14xx.
extension Rule {
  package static let secret = Rule(
    "TOC1401", "secret", .warning, "A text looks like a key, a token or a password.",
    why:
      "Runbooks are read by many, kept in git for ever, and copied into trails and reports. The text itself is never "
      + "shown.",
    fix: "Change the secret, since it has been seen, and let the deployment name where the new one is kept.",
    bad: .sections("see: [https://ops:Zephyr-81-canoe@wiki.example.org/runbooks]"),
    mend: ("ops:Zephyr-81-canoe@", ""))

  /// The sample with an export that is given to a program.
  private static func script(_ text: String) -> RuleExample {
    .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: busy, no: benign}
      verdicts:
        busy: {severity: medium, means: Many requests., export: [table]}
      exports:
        table: {data: hits, script: {\(text)}}
      """, files: [("send.sh", "#!/bin/sh\ncat\n")])
  }

  package static let scriptOutside = Rule(
    "TOC1402", "script-outside", .error, "A script lies outside of the runbook's folder.",
    why: "Somebody who cannot change the runbook could change what it runs, and nobody who reviews it would see that.",
    fix: "Put the script beside the runbook.", bad: script("run: ../bin/send.sh"), mend: ("../bin/", ""))

  package static let fileOutside = Rule(
    "TOC1404", "file-outside", .error, "A file that a runbook or its cases name lies outside of the runbook's tree.",
    why:
      "Findings show lines of lists. Whoever may propose a change to a runbook could have any file of the machine shown "
      + "that checks it: keys, passwords, other people's work.",
    fix:
      "Put the file below the folder that git keeps (the nearest one above the runbook that holds `.git`; without git, "
      + "the folder around the runbook's own). Links count as what they lead to. A deployment may give a list another "
      + "file, from anywhere.",
    bad: .sections(
      """
      lists:
        ours: {file: /etc/networks, of: cidr}
      """, files: [("networks.txt", "192.0.2.0/24 office\n")]), mend: ("/etc/networks", "networks.txt"))

  package static let scriptDigest = Rule(
    "TOC1403", "script-digest", .error, "A script is not the one whose digest the runbook has.",
    why: "What was reviewed is not what would be run.",
    fix: "Review the script again and write its new digest, or restore the file.",
    bad: script("run: send.sh, sha256: 0f5a7ae7bdf4a4a93ebf5ba2d3cd2a6cd9e9b9a2ab1e2c1c0b9d70b3d1c5f6aa"),
    mend: (
      "0f5a7ae7bdf4a4a93ebf5ba2d3cd2a6cd9e9b9a2ab1e2c1c0b9d70b3d1c5f6aa",
      "be2bb79ee3ec9a659644c659209f2e068fd069fdb1c1c6c4053f9fe0be48746c"
    ))
}
