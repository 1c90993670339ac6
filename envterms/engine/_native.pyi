from envterms.engine.cleaning import Ask
from envterms.engine.hits import Numbers

def adjoining(starts: Numbers, ends: Numbers, forms: Numbers, winners: Numbers, reach: int) -> list[int]: ...
def asked(
    text: str, starts: Numbers, ends: Numbers, forms: Numbers, rules: Numbers, before: Numbers, after: Numbers
) -> tuple[list[int], list[int]]: ...
def bridged(
    classes: memoryview, cells: memoryview, forms: int, text: str, left: int, right: int, reach: int
) -> list[tuple[int, int]]: ...
def clean(
    text: str,
    classes: bytes,
    letters: bytes,
    readings: memoryview,
    folded: memoryview,
    blocks: bytes,
    inlines: bytes,
    ask: Ask,
) -> tuple[str, tuple[bytes, bytes, bytes]]: ...
def coded(ends: Numbers, forms: Numbers, winners: Numbers, mended: Numbers) -> list[int]: ...
def completed(
    classes: memoryview, cells: memoryview, forms: int, text: str, end: int, rest: str, reach: int
) -> list[int]: ...
def continued(
    classes: memoryview, cells: memoryview, forms: int, head: str, text: str, start: int, reach: int
) -> list[int]: ...
def decided(
    rules: memoryview,
    lists: memoryview,
    forms: int,
    text: str,
    starts: Numbers,
    ends: Numbers,
    numbers: Numbers,
    hits: Numbers,
) -> tuple[list[int], list[int]]: ...
def find(classes: memoryview, cells: memoryview, text: str) -> int: ...
def fold(table: memoryview, text: str) -> str: ...
def joinable(
    classes: memoryview,
    cells: memoryview,
    forms: int,
    text: str,
    starts: Numbers,
    ends: Numbers,
    numbers: Numbers,
    winners: Numbers,
    hits: Numbers,
    whys: Numbers,
    tails: memoryview,
    heads: memoryview,
) -> tuple[list[int], list[int]]: ...
def longest(
    starts: Numbers, ends: Numbers, forms: Numbers, owners: Numbers, told: Numbers, terms: Numbers
) -> bytes: ...
def mended(
    original: str,
    starts: Numbers,
    ends: Numbers,
    gap_starts: Numbers,
    gap_shifts: Numbers,
    gap_kinds: bytes,
    marks: Numbers,
) -> bytes: ...
def scan(
    classes: memoryview,
    cells: memoryview,
    pairs: memoryview,
    beginnings: memoryview,
    short: memoryview,
    forms: int,
    longest: int,
    text: str,
) -> tuple[bytes, bytes, bytes]: ...
def total(weights: bytes, text: str) -> int: ...
def utf8_end(data: bytes) -> int: ...
def verbs(classes: memoryview, cells: memoryview, roles: memoryview, text: str, places: Numbers) -> list[str]: ...
