import Baselines
import SeriesSamples
import Testing
import Values

@Suite struct LimitTests {
  static let values: [Double] = [1, 2, 9, 1, 8, 7, 8, 1, -3, -4, -5, 2]

  @Test(
    arguments: [
      (Limit.above(8), nil, (2, 2, 9.0)), (.above(9), nil, nil), (.above(6), .points(3, of: 3), (4, 6, 7.0)),
      (.above(6), .points(4, of: 5), (2, 6, 7.0)), (.above(6), .lasting(.seconds(10)), (4, 6, 7.0)),
      (.above(6), .lasting(.seconds(11)), nil), (.below(-2), .lasting(.seconds(10)), (8, 10, -3.0)),
      (.below(-5), nil, nil), (.outside(low: 0, high: 100), .points(2, of: 2), (8, 10, -4.0)),
      (.outside(low: -9, high: 6), .points(3, of: 3), (4, 6, 7.0)), (.outside(low: -9, high: 9), nil, nil),
    ] as [(Limit, Persistence?, (Int, Int, Double)?)])
  func `a limit is exceeded for as long as it must be`(
    _ limit: Limit, _ persistence: Persistence?, _ breach: (Int, Int, Double)?
  ) throws {
    let found = try finding(
      judgeLimit(series(Self.values), window: window(0...11), by: limit, persistence: persistence))
    #expect(found.breached == (breach != nil))
    #expect(found.from == breach.map { at(5 * Double($0.0)) } && found.to == breach.map { at(5 * Double($0.1)) })
    if let breach { #expect(found.value == breach.2) }
    #expect(found.expected == nil && found.surprise == nil && found.rank == nil)
  }

  @Test func `only the window counts, whatever the order`() throws {
    var numbers = SeededNumbers(seed: 1)
    let points = series(Self.values)
    let expected = judgeLimit(points, window: window(0...3), by: .above(6))
    #expect(try finding(expected).to == at(10))
    for _ in 0..<10 {
      #expect(judgeLimit(points.shuffled(using: &numbers), window: window(0...3), by: .above(6)) == expected)
    }
    #expect(try !finding(judgeLimit(points, window: window(7...9), by: .above(6))).breached)
  }

  @Test func `what cannot be judged says why`() {
    let points = series(Self.values)
    #expect(reason(judgeLimit([], window: window(0...3), by: .above(1))) == "no point was measured in the window")
    let silent = [Series.Point(at(1), .nan)]
    #expect(reason(judgeLimit(silent, window: window(0...3), by: .above(1))) == "no point was measured in the window")
    #expect(reason(judgeLimit(points, window: window(0...3), by: .above(.nan))) != nil)
    #expect(reason(judgeLimit(points, window: window(0...3), by: .outside(low: 3, high: 1))) != nil)
    #expect(
      reason(judgeLimit(points, window: window(0...3), by: .above(1), persistence: .lasting(.seconds(60)))) != nil)
  }

  @Test func `a window that was hardly measured may breach, but is not ordinary`() throws {
    let points = [0, 5, 11].map { Series.Point(at(5 * Double($0)), 3) }
    func judged(_ limit: Double, _ step: Duration?) -> Judgement {
      judgeLimit(points, window: window(0...11), by: .above(limit), step: step)
    }
    #expect(reason(judged(4, .seconds(5))) == "of the window only 3 of some 11 points were measured")
    #expect(try finding(judged(2, .seconds(5))).breached && !finding(judged(4, .seconds(25))).breached)
    // Two neighbours tell the step where nobody does.
    let near = points + [Series.Point(at(5), 3)]
    #expect(reason(judgeLimit(near, window: window(0...11), by: .above(4))) != nil)
  }

  @Test func `an infinite value beyond the limit is no ordinary one`() throws {
    let points = series([1, 2, .infinity, 2, 1, -.infinity])
    func judged(_ limit: Limit) -> Judgement { judgeLimit(points, window: window(0...5), by: limit) }
    #expect(reason(judged(.above(5))) == "a value in the window is infinite" && reason(judged(.below(0))) != nil)
    #expect(try finding(judged(.above(1))).breached)
    #expect(try !finding(judgeLimit(points, window: window(3...4), by: .above(5))).breached)
  }

  @Test func `a number is judged alone too`() {
    #expect(Limit.above(3).isExceeded(by: 3.1) && !Limit.above(3).isExceeded(by: 3))
    #expect(Limit.below(3).isExceeded(by: 2) && !Limit.below(3).isExceeded(by: 3))
    #expect(Limit.outside(low: 1, high: 2).isExceeded(by: 0) && !Limit.outside(low: 1, high: 2).isExceeded(by: 1.5))
    #expect(!Limit.above(3).isExceeded(by: .nan) && Limit.above(3).isExceeded(by: .infinity))
  }
}
