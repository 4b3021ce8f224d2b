/// What the input of the language can make grow, and how far it may.
///
/// An expression at the limits of nesting takes less than 1 MB of stack in an optimised build and less than 4 MB in a
/// debug build, checking and evaluation alike.
public enum CELLimits {
  /// Longest expression.
  public static let sourceCodePoints = 100_000
  /// Deepest nesting of brackets, calls and signs.
  public static let nesting = 100
  /// Longest chain of operators or selections without brackets, such as `a + b + …`. `&&` and `||` have no limit of
  /// their own.
  public static let chain = 200
  /// Deepest nesting of macros that go over elements (`all`, `exists`, `filter`, `map` and the like) in one another.
  public static let comprehensionNesting = 3
  /// Most variables of macros, those of `cel.bind` among them, in scope at a time.
  public static let variables = 60
  /// Most problems reported of one expression.
  public static let problems = 100
  /// Steps that an evaluation may take unless its caller says otherwise. A step is one operation on numbers, one
  /// element looked at, or 16 bytes of text.
  public static let budget = 10_000_000
  /// Longest text that an evaluation may make.
  public static let textBytes = 10_000_000
  /// Most bytes that an evaluation may make in all, as texts and as elements of lists and maps, whether or not it
  /// keeps them.
  public static let createdBytes = 256_000_000
  /// Memory of one regular expression.
  public static let patternMemoryBytes = 1 << 20
  /// Most elements of each kind that an explanation shows.
  public static let findings = 3
  /// Elements that a static cost presumes in a list whose number of rows was not declared.
  public static let presumedElements = 1_000
  /// Bytes that it presumes in a text.
  public static let presumedTextBytes = 256
  /// Most reasons that a failure carries beside its first.
  public static let furtherReasons = 7
}

/// Bytes of an expression's UTF-8 text.
typealias Place = Range<Int>
