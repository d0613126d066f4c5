"""What a semantic diff compares, and what it finds. All times are UTC seconds; ranges are half-open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from schedc.ir.schedule import Schedule
from schedc.records import dataclass, field
from schedc.target import Deployed


class Category(StrEnum):
    """How much a change matters, weakest first. `SAME` is another text with the same meaning."""

    SAME = "same"
    METADATA = "metadata"
    WORKLOAD = "workload"
    POLICY = "policy"
    FIRES = "fires"


ORDER = tuple(Category)


def strongest(categories: Iterable[Category]) -> Category:
    return max(categories, key=ORDER.index, default=Category.SAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One schedule on one target, on one side.

    Nothing is deployed where `refused` holds the codes of the rules that refuse it, or where `unreadable` says why its
    files cannot be read. `families` are the variants of the engine that may run it, which knows it as `engine_name`.
    `options` are those of the target, None where the side has no sources.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    deployed: Deployed | None = None
    families: tuple[str, ...] = ()
    engine_name: str | None = None
    at_deploy: str | None = None
    options: Mapping[str, object] | None = None
    refused: tuple[str, ...] = ()
    unreadable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One schedule on one side: as its source resolves, where there is a source, and on each target."""

    name: str
    schedule: Schedule | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field by its path, with its texts before and after; None where it was not there. Secrets are covered."""

    path: str
    before: str | None
    after: str | None
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantChange:
    """How two sequences of instants differ from `begin` to before `until`.

    `before` and `after` count the instants of each. A lost and a gained instant that are nearest neighbours are one
    moved one: `moved` counts them by the seconds that they moved by, most frequent first, and `lost` and `gained`
    count the rest. `events` are the changes in time order, at most as many as are kept: what was and what is, None
    where there is no such instant. `later` is the first event beyond the range where there is none inside it.
    `searched` says how far that was looked for.
    """

    begin: int
    until: int
    before: int
    after: int
    lost: int
    gained: int
    moved: tuple[tuple[int, int], ...]
    events: tuple[tuple[int | None, int | None], ...]
    later: tuple[int | None, int | None] | None = None

    @property
    def first(self) -> tuple[int | None, int | None] | None:
        return self.events[0] if self.events else self.later

    @property
    def total(self) -> int:
        """How many instants are lost, gained or moved."""
        return self.lost + self.gained + sum(count for _, count in self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockNote:
    """What happens at one change of the clock, which touches an instant, on one side only."""

    at: int
    timezone: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChange:
    """What changed of one schedule on one target.

    `status` is `added`, `removed`, `changed`, `refused` (it compiled before), `accepted` (it was refused before),
    `still refused` or `unreadable`.
    """

    target: str
    status: str
    category: Category
    instants: InstantChange | None = None
    fields: tuple[FieldChange, ...] = ()
    clock: tuple[ClockNote, ...] = ()
    remarks: tuple[str, ...] = ()
    codes_before: tuple[str, ...] = ()
    codes_after: tuple[str, ...] = ()
    files_before: Mapping[str, str] = field(default_factory=dict)
    files_after: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """What changed of one schedule. `status` is `added`, `removed`, `renamed` or `changed`.

    `certain` says of a rename that nothing but the name differs and that nothing else could have been meant. `instants`
    are those that the schedule means, whatever a target does with them.
    """

    name: str
    environment: str | None
    status: str
    category: Category
    renamed_from: str | None = None
    certain: bool = True
    words_before: str | None = None
    words_after: str | None = None
    zone_before: str = "UTC"
    zone_after: str = "UTC"
    instants: InstantChange | None = None
    fields: tuple[FieldChange, ...] = ()
    remarks: tuple[str, ...] = ()
    targets: tuple[TargetChange, ...] = ()
    secrets: tuple[str, ...] = ()
    """Texts that look like secrets, and are to be covered in whatever is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a diff found out. `until` is the first second that was not compared."""

    old: str
    new: str
    begin: int
    until: int
    changes: tuple[ScheduleChange, ...]
    unchanged: int
    not_compared: tuple[str, ...] = ()
    environments_not_compared: tuple[str, ...] = ()
    """Environments of either side, where schedules were compared as they are without any."""
