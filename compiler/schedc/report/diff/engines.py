"""What changed of one schedule on one target: what its engine is told, and when it fires."""

from __future__ import annotations

from schedc.engines.model import CronError
from schedc.ir.zones import UnknownZone
from schedc.report.diff import clock_notes, fields, instants
from schedc.report.diff.meaning import as_far, later, no_difference_until
from schedc.report.diff.model import Category, Cell, ClockNote, FieldChange, InstantChange, One, TargetChange, strongest
from schedc.report.diff.moves import difference
from schedc.report.diff.sides import zone_of_told


def target_change(
    target: str, before: Cell | None, after: Cell | None, old: One | None, new: One | None, begin: int, until: int
) -> TargetChange | None:
    """What changed of one cell; None where it is the same to the byte, or refused as before."""
    before, after = before or Cell(), after or Cell()
    status = _status(before, after)
    if status is None:
        return None
    found: list[FieldChange] = []
    if status in ("changed", "still refused"):
        found = fields.deployed(target, before, after)
    remarks = _another_object(before, after) if status == "changed" and old and new and old.name == new.name else []
    kinds = [Category.FIRES] if remarks else []
    if after.at_deploy and after.at_deploy != before.at_deploy:
        remarks.append(f"now: {after.at_deploy}")
    try:
        fires, notes, searched = _engine(before, after, old, new, begin, until)
    except (CronError, UnknownZone) as error:
        fires, notes, searched = None, (), None
        remarks.append(f"its engine refuses what it is told: {error}")
        kinds.append(Category.FIRES)
    if searched is not None:
        remarks.append(no_difference_until(searched))
        kinds.append(Category.FIRES)
    kinds += [one.category for one in found]
    if fires or notes or status not in ("changed", "still refused"):
        kinds.append(Category.FIRES)
    return TargetChange(
        target=target,
        status=status,
        category=strongest(kinds),
        instants=fires,
        fields=tuple(found),
        clock=notes,
        remarks=tuple(remarks),
        codes_before=before.refused,
        codes_after=after.refused,
        files_before=before.files,
        files_after=after.files,
    )


_WHERE = ("namespace", "project", "location")


def _another_object(before: Cell, after: Cell) -> list[str]:
    """Whether the engine takes it for another object, beside which the old one stays.

    Where a target has a name of its own for it (`called`), that is all that counts.
    """
    was, is_ = before.deployed, after.deployed
    assert was is not None
    assert is_ is not None
    stays = "the old one fires on until it is deleted"
    if before.engine_name != after.engine_name:
        return [f"it is called {after.engine_name} there, and was {before.engine_name}: {stays}"]
    moved = [key for key in _WHERE if was.called is None and was.identity.get(key) != is_.identity.get(key)]
    return [f"it is in another {' and '.join(moved)}: {stays}"] if moved else []


def _status(before: Cell, after: Cell) -> str | None:
    was, is_ = before.deployed is not None, after.deployed is not None
    if before.unreadable or after.unreadable:
        return None if before.files == after.files else "unreadable"
    if was and is_:
        return None if before.files == after.files else "changed"
    if was:
        return "refused" if after.refused else "removed"
    if is_:
        return "accepted" if before.refused else "added"
    if before.refused and after.refused:
        return "still refused"
    return "refused" if after.refused else "removed" if before.refused else None


def _engine(
    before: Cell, after: Cell, old: One | None, new: One | None, begin: int, until: int
) -> tuple[InstantChange | None, tuple[ClockNote, ...], int | None]:
    """How the instants of an engine differ, and what it does at changes of the clock.

    The last value is how far no difference was found, where there may be one later and no source tells.
    """
    first, second = before.deployed, after.deployed
    if after.refused or before.unreadable or after.unreadable:
        return None, (), None
    if first and second and first.told == second.told and before.families == after.families:
        return None, (), None
    counts = [instants.engine_many(one.told, begin, until) for one in (first, second) if one]
    until = as_far(until, begin, *counts)
    had = instants.of_engine(first.told, before.families, begin, until) if first else ()
    has = instants.of_engine(second.told, after.families, begin, until) if second else ()
    zones = zone_of_told(old, first.told if first else None), zone_of_told(new, second.told if second else None)
    found = difference(had, has, begin, until, zones)
    sources = old is not None and new is not None and old.schedule and new.schedule
    searched = None
    if found is None and first and second and not sources:
        left, right = (instants.engine_endless(one.told, until) for one in (first, second))
        found, searched = later(left, right, begin, until, len(had))
    notes: tuple[ClockNote, ...] = ()
    if second is not None:
        was = clock_notes.of_engine(first.told, before.families, had, begin, until) if first else {}
        notes = clock_notes.compared(was, clock_notes.of_engine(second.told, after.families, has, begin, until))
    return found, notes, searched
