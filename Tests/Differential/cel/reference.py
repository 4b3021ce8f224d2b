"""The C++ reference implementation of CEL, through its Python package `cel-expr-python`."""

import base64
import datetime
import re

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
PLAIN = {"INT": "int", "UINT": "uint", "DOUBLE": "double", "BOOL": "bool", "STRING": "string", "BYTES": "bytes",
         "NULL": "null_type", "DYN": "dyn", "TIMESTAMP": "timestamp", "DURATION": "duration", "TYPE": "type"}


def declared(text):
    """A type by its name, such as `map(string, list(int))`."""
    if inner := re.fullmatch(r"list\((.*)\)", text):
        return cel.Type.List(declared(inner.group(1)))
    if inner := re.fullmatch(r"map\((\w+), (.*)\)", text):
        return cel.Type.Map(declared(inner.group(1)), declared(inner.group(2)))
    return getattr(cel.Type, text.upper())


def plain(value):
    """A value in the notation of CEL's suite, as the Python package binds it."""
    (kind, content), = value.items()
    if kind in ("int64", "uint64"):
        return int(content)
    if kind == "double":
        return float(content)
    if kind == "bytes":
        return base64.b64decode(content)
    if kind == "list":
        return [plain(element) for element in content]
    if kind == "map":
        return {plain(key): plain(element) for key, element in content}
    if kind == "timestamp":
        return EPOCH + datetime.timedelta(seconds=int(content["seconds"]), microseconds=content["nanos"] // 1000)
    if kind == "duration":
        return datetime.timedelta(seconds=int(content["seconds"]), microseconds=content["nanos"] // 1000)
    return content


def type_text(type_):
    """`LIST<MAP<STRING, INT>>` as `list(map(string, int))`."""
    text = str(type_).replace("<", "(").replace(">", ")")
    return re.sub(r"[A-Za-z_.]+", lambda match: PLAIN.get(match.group(0), match.group(0).lower()), text)


def comparable(value, type_name=None):
    """What two values of one meaning have in common; microseconds are all that the package tells of time."""
    kind = value.type().name()
    content = value.value()
    if kind == "ERROR":
        return ("error", content)
    if kind in ("INT", "UINT", "BOOL", "STRING", "NULL"):
        return (PLAIN[kind], content)
    if kind == "DOUBLE":
        return ("double", "NaN" if content != content else repr(content + 0.0))
    if kind == "BYTES":
        return ("bytes", bytes(content))
    if kind == "TIMESTAMP":
        return ("timestamp", (content - EPOCH) // datetime.timedelta(microseconds=1))
    if kind == "DURATION":
        return ("duration", content // datetime.timedelta(microseconds=1))
    if kind.startswith("LIST"):
        return ("list", tuple(comparable(element) for element in content))
    if kind.startswith("MAP"):
        return ("map", frozenset((str(key), comparable(element)) for key, element in content.items()))
    if kind.startswith("TYPE"):
        return ("type", re.sub(r"\(.*", "", type_text(content)))
    return ("opaque", kind)


class Reference:
    def __init__(self, names, values):
        extensions = [ext_bindings.ExtBindings(), ext_encoders.ExtEncoders(), ext_math.ExtMath(),
                      ext_optional.ExtOptional(), ext_strings.ExtStrings()]
        self.env = cel.NewEnv(variables={name: declared(type_) for name, type_ in names.items()}, extensions=extensions)
        self.data = {name: plain(value) for name, value in values.items()}
        self.activation = self.env.Activation(self.data)

    def answer(self, source):
        """(type, value), or (None, message) of a program that is rejected; a value may be ("error", message)."""
        try:
            expression = self.env.compile(source)
            # A type that the package cannot say is one that it refuses as well.
            type_ = type_text(expression.return_type())
        except Exception as problem:
            return None, str(problem)
        try:
            return type_, comparable(expression.eval(self.activation))
        except (TypeError, SystemError, UnicodeDecodeError, OverflowError, ValueError) as problem:
            # The package cannot say some values in Python: optionals, and times that Python has not.
            return type_, ("opaque", str(problem)[:80])
        except Exception as problem:
            return type_, ("error", str(problem))
