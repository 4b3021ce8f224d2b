package import Diagnostics
package import RunbookLanguage
import RunbookPorts
import Values

/// The cases of one runbook, as a `NAME.tests.yaml` holds them.
package struct CaseFile: Sendable {
  package let source: SourceText
  package let cases: [RunbookCase]

  /// A file that nobody has written.
  package static func none(at path: String) -> CaseFile {
    CaseFile(source: SourceText(name: path, text: ""), cases: [])
  }
}

/// One case: what is known of an alert, what the sources answer, and what is expected to come of it.
package struct RunbookCase: Sendable {
  /// In the author's words; unique in its file.
  package let name: Placed<String>
  let intake: Intake
  /// The run's start; the clock goes on from here when the run waits.
  let now: Timestamp
  /// Numbers instead of the runbook's, as a deployment may set them, by threshold.
  let thresholds: [String: Threshold.Rule]
  /// What sources answer, by query. A query that is not here has no answer.
  let given: [String: Given]
  /// What people answer, by question. Who is not here stays silent.
  let people: [String: Said]
  let expectation: Expectation
}

/// What people answer to a question in a case.
enum Said: Sendable {
  /// To every row of a form.
  case same(String)
  /// By the entity.
  case each([ExactString: String])
}

/// What a source answers in a case.
enum Given: Sendable {
  /// Why there is no answer, as a sentence part.
  case failed(String)
  case rows(Table, Completeness)
  case series([GivenSeries], Completeness)
  /// What a file has of it, at the instants of the file.
  case recorded([Series], Completeness)
}

/// A series as an author writes it: runs of one value each, at even steps.
struct GivenSeries: Sendable {
  /// Several points of one value; `nil`: nothing was measured.
  struct Run: Sendable {
    let value: Double?
    let count: Int
  }

  let labels: [(name: String, value: String)]
  let runs: [Run]
  let step: Duration
  /// When the last point was measured; `nil`: at the end of the window that is asked about.
  let until: Timestamp?

  /// The points that lie in a window.
  ///
  /// - Parameter end: When the last point was measured, unless the author says otherwise.
  func series(in window: TimeWindow?, endingAt end: Timestamp) -> Series {
    let values = runs.flatMap { Array(repeating: $0.value, count: $0.count) }
    let last = until ?? end
    var points: [Series.Point] = []
    for (index, value) in values.enumerated() {
      guard let value, let time = last.adding(step * (index + 1 - values.count)) else { continue }
      if let window, time < window.from || time > window.to { continue }
      points.append(.init(time, value))
    }
    return Series(labels: labels, points: points)
  }
}

/// What a case expects. What it does not name may be anything, except that nobody is told and nothing is written
/// unless the case says so.
struct Expectation: Sendable {
  struct Answer: Sendable {
    let question: String
    /// `nil`: of the run, or of every entity that was asked.
    let entity: String?
    let label: Placed<String>
  }

  struct EntityVerdict: Sendable {
    let kind: String
    let entity: String
    let verdict: Placed<String>
  }

  /// The case's name, for findings about what it should have said.
  let location: SourceLocation
  var verdict: Placed<String>?
  var severity: Placed<String>?
  var answers: [Answer] = []
  /// All questions that stay open.
  var open: Placed<[String]>?
  var entities: [EntityVerdict] = []
  /// All contacts that are told; `nil`: nobody.
  var notified: Placed<[String]>?
  /// All exports that are written, and their rows; `nil`: none.
  var exports: Placed<[String: Int]>?
  /// What the case itself has people say: somebody is asked for each.
  var said: [Answer] = []
}
