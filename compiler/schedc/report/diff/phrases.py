"""What a diff found, in the short phrases that all its forms share. Text of users comes out as it is, to be escaped."""

from __future__ import annotations

from schedc.ir.stamps import short_stamp, stamp
from schedc.ir.zones import UnknownZone, Zone, zone
from schedc.records import dataclass
from schedc.report.diff.model import FieldChange, InstantChange, ScheduleChange, TargetChange

_WEEK, _DAY = 604_800, 86_400
_WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
"""From 1970-01-01 on."""
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_OFTEN = 0.1
"""What happens less often a week is told for the whole range only."""

_KINDS = 3
"""So many kinds of moves are told one by one."""


def zone_or_utc(name: str) -> Zone:
    try:
        return zone(name)
    except UnknownZone:
        return zone("UTC")


def duration(seconds: int) -> str:
    """Such as `1 h 30 min`, without a sign."""
    parts, left = [], abs(seconds)
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def moved(seconds: int) -> str:
    return f"{'+' if seconds > 0 else '-'}{duration(seconds)}"


def number(value: float) -> str:
    """At most one digit after the point."""
    return f"{value:,.1f}".removesuffix(".0")


def is_year(begin: int, until: int) -> bool:
    """Whether a range goes from a day to the same day of the next year."""
    first, last = stamp(begin), stamp(until)
    same = first[4:] == last[4:] or (first[5:10] == "02-29" and last[5:10] == "03-01" and first[10:] == last[10:])
    return same and int(last[:4]) - int(first[:4]) == 1


def span(begin: int, until: int) -> str:
    """`a year`, `in 90 days`, or as exact as it is."""
    if is_year(begin, until):
        return "a year"
    days, rest = divmod(until - begin, _DAY)
    if rest:
        return f"in {duration(until - begin)}"
    return f"in {days} day{'s' if days != 1 else ''}"


def counts(one: InstantChange) -> list[str]:
    """What is moved, lost and gained, each with how often that is: `52 moved by +1 h a year (1 a week)`.

    Of what is rare it is not said that it comes back: `1 lost in the year`.
    """
    parts = [(count, f"moved by {moved(by)}") for by, count in one.moved[:_KINDS]]
    rest = sum(count for _, count in one.moved[_KINDS:])
    parts += [(rest, "moved by other times")] if rest else []
    parts += [(one.lost, "lost")] if one.lost else []
    parts += [(one.gained, "gained")] if one.gained else []
    return [f"{count:,} {what} {_how_often(count, one)}" for count, what in parts]


def _how_often(count: int, one: InstantChange) -> str:
    how_long = span(one.begin, one.until)
    weekly = count * _WEEK / (one.until - one.begin)
    if weekly < _OFTEN:
        return how_long.replace("a year", "in the year")
    return f"{how_long} ({number(weekly)} a week)"


def first(one: InstantChange, before: str, after: str) -> str | None:
    """The first change in local time and UTC: `Wed 2026-11-25 14:05+01:00 (13:05Z) -> 15:05+01:00 (14:05Z)`."""
    return None if one.first is None else event(one.first, before, after)


def event(one: tuple[int | None, int | None], before: str, after: str) -> str:
    """One change of an instant; a day that is said once is not said again."""
    was, is_ = one
    if was is None or is_ is None:
        instant, name = (was, before) if was is not None else (is_, after)
        assert instant is not None
        return f"{'lost' if was is not None else 'gained'} {_at(instant, zone_or_utc(name))}"
    here, there = zone_or_utc(before), zone_or_utc(after)
    same_day = here.wall(was) // _DAY == there.wall(is_) // _DAY
    return f"{_at(was, here)} -> {_at(is_, there, with_day=not same_day)}"


def _at(instant: int, where: Zone, with_day: bool = True) -> str:
    local = short_stamp(instant, where)
    utc = stamp(instant)
    clock = utc[11:].removesuffix("Z")
    clock = clock.removesuffix(":00") if clock.endswith(":00") and len(clock) == 8 else clock
    day = f"{utc[:10]} " if utc[:10] != local[:10] else ""
    weekday = _WEEKDAYS[where.wall(instant) // _DAY % 7]
    return f"{f'{weekday} {local}' if with_day else local[11:]} ({day}{clock}Z)"


def words(change: ScheduleChange) -> str:
    """What it says of when it fires: before and after, or once where both are the same."""
    before, after = change.words_before, change.words_after
    zones = change.zone_before, change.zone_after
    if before is None or after is None:
        return f'"{before if before is not None else after}", {zones[0] if before is not None else zones[1]}'
    if zones[0] != zones[1]:
        return f'"{before}", {zones[0]} -> "{after}", {zones[1]}'
    return f'"{before}", {zones[0]}' if before == after else f'"{before}" -> "{after}", {zones[0]}'


def heading(change: ScheduleChange) -> str:
    """The status where it is not just a change: `added`, `removed`, `renamed from NAME`."""
    if change.status == "renamed":
        return f"{'' if change.certain else 'probably '}renamed from {change.renamed_from}"
    return "" if change.status == "changed" else change.status


def field_change(one: FieldChange) -> str:
    """`run.container.image: 1.4.0 -> 1.5.0`, or that it was added or removed."""
    if one.before is None:
        return f"{one.path}: added {cut(one.after or '')}"
    if one.after is None:
        return f"{one.path}: removed {cut(one.before)}"
    before, after = cut_pair(one.before, one.after)
    return f"{one.path}: {before} -> {after}" + (" (another text)" if before == after else "")


_LONGEST = 200


def cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


def cut_pair(before: str, after: str) -> tuple[str, str]:
    """Two long texts cut to where they begin to differ."""
    if len(before) <= _LONGEST and len(after) <= _LONGEST:
        return before, after
    same = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = max(0, same - _LONGEST // 4)
    return _window(before, start), _window(after, start)


def _window(text: str, start: int) -> str:
    inside = text[start : start + _LONGEST]
    return f"{'...' if start else ''}{inside}{'...' if start + _LONGEST < len(text) else ''}"


def codes(one: TargetChange) -> str | None:
    """Whether a target refuses it now or no longer, with the codes."""
    before, after = ", ".join(one.codes_before), ", ".join(one.codes_after)
    match one.status:
        case "refused":
            return f"refused now: {after}"
        case "accepted":
            return f"compiles now, and was refused: {before}"
        case "still refused":
            return f"refused as before: {after}" if before == after else f"refused: {before} -> {after}"
        case "unreadable":
            return "its artifact cannot be read"
    if one.status == "removed" and before:
        return f"removed, and was refused: {before}"
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """What several targets have in common: their names, and a line for each thing that changed there."""

    targets: tuple[str, ...]
    lines: tuple[str, ...]
    first: str | None = None


def parts(change: ScheduleChange) -> list[Part]:
    """What changed on the targets, those together that say the same; the schedule itself where no target fires."""
    before, after = change.zone_before, change.zone_after
    groups: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for one in change.targets:
        groups.setdefault(_of_target(one, change), []).append(one.target)
    found = [Part(tuple(names), lines, begins) for (lines, begins), names in groups.items() if lines or begins]
    shown = any(one.instants is not None for one in change.targets)
    if change.instants is not None and not shown:
        found.insert(0, Part(("schedule",), (instants(change.instants),), first(change.instants, before, after)))
    return found


def _of_target(one: TargetChange, change: ScheduleChange) -> tuple[tuple[str, ...], str | None]:
    lines = [] if (said := codes(one)) is None else [said]
    if one.status in ("added", "removed") and change.status == "changed":
        lines.append(said if said is not None and one.status in said else one.status)
    begins = None
    if one.instants is not None:
        lines.append(instants(one.instants))
        begins = first(one.instants, change.zone_before, change.zone_after)
    lines += [f"{'new' if note.is_new else 'gone'} at a clock change: {note.text}" for note in one.clock]
    lines += [field_change(field) for field in one.fields]
    return tuple(dict.fromkeys([*lines, *one.remarks])), begins


def instants(one: InstantChange) -> str:
    """All counts in a line; where nothing differs in the range, that it does later."""
    told = ", ".join(counts(one))
    if not told:
        return f"the same until {stamp(one.until)[:10]}, and other instants after that"
    return told


def compared(begin: int, until: int) -> str:
    """The range, its end excluded: days where it is whole ones."""
    both = stamp(begin), stamp(until)
    if all(one.endswith("T00:00:00Z") for one in both):
        return f"from {both[0][:10]} to before {both[1][:10]}, UTC"
    return f"from {both[0]} to before {both[1]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
