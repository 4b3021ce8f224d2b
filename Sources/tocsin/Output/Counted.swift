/// A number and the word for what is counted: `1 run`, `2 runs`.
func counted(_ number: some BinaryInteger, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
