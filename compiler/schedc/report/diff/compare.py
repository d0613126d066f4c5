"""Two sides compared: each schedule, each target; what is the same by its digest is not looked at any further."""

from __future__ import annotations

from collections.abc import Mapping

from schedc.ir.schedule import Schedule
from schedc.records import replace
from schedc.report.diff import fields
from schedc.report.diff.engines import target_change
from schedc.report.diff.meaning import meant, no_difference_until
from schedc.report.diff.model import Category, Cell, One, ScheduleChange, strongest
from schedc.report.diff.renames import find
from schedc.report.diff.sides import secrets_of, words_of, zone_of


def compare(
    old: Mapping[str, One], new: Mapping[str, One], environment: str | None, begin: int, until: int
) -> list[ScheduleChange]:
    """The changes of schedules that differ, by name. Nothing is said of those that mean and are the same."""
    renames = {one.new: one for one in find(old, new)}
    from_names = {one.old for one in renames.values()}
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name in from_names:
            continue
        rename = renames.get(name)
        before, after = old.get(rename.old if rename else name), new.get(name)
        change = _schedule(before, after, begin, until)
        if rename is not None:
            change = _renamed(change, rename.old, rename.certain)
        if change.status == "removed" and change.targets:
            remark = "what is deployed fires on until it is deleted there"
            change = replace(change, remarks=(remark, *change.remarks))
        if change.status != "changed" or change.targets or change.fields:
            found.append(replace(change, environment=environment))
    return found


def _renamed(change: ScheduleChange, old: str, certain: bool) -> ScheduleChange:
    """On its engines another name is another object, and the old one goes on firing until somebody deletes it."""
    remark = "another name is another object: the old one fires on until it is deleted"
    category = Category.FIRES if change.targets else change.category
    return replace(
        change,
        status="renamed",
        renamed_from=old,
        certain=certain,
        category=category,
        remarks=(remark, *change.remarks) if change.targets else change.remarks,
    )


def _schedule(old: One | None, new: One | None, begin: int, until: int) -> ScheduleChange:
    some = new or old
    assert some is not None
    was, is_ = _schedule_of(old), _schedule_of(new)
    told = fields.declared(was, is_) if was and is_ else []
    is_half = any(one is not None and one.schedule is None for one in (old, new))
    means, searched = (None, None) if is_half else meant(was, is_, begin, until)
    cells = _cells(old), _cells(new)
    targets = []
    for target in sorted(cells[0].keys() | cells[1].keys()):
        one = target_change(target, cells[0].get(target), cells[1].get(target), old, new, begin, until)
        if one is not None:
            targets.append(replace(one, fields=tuple(fields.without(one.fields, told))))
    zones = zone_of(old), zone_of(new)
    remarks = _paused_remark(old, new)
    kinds = [one.category for one in told] + [one.category for one in targets]
    status = "changed" if old and new else "added" if new else "removed"
    if means is not None or status != "changed":
        kinds.append(Category.FIRES)
    elif searched is not None:
        kinds.append(Category.FIRES)
        remarks = (*remarks, no_difference_until(searched))
    base = strongest(one.category for one in told)
    return ScheduleChange(
        name=some.name,
        environment=None,
        status=status,
        category=strongest(kinds),
        words_before=words_of(old),
        words_after=words_of(new),
        zone_before=zones[0] or zones[1] or "UTC",
        zone_after=zones[1] or zones[0] or "UTC",
        instants=means,
        fields=tuple(told),
        remarks=remarks,
        targets=tuple(replace(t, category=strongest((t.category, base))) for t in targets),
        secrets=tuple(sorted({*secrets_of(old), *secrets_of(new)})),
    )


def _schedule_of(one: One | None) -> Schedule | None:
    return None if one is None else one.schedule


def _cells(one: One | None) -> Mapping[str, Cell]:
    return {} if one is None else one.cells


def _paused_remark(old: One | None, new: One | None) -> tuple[str, ...]:
    was, is_ = _schedule_of(old), _schedule_of(new)
    if is_ is not None and is_.paused and (was is None or was.paused):
        return ("it is paused, so that nothing of this runs until it is resumed",)
    if was is not None and is_ is None and was.paused:
        return ("it was paused",)
    return ()
