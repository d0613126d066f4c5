"""How Go's standard library splits, trims, quotes and parses the texts that robfig/cron hands to it."""

from __future__ import annotations

import re

from schedc.engines.model import CronError
from schedc.patterns import pattern

_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = pattern(f"[{_SPACES}]+")
_OUTER = pattern(f"^[{_SPACES}]+|[{_SPACES}]+\\Z")
_INTEGER = pattern(r"[+-]?[0-9]+", re.ASCII)
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_MAX = (1 << 63) - 1

_SECOND = 1_000_000_000
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3600 * _SECOND,
}
_NUMBER = pattern(r"([0-9]*)(?:(\.)([0-9]*))?", re.ASCII)
_UNIT = pattern(r"[^.0-9]*", re.ASCII)


def fields(text: str) -> list[str]:
    """The parts of a text between blanks (`strings.Fields`, which knows other blanks than Python)."""
    return [part for part in _SPACE.split(text) if part]


def trim(text: str) -> str:
    """A text without the blanks around it (`strings.TrimSpace`)."""
    return _OUTER.sub("", text)


def lower(text: str) -> str:
    """Lower case one letter at a time, as Go does: a dotted capital I becomes a plain i."""
    return text.replace("\u0130", "i").lower()


def quote(text: str) -> str:
    """`strconv.Quote`."""
    parts = []
    for char in text:
        if char in '"\\':
            parts.append("\\" + char)
        elif char in _ESCAPES:
            parts.append(_ESCAPES[char])
        elif char.isprintable():
            parts.append(char)
        elif ord(char) < 0x80:
            parts.append(f"\\x{ord(char):02x}")
        else:
            parts.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
    return '"' + "".join(parts) + '"'


def integer(text: str) -> int:
    """`strconv.Atoi`. Raises `CronError` with its words."""
    digits = _INTEGER.match(text)
    value = _number(digits.group()) if digits else 0
    whole = digits is not None and digits.end() == len(text)
    # Digits are read one by one: too many of them are noticed before what follows them.
    if abs(value) >> 64 or (whole and not -_MAX - 1 <= value <= _MAX):
        raise CronError(f"strconv.Atoi: parsing {quote(text)}: value out of range")
    if not whole:
        raise CronError(f"strconv.Atoi: parsing {quote(text)}: invalid syntax")
    return value


def _number(digits: str) -> int:
    """The value of a signed number, cut off far above what Go can hold: Python refuses to read very long ones."""
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits.removeprefix("+"))
    return sign * int(digits.lstrip("0")[:40] or "0")


def duration(text: str) -> int:
    """The nanoseconds of a Go duration such as `1h30m`. Raises `CronError` with Go's words."""
    invalid = CronError(f"time: invalid duration {_quote_plainly(text)}")
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    if not rest:
        raise invalid
    total = 0
    while rest:
        number = _NUMBER.match(rest)
        assert number is not None
        whole, _, fraction = number.groups()
        if not whole and not fraction:
            raise invalid
        value = _number(whole)
        if value > 1 << 63:
            raise invalid
        rest = rest[number.end() :]
        unit_match = _UNIT.match(rest)
        unit = unit_match.group() if unit_match else ""
        if not unit:
            raise CronError(f"time: missing unit in duration {_quote_plainly(text)}")
        rest = rest[len(unit) :]
        if unit not in _UNITS:
            raise CronError(f"time: unknown unit {_quote_plainly(unit)} in duration {_quote_plainly(text)}")
        nanoseconds = _UNITS[unit]
        if value > (1 << 63) // nanoseconds:
            raise invalid
        value = value * nanoseconds + _fraction(fraction or "", nanoseconds)
        total += value
        if value > 1 << 63 or total > 1 << 63:
            raise invalid
    if text.startswith("-"):
        return -total
    if total > _MAX:
        raise invalid
    return total


def _fraction(digits: str, unit: int) -> int:
    """The nanoseconds of the digits after a point, with Go's float64 rounding; digits that overflow are not read."""
    value, scale = 0, 1.0
    for digit in digits:
        if value > _MAX // 10 or value * 10 + int(digit) > 1 << 63:
            break
        value = value * 10 + int(digit)
        scale *= 10
    return int(float(value) * (unit / scale))


def _quote_plainly(text: str) -> str:
    """The quoting of package time, in which everything that is not printable ASCII becomes bytes."""
    parts: list[str] = []
    for char in text:
        if ord(char) >= 0x80 or char < " ":
            parts.extend(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
        else:
            parts.append("\\" + char if char in '"\\' else char)
    return '"' + "".join(parts) + '"'
