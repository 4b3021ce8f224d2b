"""Expressions made up by a grammar, the same ones for the same seed.

Three families: `typed` programs are nearly always right, `mixed` ones have parts of wrong types, `torn` ones are typed
programs whose tokens were shuffled a little.
"""

import random
import re

NAMES = {
    "n": "int", "m1": "int", "u": "uint", "x": "double", "s": "string", "t": "string", "ok": "bool", "bad": "bool",
    "raw": "bytes", "at": "timestamp", "span": "duration", "words": "list(string)", "numbers": "list(int)",
    "shares": "list(double)", "nested": "list(list(int))", "m": "map(string, int)", "k": "map(int, string)",
    "deep": "map(string, list(int))", "any": "dyn", "some": "dyn",
}

# The values of the names, in the notation of CEL's suite.
VALUES = {
    "n": {"int64": "7"}, "m1": {"int64": "-3"}, "u": {"uint64": "7"}, "x": {"double": "2.5"},
    "s": {"string": "text é"}, "t": {"string": "a,b"}, "ok": {"bool": True}, "bad": {"bool": False},
    "raw": {"bytes": "YUH/"}, "at": {"timestamp": {"seconds": "1772445600", "nanos": 0}},
    "span": {"duration": {"seconds": "90", "nanos": 0}}, "words": {"list": [{"string": "a"}, {"string": "bc"}]},
    "numbers": {"list": [{"int64": "1"}, {"int64": "2"}, {"int64": "2"}]}, "shares": {"list": [{"double": "0.5"}]},
    "nested": {"list": [{"list": [{"int64": "1"}]}, {"list": []}]},
    # One entry: the reference goes over maps in no order.
    "m": {"map": [[{"string": "a"}, {"int64": "1"}]]},
    "k": {"map": [[{"int64": "1"}, {"string": "one"}]]},
    "deep": {"map": [[{"string": "a"}, {"list": [{"int64": "1"}]}]]},
    "any": {"map": [[{"string": "a"}, {"int64": "1"}], [{"string": "b"}, {"string": "two"}]]},
    "some": {"int64": "5"},
}

LITERALS = {
    "int": ["0", "1", "2", "-1", "10", "9223372036854775807", "0x1f", "100"],
    "uint": ["0u", "1u", "7u", "18446744073709551615u", "0x1fu"],
    "double": ["0.0", "1.0", "-2.5", "1e3", "1e308", ".5"],
    "string": ["''", "'a'", '"text"', "'1'", "'2.5'", r"r'\d+'", "'é'", "'''x'''", r"'\n'", "'true'", "'90s'"],
    "bool": ["true", "false"], "bytes": ["b''", "b'aA'", r"b'\x00'", "b'1'"], "null": ["null"],
    "timestamp": ["timestamp('2026-03-02T10:00:00Z')", "timestamp('1970-01-01T00:00:00Z')", "timestamp(0)"],
    "duration": ["duration('90s')", "duration('1h30m')", "duration('-1.5s')"],
    "type": ["int", "string", "list", "type(1)", "bool", "double"],
}

# What gives a value of each type; `<T>` stands for a part of type T.
FORMS = {
    "int": [
        "<int> + <int>", "<int> - <int>", "<int> * <int>", "<int> / <int>", "<int> % <int>", "-<int!>", "(<int>)",
        "size(<string>)", "<string!>.size()", "size(<list(int)>)", "<map(string, int)!>.size()", "size(<bytes>)",
        "int(<uint>)", "int(<double>)", "int(<string>)", "int(<timestamp>)", "m['a']", "m.a", "m[<string>]",
        "numbers[<int>]", "nested[0][<int>]", "deep.a[0]", "<timestamp!>.getHours()", "<timestamp!>.getFullYear('UTC')",
        "<timestamp!>.getDayOfWeek()", "<duration!>.getSeconds()", "<duration!>.getMilliseconds()",
        "<string!>.indexOf(<string>)", "<string!>.lastIndexOf(<string>)", "math.abs(<int>)", "math.sign(<int>)",
        "math.bitAnd(<int>, <int>)", "math.bitShiftLeft(<int>, 2)", "<optional(int)!>.value()",
        "<optional(int)!>.orValue(<int>)", "int(<int>)", "math.greatest(<int>, <int>)", "math.least(<list(int)>)",
    ],
    "uint": [
        "<uint> + <uint>", "<uint> - <uint>", "<uint> * <uint>", "<uint> / <uint>", "<uint> % <uint>", "uint(<int>)",
        "uint(<double>)", "uint(<string>)", "math.abs(<uint>)", "math.bitOr(<uint>, <uint>)",
    ],
    "double": [
        "<double> + <double>", "<double> - <double>", "<double> * <double>", "<double> / <double>", "-<double!>",
        "double(<int>)", "double(<uint>)", "double(<string>)", "shares[<int>]", "math.ceil(<double>)",
        "math.floor(<double>)", "math.round(<double>)", "math.trunc(<double>)", "math.abs(<double>)", "math.sqrt(<double>)",
        "math.sign(<double>)",
    ],
    "string": [
        "<string> + <string>", "string(<int>)", "string(<uint>)", "string(<double>)", "string(<bool>)", "string(<bytes>)",
        "string(<timestamp>)", "string(<duration>)", "words[<int>]", "k[1]", "k[<int>]", "<string!>.charAt(<int>)",
        "<string!>.lowerAscii()", "<string!>.upperAscii()", "<string!>.replace(<string>, <string>)",
        "<string!>.replace(<string>, <string>, <int>)", "<string!>.substring(<int>)", "<string!>.substring(<int>, <int>)",
        "<string!>.trim()", "<list(string)!>.join()", "<list(string)!>.join(<string>)", "<string!>.reverse()",
        "strings.quote(<string>)", "base64.encode(<bytes>)", "'%s %d'.format([<string>, <int>])",
        "'%.2f|%x|%e'.format([<double>, <int>, <double>])",
    ],
    "bool": [
        "<bool> && <bool>", "<bool> || <bool>", "!<bool!>", "<int> == <int>", "<string> != <string>", "<int> < <int>",
        "<double> >= <double>", "<string> <= <string>", "<bytes> < <bytes>", "<uint> > <uint>", "<bool> < <bool>",
        "<timestamp> < <timestamp>", "<duration> >= <duration>", "<int> in <list(int)>", "<string> in <list(string)>",
        "<string> in <map(string, int)>", "<string!>.contains(<string>)", "<string!>.startsWith(<string>)",
        "<string!>.endsWith(<string>)", "<string!>.matches(r'^[a-z]+$')", "matches(<string>, 'a')", "has(any.a)",
        "has(m.zz)", "has(m.a)", "<list(int)> == <list(int)>", "<map(string, int)> == <map(string, int)>",
        "type(<int>) == <type>", "<type> == <type>", "<optional(int)!>.hasValue()", "<optional(int)> == <optional(int)>",
        "any.a == <int>", "any == any", "some > <int>", "math.isNaN(<double>)", "math.isInf(<double>)", "<null> == <null>",
        "bool(<string>)", "dyn(<int>) == dyn(<double>)", "<duration> == <duration>", "any[<string>] == <string>",
        "<list(int)!>.all(v, <bool>)", "<list(string)!>.exists(v, v == <string>)", "<list(int)!>.exists_one(v, v > <int>)",
        "<map(string, int)!>.all(e, e != <string>)", "<map(string, int)!>.exists(e, <bool>)",
    ],
    "bytes": ["<bytes> + <bytes>", "bytes(<string>)", "base64.decode(<string>)"],
    "null": [],
    "timestamp": ["<timestamp> + <duration>", "<timestamp> - <duration>", "<duration> + <timestamp>", "timestamp(<int>)"],
    "duration": ["<timestamp> - <timestamp>", "<duration> + <duration>", "<duration> - <duration>", "duration(<string>)"],
    "type": ["type(<string>)", "type(<list(int)>)", "type(any)", "type(<bool>)", "type(null)"],
    "dyn": ["dyn(<int>)", "dyn(<string>)", "any.a", "any['b']", "any", "some", "[<int>, <string>][0]", "{'a': <int>, 1: <bool>}"],
    "list(int)": [
        "[<int>, <int>]", "[]", "<list(int)> + <list(int)>", "<list(int)!>.filter(v, v > <int>)",
        "<list(int)!>.map(v, v + <int>)", "<list(string)!>.map(v, v.size())", "<list(int)!>.map(v, v > 0, v * <int>)",
        "nested[<int>]", "deep['a']", "deep.a", "[<int>, ?<optional(int)>]", "<map(string, int)!>.map(e, m[e])",
    ],
    "list(string)": [
        "[<string>]", "[]", "<list(string)!>.filter(v, v != <string>)", "<string!>.split(<string>)",
        "<string!>.split(<string>, <int>)", "<list(int)!>.map(v, string(v))", "<map(string, int)!>.filter(e, <bool>)",
    ],
    "list(double)": ["[<double>]", "<list(int)!>.map(v, double(v))"],
    "list(list(int))": ["[<list(int)>]", "<list(int)!>.map(v, [v])"],
    "map(string, int)": ["{<string>: <int>}", "{}", "{'a': <int>, 'b': <int>}", "{'a': <int>, ?'c': <optional(int)>}"],
    "map(int, string)": ["{<int>: <string>}", "{1: <string>, 2: <string>}"],
    "map(string, list(int))": ["{'a': <list(int)>}"],
    "optional(int)": [
        "optional.of(<int>)", "optional.none()", "m.?a", "m[?<string>]", "numbers[?<int>]",
        "optional.ofNonZeroValue(<int>)", "<optional(int)!>.or(<optional(int)>)", "<optional(int)!>.optMap(v, v + <int>)",
        "<optional(int)!>.optFlatMap(v, optional.of(v))", "{'a': <int>}.?a",
    ],
}
ANYWHERE = ["<bool> ? <T> : <T>", "(<T>)", "cel.bind(v, <T>, v)", "cel.bind(w, <int>, <T>)", "[<T>][0]", "{'a': <T>}.a"]
ELEMENT = {"v": "int", "e": "string"}
TYPES = list(FORMS)
# Parts of wrong types are taken out of these.
LIKELY = ["int", "uint", "double", "string", "bool", "bytes", "timestamp", "duration", "null", "dyn", "list(int)",
          "list(string)", "map(string, int)", "optional(int)", "type"]
STRANGE = ["nn", "zork", "n.a", "s.b", "foo(n)", "s.foo()", "m.a.b", "numbers.a", "numbers['a']", "x[0]", "1.size()", "k.a",
           "has(n)", "has(m)", "words.all(a.b, true)", "v", "type", "[1, 'a'].map(v, v + 1)", "{1.5: 1}", "int.a", "optional"]
HOLE = re.compile(r"<([a-z]+(?:\([a-z(), ]*\))?)(!?)>|<T>")


class Programs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def typed(self):
        return self.make(self.random.choice(TYPES), self.random.randint(1, 4), 0.004)

    def mixed(self):
        return self.make(self.random.choice(TYPES), self.random.randint(1, 4), 0.08)

    def torn(self):
        tokens = re.findall(r"[A-Za-z_0-9.]+|'[^']*'|\"[^\"]*\"|\s+|.", self.typed(), re.DOTALL)
        for _ in range(self.random.randint(1, 2)):
            place = self.random.randrange(len(tokens))
            what = self.random.randrange(5)
            if what == 0:
                del tokens[place]
            elif what == 1:
                tokens.insert(place, tokens[place])
            elif what == 2:
                other = self.random.randrange(len(tokens))
                tokens[place], tokens[other] = tokens[other], tokens[place]
            elif what == 3:
                tokens[place] = self.random.choice(["+", "==", ")", "(", "[", "]", ",", ".", "?", ":", "in", "&&", "-", "!", "{", "}"])
            else:
                tokens.insert(place, self.random.choice(["n", "1", "'a'", ".a", " ", "=", "and", "\n", "//c", ".?a", "[0]"]))
            if not tokens:
                tokens = ["n"]
        return "".join(tokens)

    def make(self, kind, depth, wrong, scope=()):
        if self.random.random() < wrong:
            if self.random.random() < 0.25:
                return self.random.choice(STRANGE)
            kind = self.random.choice(LIKELY)
        if depth <= 0 or self.random.random() < 0.08:
            return self.leaf(kind, scope)
        forms = FORMS[kind] + (ANYWHERE if self.random.random() < 0.2 else [])
        if not forms:
            return self.leaf(kind, scope)
        form = self.random.choice(forms)
        names = tuple(name for name in ELEMENT if re.search(r"\(%s, " % name, form) and "cel.bind" not in form)

        def fill(match):
            inner = match.group(1) or kind
            # What stands before the dot of a macro does not know the macro's variable.
            part = self.make(inner, depth - 1, wrong, scope if match.group(2) else scope + names)
            return part if not match.group(2) or re.fullmatch(r"[\w.']+|\w+\(.*\)|\[.*\]", part) and part[0] not in "0123456789" \
                else "(" + part + ")"

        return HOLE.sub(fill, form)

    def leaf(self, kind, scope):
        names = [name for name, type_ in NAMES.items() if type_ == kind]
        names += [name for name in scope if ELEMENT[name] == kind]
        literals = LITERALS.get(kind, [])
        if names and (not literals or self.random.random() < 0.5):
            return self.random.choice(names)
        if literals:
            return self.random.choice(literals)
        closed = [form for form in FORMS[kind] if "<" not in form] or FORMS[kind]
        return HOLE.sub(lambda match: self.leaf(match.group(1), scope), self.random.choice(closed))
