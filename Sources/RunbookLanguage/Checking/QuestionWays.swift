/// How the questions of a runbook lead to one another and to verdicts, by their places among all questions.
struct QuestionWays {
  let questions: [Question]
  private let places: [String: Int]
  /// The questions that may follow each.
  let followers: [[Int]]
  /// The questions that may lead to each.
  let leaders: [[Int]]
  /// The questions that may end in each verdict.
  let ends: [String: [Int]]

  init(_ questions: [Question]) {
    self.questions = questions
    let places = Dictionary(questions.enumerated().map { ($1.id, $0) }) { first, _ in first }
    self.places = places
    var leaders = Array(repeating: [Int](), count: questions.count)
    var ends: [String: [Int]] = [:]
    followers = questions.enumerated().map { place, question in
      question.targets.compactMap { target in
        switch target {
        case .question(let id):
          guard let follower = places[id] else { return nil }
          leaders[follower].append(place)
          return follower
        case .verdict(let id):
          ends[id, default: []].append(place)
          return nil
        }
      }
    }
    self.leaders = leaders
    self.ends = ends
  }

  func place(of id: String) -> Int? { places[id] }

  /// All questions from which a verdict may be reached.
  func before(verdict: String) -> [Question] {
    var isBefore = Array(repeating: false, count: questions.count)
    var open = ends[verdict] ?? []
    while let place = open.popLast() {
      guard !isBefore[place] else { continue }
      isBefore[place] = true
      open += leaders[place]
    }
    return questions.indices.filter { isBefore[$0] }.map { questions[$0] }
  }

  /// How many questions the longest way has that ends with each, the question included.
  ///
  /// - Parameter isAsked: Which questions are looked at; none of them may follow itself.
  func lengths(where isAsked: (Question) -> Bool) -> [Int] {
    let asked = questions.indices.filter { isAsked(questions[$0]) }
    var lengths = Array(repeating: 0, count: questions.count)
    var waiting = lengths
    for place in asked {
      for follower in followers[place] { waiting[follower] += 1 }
    }
    var ready = asked.filter { waiting[$0] == 0 }
    while let place = ready.popLast() {
      lengths[place] = max(lengths[place], 1)
      for follower in followers[place] {
        lengths[follower] = max(lengths[follower], lengths[place] + 1)
        waiting[follower] -= 1
        if waiting[follower] == 0 { ready.append(follower) }
      }
    }
    return lengths
  }
}
