"""What croniter makes of an expression: each field expanded to a set of numbers, `*` and `l`, in the ways it changed.

| family | releases | reads differently |
|---|---|---|
| 3 | up to 3.0.4 | no ranges that wrap; weekday steps run to 7 |
| 5 | 5.0 | `1-1` and `59/15` are the whole field |
| 6.0 | 6.0 | as 5; searches backward differently (`croniter_days`) |
| 6.2 | 6.2 | also `15W` |
| 7 | 7.0 | `59/15` is 59 alone; ASCII only; day 0 never, weekday 7 also beside seconds |
"""

from __future__ import annotations

import re

from schedc.engines.model import CronError
from schedc.records import dataclass

FAMILIES = ("3", "5", "6.0", "6.2", "7")
MINUTE, HOUR, DAY, MONTH, WEEKDAY, SECOND, YEAR = range(7)

_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6), (0, 59), (1970, 2099))
_SIZES = (60, 24, 31, 12, 7, 60, 130)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_NAMES: dict[int, dict[str, int | str]] = {
    DAY: {"l": "l"},
    MONTH: {name: number for number, name in enumerate(_MONTHS, 1)},
    WEEKDAY: {name: number for number, name in enumerate(_WEEKDAYS)},
}
_NICKNAMES = {
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}

Item = int | str
"""A number, `*` (everything) or `l` (the last day of the month)."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The fields in the order minute, hour, day, month, weekday, second, year (as many as were written).

    `nth` are pairs of a weekday and its number in the month, 0 for the last; `nearest` is the day of a `W`.
    """

    fields: tuple[frozenset[Item], ...]
    nth: frozenset[tuple[int, int]]
    nearest: int | None


def expand(text: str, family: str) -> Expansion:
    """Expand an expression. Raises `CronError` with croniter's reason."""
    lowered = text.lower()
    lowered = _NICKNAMES.get(lowered, lowered)
    written = re.findall(r"\S+", lowered, re.ASCII) if family == "7" else lowered.split()
    if len(written) not in (5, 6, 7):
        raise CronError("Exactly 5, 6 or 7 columns has to be specified for iterator expression.")
    reader = _Fields(text, tuple(written), family)
    return reader.expansion()


class _Fields:
    """One pass over the fields of one expression."""

    def __init__(self, text: str, written: tuple[str, ...], family: str) -> None:
        self.text = text
        self.written = written
        self.family = family
        self.flags = re.ASCII if family == "7" else re.UNICODE
        self.nth: set[tuple[int, int]] = set()
        self.nearest: int | None = None
        self.random = False

    def expansion(self) -> Expansion:
        fields = tuple(self.field(index, item) for index, item in enumerate(self.written))
        literal = fields[WEEKDAY] - {day for day, _ in self.nth} - {"*"}
        if self.nth and literal and len(fields[WEEKDAY]) != _SIZES[WEEKDAY]:
            raise CronError("day-of-week field does not support mixing literal values and nth day of week syntax.")
        if self.random:
            raise CronError(f"[{self.text}] is drawn at random again whenever it is asked")
        return Expansion(fields, frozenset(self.nth), self.nearest)

    def refuse(self, why: str = "") -> CronError:
        return CronError(f"[{self.text}] is not acceptable{why}")

    def bounds(self, index: int) -> tuple[int, int]:
        return (0, 7) if index == WEEKDAY and self.family == "3" else _BOUNDS[index]

    def field(self, index: int, written: str) -> frozenset[Item]:
        written = self.drawn(index, written)
        if "?" in written:
            if written != "?":
                raise self.refuse(". Question mark can not used with other characters")
            if index not in (DAY, WEEKDAY):
                raise self.refuse(". Question mark can only used in day_of_month or day_of_week")
            written = "*"
        items = written.split(",")
        found: set[Item] = set()
        for item in reversed(items):
            found |= self.item(index, item, len(items))
        if len(found) == _SIZES[index]:
            other = {DAY: WEEKDAY, WEEKDAY: DAY}.get(index)
            if other is None or "*" in self.written[other]:
                return frozenset("*")
        return frozenset(found)

    def drawn(self, index: int, written: str) -> str:
        """Replace `R`, which is random, by any number of its field; refuse `H`."""
        if not written.startswith(("h", "r")):
            return written
        match = re.match(r"^([hr])(?:\((\d+)-(\d+)\))?(?:/(\d+))?$", written, self.flags)
        if not match:
            return written
        kind, first, last, divisor = match.groups()
        if kind == "h":
            raise CronError("Hashed definitions must include hash_id")
        if first is not None and int(first) >= int(last):
            raise CronError("Range end must be greater than range begin")
        if divisor is not None and int(divisor) == 0:
            raise CronError(f"Bad expression: {written}")
        self.random = True
        return str(_BOUNDS[index][0])

    def item(self, index: int, item: str, count: int) -> set[Item]:
        number = 0
        last = False
        if index == WEEKDAY and ("#" in item or "l" in item):
            names = "|".join(_WEEKDAYS)
            if match := re.match(rf"^((?:(?:{names})-(?:{names}))|\w+)#(\d+)$", item, self.flags):
                item, number = match.group(1), int(match.group(2))
                if not 1 <= number <= 5:
                    raise self.refuse(f". Invalid day_of_week value: '{match.group(2)}'")
            elif match := re.match(r"^l(\d+)$", item, self.flags):
                item, last = match.group(1), True
        if (
            index == DAY
            and "w" in item
            and self.family in ("6.2", "7")
            and (match := re.match(r"^(?:(\d+)w|w(\d+))$", item, self.flags))
        ):
            day = int(match.group(1) or match.group(2))
            if not 1 <= day <= 31:
                raise self.refuse(f", nearest weekday day value '{day}' out of range")
            if count > 1:
                raise self.refuse(". 'W' can only be used with a single day value, not in a list or range")
            self.nearest = day
            return {day}
        values = self.stretch(index, item)
        found: set[Item] = set()
        if values is None:
            found.add(self.single(index, item))
        else:
            found.update(self.checked(index, value) for value in values)
        if number or last:
            self.nth |= {(int(day), number) for day in found}
        return found

    def stretch(self, index: int, item: str) -> list[int] | None:
        """The values of a range or a step, None for any other item."""
        if "-" not in item and "/" not in item:
            return None
        lowest, highest = self.bounds(index)
        pattern = r"^([^-]+)-([^-/]+)(?:/(\d+))?$"
        spelled = re.sub(r"^\*(/.+)$", rf"{lowest}-{highest}\1", item)
        match = re.search(pattern, spelled, self.flags)
        open_ended = False
        if not match:
            spelled = re.sub(r"^(.+)/(.+)$", rf"\1-{highest}/\2", item)
            match = re.search(pattern, spelled, self.flags)
            open_ended = match is not None
        if not match:
            return None
        low_text, high_text = match.group(1), match.group(2)
        step = int(match.group(3) or 1)
        if index == DAY and high_text == "l":
            high_text = "31"
        low, high = self.band(index, low_text), self.band(index, high_text)
        if self.family == "3":
            return self.plain_range(index, low, high, step, high_text in ("0", "sun"))
        if step == 0:
            raise CronError(f"[{self.text}] step '0' in field {index} is not acceptable")
        if isinstance(low, str) or isinstance(high, str):
            raise CronError(f"[{self.text}] bands '{low}-{high}' in field {index} are not acceptable")
        low, high = self.alias(index, low), self.alias(index, high)
        if max(low, high) > highest:
            raise CronError(f"{self.text} is out of bands")
        if low == high:
            if self.family == "7" and open_ended:
                return [low]
            return list(range(lowest, highest + 1, step))
        if low < high:
            return list(range(low, high + 1, step))
        return self.wrapped_range(index, low, high, step)

    def plain_range(self, index: int, low: Item, high: Item, step: int, to_sunday: bool) -> list[int]:
        if isinstance(low, str) or isinstance(high, str):
            raise CronError(f"[{self.text}] bands '{low}-{high}' in field {index} are not acceptable")
        if low > high:
            if index != WEEKDAY or not to_sunday:
                raise self.refuse()
            high = 7
        if max(low, high) > self.bounds(index)[1]:
            raise CronError(f"{self.text} is out of bands")
        if step == 0:
            raise CronError("invalid range: range() arg 3 must not be zero")
        return list(range(low, high + 1, step))

    def wrapped_range(self, index: int, low: int, high: int, step: int) -> list[int]:
        """A range over the end of its field; the step does not always carry on evenly after it."""
        lowest, highest = _BOUNDS[index]
        before = list(range(low, highest + 1, step))
        unused = highest - before[-1]
        beyond = before[-1] - lowest + step > highest - lowest + 1
        skipped = step - unused if beyond and unused < step else 0
        return before + list(range(lowest + skipped, high + 1, step))

    def band(self, index: int, text: str) -> Item:
        is_number = text.isdecimal() and (self.family != "7" or text.isascii())
        return int(text) if is_number else self.name(index, text)

    def name(self, index: int, text: str) -> Item:
        try:
            return _NAMES[index][text]
        except KeyError:
            raise CronError(f"[{' '.join(self.written)}] is not acceptable") from None

    def alias(self, index: int, value: int) -> int:
        """Weekday 7 as 0 and day 0 as 1, where the number of fields lets it."""
        count = len(self.written)
        if index == WEEKDAY and value == 7:
            return 0 if count == 5 or self.family == "7" else 7
        if index == DAY and value == 0:
            return 1 if count == 6 and self.family != "7" else 0
        return value

    def checked(self, index: int, value: int) -> int:
        value = self.alias(index, value)
        lowest, highest = self.bounds(index)
        if not lowest <= value <= highest:
            raise self.refuse(", out of range")
        return value

    def single(self, index: int, item: str) -> Item:
        if item.startswith("-"):
            raise self.refuse(", negative numbers not allowed")
        if item == "*":
            return item
        value = self.band(index, item)
        return value if isinstance(value, str) else self.checked(index, value)
