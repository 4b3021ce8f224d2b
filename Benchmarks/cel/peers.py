#!/usr/bin/env python3
"""Evaluates the expressions of `CELMeasurement.swift` with other implementations of CEL, over the same data.

Programs are compiled and data is bound beforehand. What a call costs from Python is measured with the expression
`true` over the same data, and subtracted. CPU time of the process, the least of many batches, one line each:
implementation, expression, nanoseconds, and those of the call that were subtracted.
"""

import sys
import time

import cel as rust
import celpy
from cel_expr_python import cel as reference

EXPRESSIONS = {
    "(a)": 'request.path.startsWith("/admin") && request.status >= 500',
    "(b)": "rows.exists(r, r.bytes > 1000000)",
    "(c)": "rows.filter(r, r.status == 403).size() > 10",
    "(d)": 'a + b * 2 > 10 || c in ["x","y","z"]',
    "(e)": 'path.matches("^/wp-(admin|login)")',
    "(f)": '{"name": name, "tags": [name, "x", c], "n": a + b}',
}
ALL_HIT = {"(filter)": "rows.filter(r, r.status > 0).size()", "(map)": "rows.map(r, r.status).size()"}


def data(rows):
    return {
        "request": {"path": "/admin/users/list", "status": 503},
        "rows": [
            {"source": f"192.0.2.{i % 256}", "path": f"/some/path/{i}", "status": 403 if i % 50 == 7 else 200,
             "bytes": i % 900_000, "agent": "Mozilla/5.0 (X11; Linux x86_64)"} for i in range(rows)],
        "a": 1, "b": 2, "c": "zz", "path": "/wp-content/uploads/x.php", "name": "somebody",
    }


def least(call, batches=7, batch_seconds=0.05):
    """Nanoseconds of one call."""
    repeats = 1
    while True:
        start = time.process_time()
        for _ in range(repeats):
            call()
        spent = time.process_time() - start
        if spent >= batch_seconds:
            break
        repeats = max(repeats + 1, min(repeats * 10, int(repeats * batch_seconds / max(spent, 1e-6))))
    samples = [spent / repeats]
    for _ in range(batches):
        start = time.process_time()
        for _ in range(repeats):
            call()
        samples.append((time.process_time() - start) / repeats)
        if samples[-1] > 1:
            break
    return min(samples) * 1e9


class Reference:
    name = "cel-expr-python"

    def __init__(self, rows):
        t = reference.Type
        map_ = t.Map(t.STRING, t.DYN)
        self.env = reference.NewEnv(variables={
            "request": map_, "rows": t.List(map_), "a": t.INT, "b": t.INT, "c": t.STRING, "path": t.STRING,
            "name": t.STRING})
        self.activation = self.env.Activation(data(rows))

    def call(self, source):
        program = self.env.compile(source)
        return lambda: program.eval(self.activation)

    def compile(self, source):
        return self.env.compile(source)


class Rust:
    name = "common-expression-language"

    def __init__(self, rows):
        self.context = rust.Context(data(rows))

    def call(self, source):
        program = rust.compile(source)
        return lambda: program.execute(self.context)

    def compile(self, source):
        return rust.compile(source)


class Python:
    name = "cel-python"

    def __init__(self, rows):
        self.env = celpy.Environment()
        self.activation = {name: celpy.json_to_cel(value) for name, value in data(rows).items()}

    def call(self, source):
        program = self.env.program(self.env.compile(source))
        return lambda: program.evaluate(self.activation)

    def compile(self, source):
        return self.env.program(self.env.compile(source))


def report(peer, what, source):
    overhead = least(peer.call("true"))
    spent = least(peer.call(source))
    print(f"{peer.name}\t{what}\t{max(0, spent - overhead):.0f}\t{overhead:.0f}", flush=True)


def main():
    for kind in (Reference, Rust, Python):
        peer = kind(1_000)
        for what, source in EXPRESSIONS.items():
            report(peer, what, source)
            print(f"{peer.name}\t{what} read and checked\t{least(lambda: peer.compile(source)):.0f}\t0", flush=True)
    for kind in (Reference, Rust):
        for rows in map(int, sys.argv[1:]):
            # The reference refuses more than 10,000 iterations, and the Rust one takes minutes.
            if rows <= 4_000:
                peer = kind(rows)
                for what, source in ALL_HIT.items():
                    report(peer, f"{what}, {rows} rows", source)


main()
