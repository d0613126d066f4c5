"""One field of a cron expression, as the Open Cron Pattern Specification writes it."""

from __future__ import annotations

import re
from functools import lru_cache

from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.ir.zones import FIRST_YEAR, LAST_YEAR
from schedc.patterns import pattern
from schedc.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the numbers that it takes and the names of the first of them. `top` is where a bare step ends."""

    name: str
    low: int
    high: int
    top: int
    names: tuple[str, ...] = ()


_WHOLE_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
_WHOLE_WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MONTHS = tuple(name[:3] for name in _WHOLE_MONTHS)
_WEEKDAYS = tuple(name[:3] for name in _WHOLE_WEEKDAYS)

SECOND = Field("second", 0, 59, 59)
MINUTE = Field("minute", 0, 59, 59)
HOUR = Field("hour", 0, 23, 23)
DAY = Field("day of month", 1, 31, 31)
MONTH = Field("month", 1, 12, 12, _MONTHS)
WEEKDAY = Field("weekday", 0, 7, 6, _WEEKDAYS)
YEAR = Field("year", FIRST_YEAR, LAST_YEAR, LAST_YEAR)


@dataclass(frozen=True, slots=True)
class Picked:
    """What a field picks: `values` as a mask with Sunday only as 0, and the modifiers as `Calendar` has them.

    `star` is the place of the first item that begins with a star where that is not the whole field, and
    `unstarred` the field with its stars written as ranges.
    """

    values: int = 0
    last_day: bool = False
    nearest_weekdays: int = 0
    nth_weekdays: int = 0
    last_weekdays: int = 0
    unrestricted: bool = False
    both: bool = False
    star: tuple[int, int] | None = None
    unstarred: str = ""


_DIGITS = pattern(r"[0-9]+")
_CHANCE = pattern(r"(?<![A-Z])[HR](\([^)]*\))?(?![A-Z])|~")
_ORDINARY = pattern(r"[0-9A-Z*,/#-]*")
_LEGAL = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*,/?#+-")
_DAY_MODIFIER = pattern(r"#|(?<![A-Z])(L|W(?![A-Z]))")
_WEEKDAY_MODIFIER = pattern(r"#|(?<![A-Z])W(?![A-Z])|(?:^|[0-9]|SUN|MON|TUE|WED|THU|FRI|SAT)L")


@lru_cache(maxsize=8192)
def read_field(field: Field, written: str) -> tuple[Picked, tuple[CronMistake, ...]]:
    """What a field picks, and all its mistakes with their places in it."""
    if written == "*" or (written == "?" and field in (DAY, WEEKDAY)):
        return Picked(values=_span(field, field.low, field.top), unrestricted=True, unstarred=written), ()
    text = written.upper() if written.isascii() else "".join(c.upper() if c.isascii() else c for c in written)
    mistakes = _foreign(field, text)
    if mistakes:
        return Picked(), tuple(_as_written(mistake, text, written) for mistake in mistakes)

    at = 0
    both = field is WEEKDAY and text.startswith("+")
    if both:
        if text == "+*":
            return Picked(values=_span(field, 0, 6), unrestricted=True, both=True, unstarred="*"), ()
        at = 1
    values = nearest = nth = last_weekdays = 0
    last_day = False
    star: tuple[int, int] | None = None
    items = text[at:].split(",")
    for item in items:
        end = at + len(item)
        if not item:
            mistakes.append(_empty_item(field, text, at))
        elif field is DAY and item == "L":
            last_day = True
        elif field is DAY and _DAY_MODIFIER.search(item):
            nearest |= _nearest(item, at, len(items) > 1, mistakes)
        elif field is WEEKDAY and _WEEKDAY_MODIFIER.search(item):
            one_nth, one_last = _special_weekday(item, at, mistakes)
            nth |= one_nth
            last_weekdays |= one_last
        else:
            values |= _plain(field, item, at, mistakes)
            if star is None and item.startswith("*"):
                star = (at, end)
        at = end + 1
    if field is WEEKDAY:
        values = (values | values >> 7) & 0x7F
    unstarred = written.lstrip("+").replace("*", f"{field.low}-{field.top}") if star else written
    picked = Picked(values, last_day, nearest, nth, last_weekdays, False, both, star, unstarred)
    return picked, tuple(dict.fromkeys(_as_written(mistake, text, written) for mistake in mistakes))


def _as_written(mistake: CronMistake, text: str, written: str) -> CronMistake:
    """The mistake with its text in the letters of the user and not in capitals."""
    capitals, letters = text[mistake.start : mistake.end], written[mistake.start : mistake.end]
    if capitals == letters:
        return mistake
    return replace(mistake, message=mistake.message.replace(f"`{capitals}`", f"`{letters}`"))


def _span(field: Field, first: int, last: int, step: int = 1) -> int:
    mask = 0
    for value in range(first, last + 1, step):
        mask |= 1 << value
    return mask


def _foreign(field: Field, text: str) -> list[CronMistake]:
    """What no OCPS field can hold: it stops the reading of the field, for what follows would be noise."""
    if found := _CHANCE.search(text):
        whose = {"H": "Jenkins' hash", "R": "a random value", "~": "a random value"}[found[0][0]]
        start, end = (0, len(text)) if found[0] == "~" else found.span()
        return [
            CronMistake(
                Kind.CHANCE,
                start,
                end,
                f"`{text[start:end]}` asks for {whose}, and a schedule here leaves nothing to chance",
                f"write the {field.name} that you want, such as `{min(field.low + 17, field.top)}`",
            )
        ]
    if _ORDINARY.fullmatch(text):
        return []
    mistakes = []
    for at, char in enumerate(text):
        if char not in _LEGAL:
            reason = f"`{char}` has no meaning in a cron expression"
            remedy: str | None = None
            better: str | None = None
            if char == "%":
                reason += "; in a crontab it belongs to the command"
            elif char.isdecimal():
                remedy = "write the digits 0 to 9"
            elif char in "\u2010\u2011\u2012\u2013\u2014\u2212":
                remedy = f"write `{text.replace(char, '-')}`, with a plain hyphen"
                better = "-"
            mistakes.append(CronMistake(Kind.UNKNOWN_CHARACTER, at, at + 1, reason, remedy, better, safe=True))
        elif char == "?":
            if field not in (DAY, WEEKDAY):
                reason = f"`?` stands only in the two day fields, not in the {field.name} field"
                remedy = "write `*`" if text == "?" else None
            else:
                reason = f"`?` stands alone in its field, not in `{text}`"
                remedy = "write `*` or leave it out"
            better = "*" if text == "?" else None
            mistakes.append(CronMistake(Kind.QUESTION_MARK, at, at + 1, reason, remedy, better))
        elif char == "+" and (field is not WEEKDAY or at):
            reason = "`+` stands only as the first character of the weekday field"
            mistakes.append(CronMistake(Kind.PLUS, at, at + 1, reason, "leave it out here"))
    return mistakes


def _empty_item(field: Field, text: str, at: int) -> CronMistake:
    if text in ("", "+"):
        return CronMistake(
            Kind.EMPTY_ITEM, 0, len(text), f"the {field.name} field has no value", "write `+*` or a weekday"
        )
    plus = "+" if text.startswith("+") else ""
    rest = ",".join(filter(None, text.removeprefix(plus).split(",")))
    start = max(min(at, len(text) - 1), 0)
    return CronMistake(
        Kind.EMPTY_ITEM,
        start,
        start + 1,
        f"the list of the {field.name} field has an empty item",
        f"write `{plus}{rest}`" if rest else "write a value",
    )


def _plain(field: Field, item: str, at: int, mistakes: list[CronMistake]) -> int:
    """The values of a star, a number or a range, each but the number with an optional step."""
    body, slash, stepped = item.partition("/")
    step = _step(item, at + len(body) + 1, stepped, mistakes) if slash else 1
    if body == "*":
        return _span(field, field.low, field.top, step) if step else 0
    if "*" in body or (not body and slash):
        reason = f"`{body}` is neither a star nor a value nor a range" if body else "nothing stands before the step"
        mistakes.append(CronMistake(Kind.MALFORMED, at, at + max(len(body), 1), reason))
        return 0
    first, dash, second = body.partition("-")
    if not dash:
        value = _number(field, body, at, mistakes)
        if slash and value is not None and step != 0:
            mistakes.append(
                CronMistake(
                    Kind.STEP_AFTER_NUMBER,
                    at,
                    at + len(item),
                    f"a step after the single value `{body}` is read in two ways by cron engines",
                    _two_readings(field, body, value, stepped),
                )
            )
        return 0 if value is None or slash else 1 << value
    if "-" in second:
        mistakes.append(
            CronMistake(Kind.MALFORMED, at, at + len(body), f"`{body}` is not a range from one value to another")
        )
        return 0
    if not first or not second:
        reason = f"the range `{body}` lacks its {'end' if first else 'beginning'}"
        bound = f"`{first}-{field.top}`" if first else f"`{field.low}-{second}`"
        remedy = f"write both ends, such as {bound}" if first or second else f"write `{field.low}-{field.top}`"
        mistakes.append(CronMistake(Kind.INCOMPLETE_RANGE, at, at + len(body), reason, remedy))
        return 0
    low = _number(field, first, at, mistakes)
    high = _number(field, second, at + len(first) + 1, mistakes)
    if low is None or high is None or not step:
        return 0
    if low > high:
        better = None if slash else _wrapped(field, first, second, low, high)
        ascending = f"write `{better}`" if better else None
        reason = f"the range `{body}` runs backwards"
        mistakes.append(CronMistake(Kind.DESCENDING_RANGE, at, at + len(body), reason, ascending, better))
        return 0
    return _span(field, low, high, step)


def _step(item: str, at: int, stepped: str, mistakes: list[CronMistake]) -> int:
    """The step, or 0 where it is a mistake."""
    if not stepped:
        mistakes.append(
            CronMistake(
                Kind.INCOMPLETE_STEP, at - 1, at, "a step has no number", f"write `{item[:-1]}`, or a number after `/`"
            )
        )
        return 0
    if not _DIGITS.fullmatch(stepped):
        mistakes.append(CronMistake(Kind.MALFORMED, at, at + len(stepped), f"the step `{stepped}` is not a number"))
        return 0
    step = int(stepped)
    if not step:
        body = item[: item.index("/")]
        remedy = f"write `{body}` for every value, or a step of at least 1"
        mistakes.append(CronMistake(Kind.STEP_ZERO, at, at + len(stepped), "a step of 0 never moves on", remedy))
    return step


def _two_readings(field: Field, body: str, value: int, stepped: str) -> str:
    if value >= field.top:
        return f"write just `{body}`"
    start = f"`{body}-{field.top}/{stepped}`"
    if value == field.low and field is not YEAR:
        start = f"{start}, which is `*/{stepped}`," if field not in (DAY, WEEKDAY) else start
    return f"write {start} to go on from there, or just `{body}`"


def _wrapped(field: Field, first: str, second: str, low: int, high: int) -> str:
    """The ascending ranges of one that passes the end of its field."""
    if field is WEEKDAY and high == 0:
        return f"{first}-7"
    if field is WEEKDAY and low == 7:
        return f"0-{second}"
    named = second in field.names
    head = first if low == field.top else f"{first}-{field.names[-1] if named else field.top}"
    tail = second if high == field.low else f"{field.names[0] if named else field.low}-{second}"
    return f"{head},{tail}"


def _number(field: Field, text: str, at: int, mistakes: list[CronMistake]) -> int | None:
    """The value of a number or a name, or None where it is a mistake."""
    if _DIGITS.fullmatch(text):
        value = int(text)
        if field.low <= value <= field.high:
            return value
        reason = f"{text} is outside {field.low}-{field.high}, the {field.name}s that there are"
        if field is DAY:
            reason = f"{text} is outside 1-31, the days that a month can have"
        remedy = "write `0` for midnight" if field is HOUR and value == 24 else None
        mistakes.append(CronMistake(Kind.OUT_OF_RANGE, at, at + len(text), reason, remedy))
        return None
    if text in field.names:
        return field.names.index(text) + field.low
    mistakes.append(_no_name(field, text, at))
    return None


def _no_name(field: Field, text: str, at: int) -> CronMistake:
    end = at + len(text)
    if text == "L" and field is WEEKDAY:
        return CronMistake(
            Kind.LAST,
            at,
            end,
            "`L` alone names no weekday",
            "write `SAT` for Saturdays, or a weekday before it, such as `FRI#L` for the last Friday of the month",
        )
    if "L" in text and not text.strip("L"):
        return CronMistake(Kind.LAST, at, end, f"`L` stands only in the two day fields, not in the {field.name} field")
    for names, other, whole in ((_MONTHS, "month", _WHOLE_MONTHS), (_WEEKDAYS, "weekday", _WHOLE_WEEKDAYS)):
        if text[:3] not in names:
            continue
        if field.name != other:
            return CronMistake(Kind.UNKNOWN_NAME, at, end, f"`{text}` is a {other}, and this is the {field.name} field")
        reason = f"`{text}` is not the name of a {other}"
        is_known = any(name.startswith(text) for name in whole)
        return CronMistake(Kind.UNKNOWN_NAME, at, end, reason, f"write `{text[:3]}`", text[:3], is_known)
    if not field.names:
        return CronMistake(
            Kind.UNKNOWN_NAME, at, end, f"`{text}` is not a number, and the {field.name} field has no names"
        )
    remedy = f"the names are {', '.join(field.names)}"
    return CronMistake(Kind.UNKNOWN_NAME, at, end, f"`{text}` is not the name of a {field.name}", remedy)


def _nearest(item: str, at: int, listed: bool, mistakes: list[CronMistake]) -> int:
    """The day of `15W` as a mask."""
    end = at + len(item)
    day = item[:-1]
    if item in ("LW", "WL"):
        reason = "OCPS has no words for the last working day of a month"
        mistakes.append(CronMistake(Kind.NEAREST_WEEKDAY, at, end, reason))
    elif re.fullmatch(r"L-[0-9]+W?", item):
        reason = "OCPS has no words for a day counted from the end of the month"
        mistakes.append(CronMistake(Kind.LAST_OFFSET, at, end, reason, "`L` is the last day of the month"))
    elif "#" in item:
        reason = "`#` counts weekdays, and this is the day of month field"
        mistakes.append(CronMistake(Kind.NTH_WEEKDAY, at, end, reason, f"write `{item}` in the weekday field"))
    elif "L" in item:
        mistakes.append(
            CronMistake(Kind.LAST, at, end, "`L` is one day and takes no number, range or step", "write `L`")
        )
    elif listed or not item.endswith("W") or not _DIGITS.fullmatch(day):
        reason = "`W` belongs to one single day, and not to a list, a range or a step"
        mistakes.append(CronMistake(Kind.NEAREST_WEEKDAY, at, end, reason, "write one day and `W`, such as `15W`"))
    else:
        value = _number(DAY, day, at, mistakes)
        return 1 << value if value is not None else 0
    return 0


def _special_weekday(item: str, at: int, mistakes: list[CronMistake]) -> tuple[int, int]:
    """The masks of nth and of last weekdays of `MON#1`, `5L` or `FRI#L`."""
    end = at + len(item)
    if re.search(r"(?<![A-Z])W", item) and not item.startswith("WED"):
        reason = "`W` stands only in the day of month field"
        mistakes.append(CronMistake(Kind.NEAREST_WEEKDAY, at, end, reason))
        return 0, 0
    day, sharp, nth = item.partition("#")
    if not sharp:
        day, nth = item[:-1], "L"
    if item == "L":
        mistakes.append(_no_name(WEEKDAY, item, at))
        return 0, 0
    if "-" in item or "/" in item or "*" in day or not (sharp or item.endswith("L")):
        reason = f"`{'#' if sharp else 'L'}` belongs to one weekday, and not to a range or a step"
        kind = Kind.NTH_WEEKDAY if sharp else Kind.LAST
        mistakes.append(CronMistake(kind, at, end, reason, "list the weekdays one by one, such as `MON#1,TUE#1`"))
        return 0, 0
    value = _number(WEEKDAY, day, at, mistakes) if day else None
    if not day:
        mistakes.append(
            CronMistake(Kind.NTH_WEEKDAY, at, end, f"`{item}` names no weekday", "write one, such as `MON#1`")
        )
    if nth == "L":
        return 0, 1 << value % 7 if value is not None else 0
    if not _DIGITS.fullmatch(nth) or not 1 <= int(nth) <= 5:
        start = at + len(day) + 1
        reason = f"`{nth}` does not say which of a month's weekdays" if nth else "`#` has no number after it"
        where = (start, end) if nth else (start - 1, end)
        mistakes.append(CronMistake(Kind.NTH_WEEKDAY, *where, reason, "write 1 to 5, or `L` for the last"))
        return 0, 0
    return (1 << 7 * (int(nth) - 1) + value % 7 if value is not None else 0), 0
