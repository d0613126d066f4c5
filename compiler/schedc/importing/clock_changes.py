"""What an engine does at changes of the clock today, declared where it matters and told where it surprises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.engines.model import CronError
from schedc.frontend.cron_expression import read_cron
from schedc.importing.source import Found
from schedc.ir.calendar import Calendar
from schedc.ir.occurrences import occurrences
from schedc.ir.stamps import short_stamp, short_wall
from schedc.ir.triggers import Cron, Fold, Gap
from schedc.ir.zones import Zone, zone
from schedc.proof.clock import Clock, clocks
from schedc.proof.transitions import Edge, matches_at, touched
from schedc.proof_range import covered
from schedc.records import replace

_DAY = 86_400
_MOST_STEPS = 10_000


def with_clock_changes(found: Found, sink: Sink) -> Found:
    """The same with `dst_gap` and `dst_fold` where the engine's ways at matching changes are one of the language's."""
    text = found.fields.get("cron_expression")
    if not isinstance(text, str) or found.told is None or found.told.period is not None:
        return found
    calendar, _ = read_cron(text)
    timezone = found.fields.get("timezone", "UTC")
    if calendar is None or calendar.every_hour or found.settled:
        return found
    try:
        clock, *others = clocks(found.told)
        begin, end = covered(None, None)
        hit = touched(calendar, timezone, begin, end)
        where = zone(timezone)
        if others or clock.closed or not hit:
            return found
        gap = _first_kept(calendar, where, clock, hit, Gap, in_gap=True)
        fold = _first_kept(calendar, where, clock, hit, Fold, in_gap=False)
    except (CronError, LookupError):
        return found
    inner = sink.within(found.name)
    _tell(found, calendar, where, hit, gap, fold, inner)
    declared: dict[str, Any] = {}
    if gap is not None:
        declared["dst_gap"] = str(gap)
    if fold is not None:
        declared["dst_fold"] = str(fold)
    place = found.at("cron_expression")
    return replace(
        found,
        fields={**found.fields, **declared},
        places={**found.places, **{(name,): place for name in declared}},
    )


def _first_kept(
    calendar: Calendar, where: Zone, clock: Clock, hit: Iterable[Edge], choices: Any, *, in_gap: bool
) -> Any:
    """The first choice that gives the engine's own instants at every change of a kind, None where none does."""
    edges = [edge for edge in hit if _is_gap(where, edge) is in_gap]
    left = list(choices) if edges else []
    known = set()
    for edge in edges:
        if edge.kind in known or not left:
            continue
        known.add(edge.kind)
        low, high = edge.at - 2 * edge.size, edge.at + 2 * edge.size
        engine = _instants(clock, low, high)
        left = [one for one in left if list(occurrences(_trigger(calendar, where, one), low, high)) == engine]
    return left[0] if left else None


def _trigger(calendar: Calendar, where: Zone, choice: Gap | Fold) -> Cron:
    if isinstance(choice, Gap):
        return Cron(calendar, where.name, choice, Fold.BOTH)
    return Cron(calendar, where.name, Gap.SKIP, choice)


def _instants(clock: Clock, low: int, high: int) -> list[int]:
    assert clock.next is not None
    found: list[int] = []
    at = low - 1
    for _ in range(_MOST_STEPS):
        following = clock.next(at)
        if following is None or following > high or following <= at:
            break
        found.append(following)
        at = following
    return found


def _is_gap(where: Zone, edge: Edge) -> bool:
    return where.offsets[edge.segment] > where.offsets[edge.segment - 1]


def _tell(
    found: Found,
    calendar: Calendar,
    where: Zone,
    hit: Iterable[Edge],
    gap: Gap | None,
    fold: Fold | None,
    sink: Sink,
) -> None:
    """The next days on which it does not fire, or fires twice."""
    begin, end = covered(None, None)
    seen = set()
    for edge in hit:
        in_gap = _is_gap(where, edge)
        if in_gap in seen:
            continue
        seen.add(in_gap)
        matches = matches_at(calendar, where.name, edge, begin, end)
        if not matches:
            continue
        wall = matches[0].wall
        date = short_wall(wall)[:10]
        time = short_wall(wall)[11:]
        if in_gap and gap is Gap.SKIP:
            message = f"today it does not fire on {date}: clocks in {where.name} skip {time}"
        elif not in_gap and fold is Fold.BOTH:
            twice = " and ".join(short_stamp(at, where) for at in where.instants(wall))
            message = f"today it fires twice on {date}: {twice}"
        elif (in_gap and gap is None) or (not in_gap and fold is None):
            verb = "skip" if in_gap else "repeat"
            message = f"what it does on {date} at {time}, which clocks in {where.name} {verb}, cannot be said"
        else:
            continue
        sink.add(
            rules.CLOCK_CHANGE_TODAY,
            message,
            found.at("cron_expression"),
            help="choose a time that no change of the clock touches, or declare dst_gap and dst_fold as they should be",
        )
