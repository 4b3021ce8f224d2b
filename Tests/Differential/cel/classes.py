"""Classes of differences to the C++ reference. `Sources/CEL/Differences.md` says of each why it is as it is.

Each has a name, and whether a difference (`accepted` by us alone, `rejected` by us alone, `type`, `value`) falls into it.
"""

import re


def sorted_lists(value):
    if isinstance(value, (list, tuple)) and value and value[0] == "list":
        return ("list", tuple(sorted((sorted_lists(element) for element in value[1]), key=repr)))
    if isinstance(value, tuple) and value and value[0] == "map":
        return ("map", tuple(sorted(((key, sorted_lists(element)) for key, element in value[1]), key=repr)))
    return value


def ours(pattern):
    """Programs that only we reject, with a message like this."""
    return lambda what, case: what == "rejected" and re.search(pattern, str(case.value), re.DOTALL)


def theirs(pattern):
    """Programs that only the reference rejects, with a message like this."""
    return lambda what, case: what == "accepted" and re.search(pattern, case.their_value, re.DOTALL)


def text(value):
    return repr(sorted_lists(value))


def without_zeros(value):
    """Fractions of seconds as short as can be."""
    return re.sub(r"(:\d\d\.\d*?)0*[Zz]|(\d\.\d*?)0*[sS]", r"\1\2", text(value)).lower()


NUMBERS = r"(int|uint|double)"
CLASSES = [
    # Programs that one rejects.
    ("literals are checked", ours(r"^'.*' is not (a|an) (duration|instant)")),
    ("keys are checked", ours(r"^the keys of this map are |^a key is an int, uint, bool")),
    ("null is no instant", ours(r"null_type")),
    ("what cannot be evaluated", lambda what, case: what == "rejected" and (
        "No matching overloads" in str(case.their_value) or re.search(r"there is no (int|duration)\((int|duration)\)", case.value))),
    ("a sign before a duration", ours(r"^'-' does not work on a duration")),
    ("numbers of different types", theirs(
        rf"applied to '\({NUMBERS}, {NUMBERS}\)'|'_\[_\]' applied to '\((list\(.*?\)|map\({NUMBERS}, .*?\)), {NUMBERS}\)'"
        rf"|'@in' applied to '\({NUMBERS}, (list|map)\({NUMBERS}")),
    ("null compares and joins with anything", theirs(r"'(_[=!]=_|_\?_:_|@in)' applied to '\(.*null_type.*\)'")),
    ("the least of nothing", theirs(r"math.(least|greatest)\(\) invalid single argument")),
    ("columns of lists", theirs(r"expression of type 'list\(.*\)' cannot be the operand of a select")),
    ("elements of no known type", lambda what, case: (what == "accepted" and "T%" in case.their_value) or (
        what in ("accepted", "type") and re.search(r"\[\]|optional\.none\(\)", case.source))),
    # Types.
    ("dyn joins to dyn", lambda what, case: what == "type" and "dyn" in case.type),
    # Values.
    ("order of a map", lambda what, case: what == "value" and (
        sorted_lists(case.value) == sorted_lists(case.their_value)
        or re.search(r"\{.*: .*,.*: .*\}\)*\.(map|filter)\(.*\.join\(", case.source))),
    ("base64 with line breaks", lambda what, case: what == "value" and "is not base64" in str(case.value)),
    ("substring to the end", lambda what, case: what == "value" and "substring(<start>, <end>)" in str(case.their_value)),
    ("parts of nothing", lambda what, case: what == "value" and re.search(r"''\)*\.split\(", case.source)),
    ("%d of a double", lambda what, case: what == "value" and "'%d' does not work on double" in str(case.value)),
    ("keys that Python takes for one", lambda what, case: what == "value" and "True" in text(case.value)),
    ("fractions of seconds in text", lambda what, case: what == "value" and "string(" in case.source and (
        without_zeros(case.value) == without_zeros(case.their_value) or "size()" in case.source or "size(s" in case.source)),
    ("doubles in text", lambda what, case: what == "value" and "string(" in case.source and re.search(
        r"e\+|inf|-0", text(case.their_value))),
]
