/// Text as content of an element, or of an attribute in double quotation marks, of XML and HTML: nothing of it is markup.
///
/// Code points that XML does not have are replaced; control characters are the caller's matter, who knows whether to show
/// or to drop them.
public func markupText(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
