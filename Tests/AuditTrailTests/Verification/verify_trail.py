#!/usr/bin/env python3
"""A second verifier of trails, written from Sources/AuditTrail/FORMAT.md alone. It uses nothing but Python's own library.

    verify_trail.py FOLDER KEY...     prints the answer and the first bad record
    verify_trail.py --batch KEY...    the same for each folder that is named on a line of standard input
    verify_trail.py --cases KEY...    the same, and the folders are exported cases

A KEY is the log's or a witness's; its first byte tells which.
"""
import base64, functools, hashlib, json, os, re, sys, zlib

# --- Ed25519 (RFC 8032, section 5.1) -------------------------------------------------------------------------------

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


@functools.lru_cache(maxsize=4096)
def has_signed(key, message, signature):
    if len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), 'little') % L
    p, q = times(s, BASE), add(r, times(k, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


# --- Section 2: records --------------------------------------------------------------------------------------------

NAMES = {'v', 'log', 'seq', 'type', 'body', 'wall', 'mono_ns', 'boot_id', 'actor', 'node', 'engine'}
RUN_NAMES = {'run', 'run_seq', 'runbook', 'run_prev'}
EXACT = 2 ** 53 - 1
RUN = re.compile(r'\A[0-9A-Za-z_-][0-9A-Za-z_.-]{0,63}\Z')
WALL = re.compile(r'\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{9}Z\Z')


class NoRecord(Exception):
    pass


class OtherVersion(Exception):
    pass


def members(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise NoRecord('a name stands twice')
    return dict(pairs)


def number_text(text):
    """How RFC 8785 writes a number that is not whole as it stands."""
    value = float(text)
    if value != value or value in (float('inf'), float('-inf')):
        raise NoRecord('a number that is not finite')
    if value == 0:
        return '0'
    digits, exponent = repr(abs(value)), 0
    if 'e' in digits:
        digits, power = digits.split('e')
        exponent = int(power)
    whole, _, fraction = digits.partition('.')
    if fraction == '0':
        fraction = ''
    exponent += len(whole)
    digits = whole + fraction
    while len(digits) > 1 and digits[0] == '0':
        digits, exponent = digits[1:], exponent - 1
    digits = digits.rstrip('0') or '0'
    count, sign = len(digits), '-' if value < 0 else ''
    if count <= exponent <= 21:
        return sign + digits + '0' * (exponent - count)
    if 0 < exponent <= 21:
        return sign + digits[:exponent] + '.' + digits[exponent:]
    if -6 < exponent <= 0:
        return sign + '0.' + '0' * -exponent + digits
    power = exponent - 1
    mantissa = digits if count == 1 else digits[0] + '.' + digits[1:]
    return '%s%se%s%d' % (sign, mantissa, '-' if power < 0 else '+', abs(power))


class Number(str):
    """A number with a fraction or an exponent, as it stands."""


def canonical(value, depth=0):
    if depth > 99:
        raise NoRecord('nested too deep')
    if value is None:
        return 'null'
    if value is True or value is False:
        return 'true' if value else 'false'
    if isinstance(value, Number):
        number = float(value)
        if abs(number) > EXACT and number == int(number):
            raise NoRecord('a whole number that must be a string')
        return number_text(value)
    if isinstance(value, int):
        if abs(value) > EXACT:
            raise NoRecord('a whole number that must be a string')
        return str(value)
    if isinstance(value, str):
        short = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t'}
        return '"' + ''.join(short.get(c, '\\u%04x' % ord(c) if c < ' ' else c) for c in value) + '"'
    if isinstance(value, list):
        return '[' + ','.join(canonical(element, depth + 1) for element in value) + ']'
    ordered = sorted(value.items(), key=lambda item: item[0].encode('utf-16-be'))
    return '{' + ','.join(canonical(name) + ':' + canonical(v, depth + 1) for name, v in ordered) + '}'


def no_constant(text):
    raise NoRecord(text)


def record(line):
    if len(line) > 60000:
        raise NoRecord('too long')
    try:
        text = line.decode('utf-8')
        value = json.loads(text, object_pairs_hook=members, parse_float=Number, parse_constant=no_constant)
        written = canonical(value)
        if isinstance(value, dict) and type(value.get('v')) is int and value['v'] != 1:
            raise OtherVersion()
        if written != text:
            raise NoRecord('not canonical')
    except (ValueError, RecursionError) as problem:
        raise NoRecord(str(problem))
    if not isinstance(value, dict):
        raise NoRecord('no object')
    names, has_run = set(value), 'run' in value

    def whole(name, least):
        return isinstance(value[name], int) and not isinstance(value[name], bool) and value[name] >= least
    if names - RUN_NAMES != NAMES or value['v'] is True or value['v'] != 1:
        raise NoRecord('members')
    if not all(isinstance(value[name], str) for name in ('log', 'type', 'wall', 'mono_ns', 'boot_id', 'actor', 'node')):
        raise NoRecord('strings')
    if not whole('seq', 0) or not isinstance(value['body'], dict):
        raise NoRecord('seq or body')
    engine = value['engine']
    if not isinstance(engine, dict) or set(engine) != {'semantics', 'version'} \
            or not all(isinstance(text, str) for text in engine.values()):
        raise NoRecord('engine')
    if not is_instant(value['wall']) or not re.match(r'\A(0|[1-9]\d{0,19})\Z', value['mono_ns'], re.ASCII) \
            or int(value['mono_ns']) >= 2 ** 64:
        raise NoRecord('clocks')
    if not has_run:
        if names & RUN_NAMES:
            raise NoRecord('a place without a run')
        return value
    if not {'run_seq', 'runbook'} <= names or not whole('run_seq', 1) or not isinstance(value['run'], str) \
            or not RUN.match(value['run']) or not isinstance(value['runbook'], str):
        raise NoRecord('place')
    if ('run_prev' in names) != (value['run_seq'] > 1):
        raise NoRecord('run_prev')
    if 'run_prev' in names and (not isinstance(value['run_prev'], str) or len(value['run_prev'].encode()) != 64):
        raise NoRecord('run_prev')
    return value


def is_instant(text):
    match = WALL.match(text)
    if not match or not text.isascii():
        return False
    year, month, day, hour, minute, second = map(int, match.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60 and second < 60


def is_digest(text):
    return re.match(r'\Asha256:[0-9a-f]{64}\Z', text, re.ASCII) is not None


def references(value):
    if isinstance(value, list):
        for element in value:
            yield from references(element)
    elif isinstance(value, dict):
        if set(value) == {'digest', 'length', 'media_type'} and isinstance(value['digest'], str) \
                and isinstance(value['media_type'], str) and isinstance(value['length'], int) \
                and not isinstance(value['length'], bool):
            yield value['digest'], value['length']
        else:
            for element in value.values():
                yield from references(element)


def documents(body):
    """The digests of what a run rests on, as its first record names them."""
    named = body.get('documents')
    for entry in named if isinstance(named, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get('name'), str) and isinstance(entry.get('digest'), str) \
                and is_digest(entry['digest']):
            yield entry['digest']


# --- Section 3: the tree and its checkpoints -----------------------------------------------------------------------

def are_named(value):
    """Whether `runbook` of a run's first record is the digest of the documents that it names."""
    lines = ''.join(digest + '\n' for digest in documents(value['body']))
    return not lines or value.get('runbook') == 'sha256:' + hashlib.sha256(lines.encode()).hexdigest()


def leaf_hash(line):
    return hashlib.sha256(b'\x00' + line).digest()


class Tree:
    def __init__(self):
        self.size, self.subtrees = 0, []

    def append(self, leaf):
        rest = self.size
        while rest & 1:
            leaf = hashlib.sha256(b'\x01' + self.subtrees.pop() + leaf).digest()
            rest >>= 1
        self.subtrees.append(leaf)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b'').digest()
        root = self.subtrees[-1]
        for subtree in reversed(self.subtrees[:-1]):
            root = hashlib.sha256(b'\x01' + subtree + root).digest()
        return root


def unbase64(text):
    """The bytes, if the text is their shortest Base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data) == text else None


def is_name(name):
    return 1 <= len(name.encode()) <= 200 and not any(c <= ' ' or c == '\x7f' or c == '+' or c.isspace() for c in name)


class Key:
    LOG, WITNESS = 1, 4

    def __init__(self, text):
        self.text = text.strip()
        self.name, digits, data = self.text.split('+', 2)
        data = unbase64(data.encode())
        self.kind, self.public = data[0], data[1:]
        self.hash = hashlib.sha256(self.name.encode() + b'\n' + data).digest()[:4]
        if not is_name(self.name) or self.kind not in (Key.LOG, Key.WITNESS) or len(self.public) != 32 \
                or point(self.public) is None or self.hash.hex() != digits:
            raise ValueError('no verifier key: ' + text)

    def has_signed(self, text, signature):
        if self.kind == Key.LOG:
            return has_signed(self.public, text, signature)
        line = b'cosignature/v1\ntime %d\n' % int.from_bytes(signature[:8], 'big')
        return has_signed(self.public, line + text, signature[8:])


class Checkpoint:
    def __init__(self, data, limit=4096):
        """Raises ValueError for what is no checkpoint."""
        data.decode('utf-8')
        if len(data) > limit or any(byte < 0x20 and byte != 0x0A for byte in data):
            raise ValueError
        gap = data.rindex(b'\n\n')
        self.text, rest = data[:gap + 1], data[gap + 2:]
        if rest and not rest.endswith(b'\n'):
            raise ValueError
        self.signatures = [self.signature(line) for line in rest.split(b'\n')[:-1]]
        lines = self.text.split(b'\n')
        if len(lines) != 4 or lines[3] or not lines[0] or not re.match(rb'\A(0|[1-9]\d{0,18})\Z', lines[1]):
            raise ValueError
        self.origin, self.size, self.root = lines[0].decode(), int(lines[1]), unbase64(lines[2])
        if self.root is None or len(self.root) != 32 or self.size >= 2 ** 63:
            raise ValueError

    @staticmethod
    def signature(line):
        words = line.decode().split(' ')
        if len(words) != 3 or words[0] != '—' or not is_name(words[1]):
            raise ValueError
        data = unbase64(words[2].encode())
        if data is None or len(data) <= 4:
            raise ValueError
        return words[1], data[:4], data[4:]

    def judge(self, keys):
        """Whether a known key has signed it, and whether one is only said to have."""
        forged = False
        for key in keys:
            own = [s for name, digest, s in self.signatures if (name, digest) == (key.name, key.hash)]
            if own and all(key.has_signed(self.text, s) for s in own):
                return True, False
            forged = forged or bool(own)
        return False, forged


class Removed:
    """What the file log/removed says; Raises ValueError for what says nothing."""
    def __init__(self, data):
        if not data.endswith(b'\n'):
            raise ValueError
        text = data[:-1].decode('utf-8')
        try:
            self.body = json.loads(text, object_pairs_hook=members, parse_float=Number, parse_constant=no_constant)
            if canonical(self.body) != text or not isinstance(self.body, dict):
                raise ValueError
        except NoRecord:
            raise ValueError
        self.before, self.cut = self.body.get('before'), self.body.get('cut')
        subtrees = self.body.get('subtrees')
        if not is_count(self.before, 1) or not isinstance(self.cut, list) or not isinstance(subtrees, list):
            raise ValueError
        for run in self.cut:
            if not isinstance(run, dict) or not isinstance(run.get('run'), str) or not is_hash(run.get('leaf')) \
                    or not isinstance(run.get('runbook'), str) or not is_count(run.get('run_seq'), 1):
                raise ValueError
        if not all(is_hash(subtree) for subtree in subtrees) or len(subtrees) != bin(self.before).count('1'):
            raise ValueError
        self.tree = Tree()
        self.tree.size, self.tree.subtrees = self.before, [bytes.fromhex(subtree) for subtree in subtrees]


def is_count(value, least):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_hash(value):
    return isinstance(value, str) and re.match(r'\A[0-9a-f]{64}\Z', value, re.ASCII) is not None


# --- Section 7: time stamps ---------------------------------------------------------------------------------------

def der(data, *tags):
    """The contents of values that follow each other, as many as tags, and what is behind them."""
    found = []
    for tag in tags:
        if len(data) < 2 or data[0] != tag:
            raise ValueError
        length, start = data[1], 2
        if length >= 0x80:
            count = length & 0x7F
            if not 1 <= count <= 3 or len(data) < 2 + count:
                raise ValueError
            length, start = int.from_bytes(data[2:2 + count], 'big'), 2 + count
        if len(data) < start + length:
            raise ValueError
        found.append(data[start:start + length])
        data = data[start + length:]
    return (*found, data)


def imprint(data):
    """What a reply of a time stamping authority is over: a SHA-256 digest; None for anything else."""
    try:
        if len(data) > 65536:
            raise ValueError
        whole, rest = der(data, 0x30)
        status, content, _ = der(whole, 0x30, 0x30)
        granted, _ = der(status, 0x02)
        _, wrapped, _ = der(content, 0x06, 0xA0)
        signed, _ = der(wrapped, 0x30)
        _, _, inner, _ = der(signed, 0x02, 0x31, 0x30)
        kind, octets, _ = der(inner, 0x06, 0xA0)
        info, _ = der(octets, 0x04)
        stamp, behind = der(info, 0x30)
        _, _, over, _, time, _ = der(stamp, 0x02, 0x06, 0x30, 0x02, 0x18)
        algorithm, digest, _ = der(over, 0x30, 0x04)
        name, _ = der(algorithm, 0x06)
        if rest or behind or granted not in (b'\0', b'\1') or kind.hex() != '2a864886f70d0109100104' \
                or name.hex() != '608648016503040201' or not all(0x2E <= byte <= 0x5A for byte in time):
            raise ValueError
        return digest
    except ValueError:
        return None


# --- Section 4: verification ---------------------------------------------------------------------------------------

class Verifier:
    def __init__(self, folder, keys):
        self.folder = folder
        self.keys = [key for key in keys if key.kind == Key.LOG]
        self.witnesses = [key for key in keys if key.kind == Key.WITNESS]
        self.problems, self.tree, self.runs = [], Tree(), {}
        self.evidence, self.gone, self.unsigned_before = [], set(), None
        self.documents, self.is_key_recorded = {}, False
        self.remains, self.roots, self.expected = False, {}, 0
        self.start, self.removed, self.removal_recorded = 0, None, False
        self.is_understood = True

    def problem(self, check, number=None):
        self.problems.append((check, number))

    def verify(self):
        self.read_checkpoints()
        self.read_removed()
        self.read_anchors()
        self.read_log()
        if self.is_understood and self.removed and not self.removal_recorded:
            self.problem('retained')
        last = self.last
        if last:
            if self.tree.size < last.size:
                self.problem('size', self.tree.size)
            elif self.roots.get(last.size) != last.root:
                self.problem('root')
            self.judge_others()
        if self.missing and not (last and last.size == self.tree.size == 0 and not self.remains):
            self.problem('checkpoints')
        for damage in self.damaged:
            if not last or not (self.tree.size > last.size or self.remains):
                self.problem(damage)
        if self.is_understood:
            self.judge_evidence()
            self.judge_documents()
        self.judge_anchors()
        if self.problems:
            return 'TAMPERED', self.first_bad()
        if not self.is_understood or self.tree.size == self.start or last is None or not last.trusted \
                or self.is_word_missing(self.anchors):
            return 'UNVERIFIABLE', None
        return ('VERIFIED-PREFIX' if self.tree.size > last.size or self.remains else 'VERIFIED'), None

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def read_checkpoints(self):
        self.damaged, self.checkpoints, self.missing = [], [], 0
        for slot in '01':
            try:
                with open(self.path('log', 'checkpoint.' + slot), 'rb') as file:
                    checkpoint = Checkpoint(file.read())
            except FileNotFoundError:
                self.missing += 1
                continue
            except ValueError:
                self.damaged.append('checkpoints')
                continue
            checkpoint.trusted, forged = checkpoint.judge(self.keys)
            if forged:
                self.damaged.append('signature')
            else:
                self.checkpoints.append(checkpoint)
        self.checkpoints.sort(key=lambda c: (c.trusted, c.size))
        self.last = self.checkpoints[-1] if self.checkpoints else None

    def read_removed(self):
        try:
            with open(self.path('log', 'removed'), 'rb') as file:
                data = file.read(65537)
            self.removed = Removed(data) if len(data) <= 65536 else None
            if self.removed is None:
                raise ValueError
        except FileNotFoundError:
            return
        except ValueError:
            self.problem('retained')
            return
        self.tree, self.start, self.expected = self.removed.tree, self.removed.before, self.removed.before
        for run in self.removed.cut:
            self.runs[run['run']] = {
                'sequence': run['run_seq'], 'leaf': run['leaf'], 'runbook': run['runbook'], 'closed': False}

    def read_anchors(self):
        self.anchors = []
        for name in sorted(os.listdir(self.path('anchors'))) if os.path.isdir(self.path('anchors')) else []:
            match = re.match(r'\A(0|[1-9]\d{0,18})\.checkpoint\Z', name, re.ASCII)
            if not match:
                continue
            try:
                with open(self.path('anchors', name), 'rb') as file:
                    anchor = Checkpoint(file.read(), 65536)
                if anchor.size != int(match.group(1)):
                    raise ValueError
            except ValueError:
                self.problem('anchor')
                continue
            self.anchors.append(anchor)
            stamp = self.path('anchors', match.group(1) + '.tsr')
            if os.path.exists(stamp):
                with open(stamp, 'rb') as file:
                    if imprint(file.read()) != hashlib.sha256(anchor.text).digest():
                        self.problem('anchor')

    def judge_anchors(self):
        for anchor in self.anchors:
            if self.last and anchor.origin != self.last.origin or self.keys and not anchor.judge(self.keys)[0] \
                    or anchor.size > self.tree.size or self.roots.get(anchor.size, anchor.root) != anchor.root \
                    or any(anchor.judge([witness])[1] for witness in self.witnesses):
                self.problem('anchor')

    def is_word_missing(self, anchors):
        return any(not any(anchor.judge([witness])[0] for anchor in anchors) for witness in self.witnesses)

    def judge_others(self):
        last = self.last
        for other in self.checkpoints[:-1]:
            if other.size < self.start:
                self.problem('earlier_checkpoint')
            unsigned = not other.signatures and self.unsigned_before is not None and other.size <= self.unsigned_before
            if last.trusted and not other.trusted and not unsigned:
                self.problem('earlier_checkpoint')
            elif other.size > last.size or other.origin != last.origin \
                    or self.roots.get(other.size, other.root) != other.root:
                self.problem('earlier_checkpoint')

    def files(self):
        found = []
        for name in os.listdir(self.path('log')):
            match = re.match(r'\Atrail-(\d{16})\.jsonl\Z', name, re.ASCII)
            if name == 'trail.jsonl':
                found.append((0, name))
            elif match and int(match.group(1)) > 0:
                found.append((int(match.group(1)), name))
        return sorted(entry for entry in found if entry[0] >= self.start)

    def read_log(self):
        wanted = {checkpoint.size for checkpoint in self.checkpoints} | {anchor.size for anchor in self.anchors}
        covered = self.last.size if self.last else None
        continued, is_first = False, True
        if self.start in wanted:
            self.roots[self.start] = self.tree.root()
        for first, name in self.files():
            if self.remains:
                break
            if self.is_understood and (first != self.tree.size or not is_first and not continued):
                self.problem('segments', self.tree.size)
            continued, is_first = False, False
            with open(self.path('log', name), 'rb') as file:
                lines = file.read().split(b'\n')
            for line in lines[:-1]:
                number = self.tree.size
                leaf = leaf_hash(line)
                if self.is_understood:
                    try:
                        value = record(line)
                    except (NoRecord, OtherVersion) as damage:
                        if covered is not None and number >= covered:
                            self.remains = True
                            break
                        if isinstance(damage, OtherVersion):
                            self.is_understood = False
                        else:
                            self.problem('form', number)
                            self.expected += 1
                    else:
                        if continued:
                            self.problem('segments', number)
                        if self.take(value, number, leaf):
                            continued = True
                self.tree.append(leaf)
                if self.tree.size in wanted:
                    self.roots[self.tree.size] = self.tree.root()
            if lines[-1]:
                if covered is None or self.tree.size < covered:
                    self.problem('form', self.tree.size)
                else:
                    self.remains = True

    def take(self, value, number, leaf):
        """Looks at a record; tells whether the log goes on in another file."""
        if self.last and value['log'] != self.last.origin:
            self.problem('origin', number)
        if value['seq'] != self.expected:
            self.problem('sequence', number)
        self.expected = value['seq'] + 1
        body, kind = value['body'], value['type']
        if 'run' in value:
            self.take_place(value, number, leaf)
            self.evidence += [(digest, length, number) for digest, length in references(body)]
            if kind == 'run.started' and value['run_seq'] == 1:
                if not are_named(value):
                    self.problem('runbook', number)
                for digest in documents(body):
                    self.documents.setdefault(digest, number)
            return False
        if kind == 'log.key':
            before = body.get('unsigned_before')
            if isinstance(before, int) and not isinstance(before, bool):
                if self.is_key_recorded:
                    self.problem('signature', number)
                self.unsigned_before = before
            self.is_key_recorded = True
        elif kind == 'log.recovered':
            lost = body.get('lost_evidence')
            self.gone.update(digest for digest in lost if isinstance(digest, str)) if isinstance(lost, list) else None
        elif kind == 'log.retained':
            if self.removed and self.last and number < self.last.size \
                    and canonical(body) == canonical(self.removed.body):
                self.removal_recorded = True
        elif kind == 'evidence.erased':
            if isinstance(body.get('digest'), str):
                self.gone.add(body['digest'])
        elif kind != 'log.continued':
            self.evidence += [(digest, length, number) for digest, length in references(body)]
        return kind == 'log.continued'

    def take_place(self, value, number, leaf):
        known = self.runs.get(value['run'], {'sequence': 0, 'leaf': None, 'runbook': value['runbook'], 'closed': False})
        if known['closed']:
            self.problem('closed', number)
        if value['run_seq'] != known['sequence'] + 1:
            self.problem('run_sequence', number)
        elif value.get('run_prev') != known['leaf']:
            self.problem('run_link', number)
        if value['runbook'] != known['runbook']:
            self.problem('runbook', number)
        closed = value['type'] == 'run.closed'
        if closed:
            words = {name: v for name, v in value['body'].items() if name not in ('records', 'verdict_hash')}
            records = value['body'].get('records')
            if isinstance(records, bool) or not isinstance(records, int) or records != value['run_seq']:
                self.problem('count', number)
            if value['body'].get('verdict_hash') != 'sha256:' + hashlib.sha256(canonical(words).encode()).hexdigest():
                self.problem('verdict_hash', number)
        self.runs[value['run']] = {
            'sequence': value['run_seq'], 'leaf': leaf.hex(), 'runbook': known['runbook'], 'closed': closed}

    def judge_evidence(self):
        covered = self.last.size if self.last else 2 ** 63
        for digest, length, number in self.evidence:
            state = self.piece(digest)
            if state in (None, False) and digest not in self.gone and number >= covered and is_digest(digest):
                continue
            if state is None and digest not in self.gone:
                self.problem('evidence_missing', number)
            elif state is False and digest not in self.gone:
                self.problem('evidence', number)
            elif state not in (None, False) and len(state) != length:
                self.problem('evidence', number)

    def judge_documents(self):
        covered = self.last.size if self.last else 2 ** 63
        for digest, number in self.documents.items():
            try:
                with open(self.path('documents', digest[7:]), 'rb') as file:
                    is_good = hashlib.sha256(file.read()).hexdigest() == digest[7:]
            except FileNotFoundError:
                is_good = False
            if not is_good and number < covered:
                self.problem('document', number)

    def piece(self, digest):
        """The bytes; None if they are not there, False if they are not what the digest stands for."""
        if not is_digest(digest):
            return False
        digits = digest[7:]
        for folder in (digits[:2], 'incoming'):
            for suffix in ('', '.z'):
                try:
                    with open(self.path('evidence', folder, digits + suffix), 'rb') as file:
                        data = file.read()
                except FileNotFoundError:
                    continue
                salt, kept = data[:32], data[32:]
                if suffix:
                    stream = zlib.decompressobj()
                    try:
                        kept = stream.decompress(kept, 1 << 28)
                    except zlib.error:
                        return False
                    if not stream.eof or stream.unused_data:
                        return False
                ok = len(salt) == 32 and hashlib.sha256(salt + kept).hexdigest() == digits
                return kept if ok else False
        return None

    def first_bad(self):
        named = [number for _, number in self.problems if number is not None]
        if any(check in ('root', 'size') for check, _ in self.problems):
            found = self.first_changed()
            if found is not None:
                return found
        return min(named) if named else None

    def first_changed(self):
        try:
            with open(self.path('log', 'leaves'), 'rb') as file:
                data = file.read()
        except FileNotFoundError:
            return None
        if len(data) < 32 * self.last.size or self.last.size < self.start:
            return None
        leaves, tree = [data[32 * i:32 * i + 32] for i in range(self.last.size)], Tree()
        if self.removed:
            tree.size, tree.subtrees = self.start, [bytes.fromhex(text) for text in self.removed.body['subtrees']]
            leaves = leaves[self.start:]
        for leaf in leaves:
            tree.append(leaf)
        if tree.root() != self.last.root:
            return None
        number = 0
        for _, name in self.files():
            with open(self.path('log', name), 'rb') as file:
                lines = file.read().split(b'\n')
            for index, line in enumerate(lines):
                last = index == len(lines) - 1
                if last and not line:
                    break
                if number >= len(leaves):
                    return None
                if last or len(line) > 60000 or leaf_hash(line) != leaves[number]:
                    return self.start + number
                number += 1
        return self.start + number if number < len(leaves) else None


# --- Section 6: exported cases --------------------------------------------------------------------------------------

def is_included(leaf, index, size, root, hashes):
    """RFC 9162, section 2.1.3.2."""
    last, node = size - 1, leaf
    for sibling in hashes:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = hashlib.sha256(b'\x01' + sibling + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b'\x01' + node + sibling).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and node == root


class CaseVerifier(Verifier):
    PAYLOAD_TYPE = 'application/vnd.in-toto+json'

    def verify(self):
        try:
            head, data = self.contents('checkpoint'), self.contents('records.jsonl')
        except FileNotFoundError:
            return 'NOTHING', None
        self.is_prefix, trusted = False, False
        try:
            self.last = Checkpoint(head, 65536)
            trusted, forged = self.last.judge(self.keys)
            if forged:
                self.problem('signature')
        except ValueError:
            self.last = None
            self.problem('checkpoints')
        if data and not data.endswith(b'\n'):
            self.problem('form')
        self.records = []
        try:
            for line in data.split(b'\n')[:-1]:
                self.take_line(line, head)
        except OtherVersion:
            self.is_understood = False
        if self.is_understood:
            for value in self.records:
                self.judge_pieces(value)
            if self.records:
                self.judge_case_documents()
                if self.last:
                    self.judge_statement(data)
        if self.last:
            self.judge_anchor()
        if not self.records or self.records[-1]['type'] != 'run.closed':
            self.is_prefix = True
        if self.problems:
            return 'TAMPERED', min((n for _, n in self.problems if n is not None), default=None)
        if not self.is_understood or not self.records or not trusted or self.is_word_missing([self.last]):
            return 'UNVERIFIABLE', None
        return ('VERIFIED-PREFIX' if self.is_prefix else 'VERIFIED'), None

    def judge_anchor(self):
        if any(self.last.judge([witness])[1] for witness in self.witnesses):
            self.problem('anchor')
        try:
            stamp = self.contents('checkpoint.tsr')
        except FileNotFoundError:
            return
        if imprint(stamp) != hashlib.sha256(self.last.text).digest():
            self.problem('anchor')

    def contents(self, *names):
        with open(self.path(*names), 'rb') as file:
            return file.read()

    def take_line(self, line, head):
        try:
            value = record(line)
        except NoRecord:
            return self.problem('form')
        number, leaf = value['seq'], leaf_hash(line)
        first = self.records[0] if self.records else value
        if 'run' not in value or value['run'] != first.get('run', value['run']):
            self.problem('run_sequence', number)
        if self.last and value['log'] != self.last.origin:
            self.problem('origin', number)
        if 'run' in value:
            self.take_place(value, number, leaf)
        if not self.last or number >= self.last.size:
            self.is_prefix = True
        elif not self.is_proved(number, leaf, head):
            self.problem('proof', number)
        self.records.append(value)

    def is_proved(self, number, leaf, head):
        try:
            text, _, checkpoint = self.contents('proofs', '%d.tlog-proof' % number).partition(b'\n\n')
        except FileNotFoundError:
            return False
        lines = text.split(b'\n')
        hashes = [unbase64(line) for line in lines[2:]]
        return lines[:2] == [b'c2sp.org/tlog-proof@v1', b'index %d' % number] and checkpoint == head \
            and all(digest is not None and len(digest) == 32 for digest in hashes) \
            and is_included(leaf, number, self.last.size, self.last.root, hashes)

    def judge_pieces(self, value):
        try:
            erased = json.loads(self.contents('case.json').decode('utf-8')).get('erased', [])
        except (FileNotFoundError, ValueError, AttributeError):
            erased = []
        for digest, length in references(value['body']):
            try:
                data = self.contents('evidence', digest[7:]) if is_digest(digest) else b''
            except FileNotFoundError:
                if isinstance(erased, list) and digest in erased:
                    self.is_prefix = True
                else:
                    self.problem('evidence_missing', value['seq'])
                continue
            if len(data) < 32 or hashlib.sha256(data).hexdigest() != digest[7:] or len(data) - 32 != length:
                self.problem('evidence', value['seq'])

    def judge_case_documents(self):
        first = self.records[0]
        if first['type'] == 'run.started' and 'run' in first and not are_named(first):
            self.problem('runbook', first['seq'])
        for digest in documents(self.records[0]['body']):
            try:
                if hashlib.sha256(self.contents('documents', digest[7:])).hexdigest() != digest[7:]:
                    self.problem('evidence', self.records[0]['seq'])
            except FileNotFoundError:
                self.is_prefix = True

    def judge_statement(self, data):
        try:
            payload, signatures = self.envelope(self.contents('statement.dsse.json'))
            subjects = json.loads(payload.decode('utf-8'))['subject']
            named = [(subject['name'], subject['digest']['sha256']) for subject in subjects[2:]]
            if len(subjects) < 2 or any(
                    not isinstance(name, str) or '/' in name or name.startswith('.') or not is_digest('sha256:' + digits)
                    for name, digits in named):
                raise ValueError
        except FileNotFoundError:
            self.is_prefix = True
            return
        except (ValueError, KeyError, TypeError, IndexError):
            return self.problem('statement')
        if canonical(self.statement(data, named)).encode() != payload:
            self.problem('statement')
        message = b'DSSEv1 %d %s %d %s' % (
            len(self.PAYLOAD_TYPE), self.PAYLOAD_TYPE.encode(), len(payload), payload)
        found = [key.has_signed(message, signature)
                 for key in self.keys for name, signature in signatures if name == key.text]
        if not all(found):
            self.problem('statement')
        elif not found:
            self.is_prefix = True
        else:
            for name, digits in named:
                self.judge_named(name, digits)

    def judge_named(self, name, digits):
        try:
            if hashlib.sha256(self.contents(name)).hexdigest() != digits:
                self.problem('statement')
        except FileNotFoundError:
            self.is_prefix = True

    def envelope(self, data):
        value = json.loads(data.decode('utf-8'), object_pairs_hook=members)
        payload = unbase64(value['payload'].encode())
        signatures = [(entry['keyid'], unbase64(entry['sig'].encode())) for entry in value['signatures']]
        again = {'payload': value['payload'], 'payloadType': self.PAYLOAD_TYPE, 'signatures': [
            {'keyid': entry['keyid'], 'sig': entry['sig']} for entry in value['signatures']]}
        if payload is None or any(data is None for _, data in signatures) or (canonical(again) + '\n').encode() != data:
            raise ValueError
        return payload, signatures

    def statement(self, data, named):
        first = self.records[0]
        closed = next((value for value in reversed(self.records) if value['type'] == 'run.closed'), None)
        body = closed['body'] if closed else {}
        subjects = [('records.jsonl', hashlib.sha256(data).hexdigest()), ('runbook', first.get('runbook', '')[7:])]
        return {
            '_type': 'https://in-toto.io/Statement/v1', 'predicateType': 'https://tocsin.dev/verdict/v1',
            'subject': [{'name': name, 'digest': {'sha256': digits}} for name, digits in subjects + named],
            'predicate': {
                'run': first.get('run', ''), 'runbook': first['body'].get('runbook'),
                'version': first['body'].get('version'), 'verdict': body.get('verdict'),
                'severity': body.get('severity'), 'closed': closed['wall'] if closed else None,
                'log': {'origin': self.last.origin, 'size': self.last.size,
                        'root': base64.b64encode(self.last.root).decode()}}}


def main():
    batch = sys.argv[1] in ('--batch', '--cases')
    verifier = CaseVerifier if sys.argv[1] == '--cases' else Verifier
    keys = [Key(text) for text in sys.argv[2:]]
    for folder in (line.rstrip('\n') for line in sys.stdin) if batch else [sys.argv[1]]:
        answer, first = verifier(folder, keys).verify()
        print(answer, '-' if first is None else first, flush=True)
    return 0 if batch or answer == 'VERIFIED' else 1


if __name__ == '__main__':
    sys.exit(main())
