import Values

/// What people write who come from other languages, and what is written here.
enum ForeignHabits {
  /// Functions by the names that others give them.
  private static let functions: [String: String] = {
    var names: [String: String] = [:]
    let all = [
      ("size", "len length count strlen"), ("lowerAscii", "lower tolower tolowercase lowercase downcase casefold"),
      ("upperAscii", "upper toupper touppercase uppercase upcase"), ("trim", "strip"),
      ("substring", "substr slice mid"),
      ("matches", "match regex regexp search test regex_match regexmatch rlike"),
      ("string", "str tostring to_string text"),
      ("filter", "where findall find_all grep"), ("exists", "any some anymatch"), ("all", "every allmatch"),
      ("map", "each foreach collect"), ("avg", "mean average"), ("distinct", "unique uniq"),
      ("countBy", "group_by groupby count_by"), ("double", "float number parsefloat todouble"),
      ("int", "integer parseint toint"), ("bool", "boolean"), ("timestamp", "datetime date parsedate todate instant"),
      ("math.abs", "abs"), ("math.ceil", "ceil ceiling"), ("math.floor", "floor"), ("math.round", "round"),
      ("math.sqrt", "sqrt"), ("math.sign", "sign"), ("math.trunc", "trunc truncate"),
      ("math.greatest", "greatest math.max math.maximum"), ("math.least", "least math.min math.minimum"),
      ("getHours", "hour hours gethour"), ("getMinutes", "minute minutes getminute"),
      ("getSeconds", "second seconds getsecond"), ("getFullYear", "year getyear"), ("getMonth", "month"),
      ("getDate", "day getday dayofmonth"), ("getDayOfWeek", "weekday dayofweek"),
    ]
    for (name, others) in all { for other in others.split(separator: " ") { names[String(other)] = name } }
    return names
  }()

  /// What to write instead of functions that are none here.
  private static let advice: [String: String] = {
    var texts: [String: String] = [:]
    let all = [
      ("an element is found with x in list, a part of a text with text.contains(part)", "includes"),
      ("the first element is list[0]", "first head"), ("the last element is list[list.size() - 1]", "last tail"),
      ("write x.size() == 0", "isempty empty"), ("write map[\"key\"], or map[?\"key\"].orValue(x)", "get getordefault"),
      ("write \"key\" in map", "haskey has_key containskey"), ("the keys of a map are map.map(k, k)", "keys"),
      ("the name 'now' stands for the present", "now today time currenttime"),
      ("write a.?b.orValue(x)", "coalesce ifnull nvl default"), ("write x == null", "isnull"),
      ("write address in network", "innetwork insubnet cidrmatch cidr_match ipinrange"), ("write a + b", "concat"),
      ("there are no powers; write x * x", "pow math.pow power"),
      ("lists are not sorted; see top and percentile", "sort sorted order_by"),
    ]
    for (text, names) in all { for name in names.split(separator: " ") { texts[String(name)] = text } }
    return texts
  }()

  /// What a function of this name is called here.
  static func function(_ name: String) -> String? { functions[name.lowercased()] }

  /// What to write instead of a function of this name.
  static func advice(forFunction name: String) -> String? { advice[name.lowercased()] }

  /// The function that is meant by a field of this name where a type has none: `size()` for `length`.
  static func function(meantByField name: String, on type: ValueType) -> String? {
    let known = Library.functions[name] == nil ? function(name) : name
    guard let known, let function = Library.functions[known] else { return nil }
    let fits = function.overloads.contains { overload in
      var inference = Inference()
      return overload.isMember && overload.takes(1)
        && inference.assign(type, to: inference.instantiate(overload).parameters[0])
    }
    return fits ? known + "()" : nil
  }

  /// What is wrong with a word that stands where an operator is due.
  static func advice(forWord word: String) -> String? {
    switch word.lowercased() {
    case "like", "ilike", "rlike", "regexp":
      return "'\(word)' is no operator; write text.contains(part), text.startsWith(part) or text.matches(pattern)"
    case "is": return "'\(word)' is no operator; write x == y, or x != y"
    case "between": return "'\(word)' is no operator; write x >= least && x <= most"
    case "xor": return "'\(word)' is no operator; write a != b"
    case "mod": return "'\(word)' is no operator; write a % b"
    case "not": return "'not in' is no operator; write !(x in list)"
    case "if", "then", "else", "elif", "unless": return "there is no '\(word)'; write condition ? this : that"
    case "for": return "there is no 'for'; write list.filter(x, condition on x) or list.map(x, value of x)"
    default: break
    }
    guard
      let name = Library.functionNames.first(where: { $0.lowercased() == word.lowercased() }),
      Library.functions[name]?.takes(2, isMember: true) == true
    else { return nil }
    return "'\(word)' is a function; write x.\(name)(y)"
  }

  /// What to write instead of a reserved word.
  static func advice(forReserved word: String) -> String? {
    switch word {
    case "if", "else", "for": advice(forWord: word)
    case "let", "var", "const": "there is no '\(word)'; write cel.bind(name, value, expression with name)"
    case "while", "loop": "there is no '\(word)'; write list.all(x, condition on x), exists, filter or map"
    case "return": "there is no 'return'; an expression is its value"
    case "function": "there is no 'function'; a macro names its variable: list.filter(x, condition on x)"
    default: nil
    }
  }

  /// What to write instead of a sign of another language.
  static func advice(forSign sign: String) -> String? {
    switch sign {
    case "=~", "==~", "~": "write text.matches(pattern)"
    case "!~": "write !text.matches(pattern)"
    case "??": "write a.?b.orValue(x)"
    case "++", "+=", "-=", "*=", "/=": "nothing is assigned here"
    case "**": "there are no powers; write x * x"
    case "=>", "->": "a macro names its variable first: list.filter(x, condition on x)"
    case "^": "there is math.bitXor(a, b)"
    case "#": "a comment begins with '//'"
    case ";": "an expression is one value"
    case "$", "@": "names stand without it"
    default: nil
    }
  }
}
