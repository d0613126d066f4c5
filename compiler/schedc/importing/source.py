"""What a source of schedules is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from schedc.diagnostics.sink import Sink
from schedc.node import Node
from schedc.records import dataclass, field
from schedc.source import SourceFile, Span
from schedc.target import Deployed, Told

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says about things that stand in no source."""

    controller_timezone: str | None = None
    """The zone of the clock by which a cluster's controllers go."""
    system_timezone: str | None = None
    """The zone of the machine on which a crontab is installed."""
    image: str | None = None
    """The image of what is a bare command."""
    dialect: str | None = None
    """The engine that reads a bare expression."""
    targets: tuple[str, ...] = ()
    """What `deploy_to` says, where it is not the source's own kind."""
    beside: Callable[[str], SourceFile | None] = field(default=lambda path: None)
    """Reads a file next to one that is imported, by the path as it is shown; None where there is none."""


@dataclass(frozen=True, slots=True)
class Item:
    """A whole text, or with `node` one document of it."""

    file: SourceFile
    node: Node | None = None

    @property
    def place(self) -> Span:
        return self.node.span if self.node else Span(self.file, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One schedule of a source.

    `fields` are those of the language, as plain data. `places` maps paths of them to where the source says it.
    `written` is the source's own expression, for people. `told` is what its engine goes by; `deployed` is what the
    reader of a target says of the source, with what was reported as lost left out. `digest` is that of the schedule
    that an artifact was compiled from. `remarks` stand as comments above the schedule. `files` are further files that
    the fields refer to, by name.
    """

    name: str
    place: Span
    fields: Mapping[str, Any]
    places: Mapping[Path, Span] = field(default_factory=dict)
    written: str = ""
    told: Told | None = None
    deployed: Deployed | None = None
    digest: str | None = None
    remarks: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    """The name of the source's kind."""
    rule: str = ""
    """What an artifact of schedc says of its instants in words."""
    settled: bool = False
    """Whether the fields are known to be those that somebody wrote."""

    def at(self, *path: str | int) -> Span:
        """Where the source says what stands at a path, or the closest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, self.place)


def nothing_beside(item: Item, settings: Settings) -> tuple[str, ...]:
    """A source that reads one file at a time."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of file that holds schedules; `targets` is what `deploy_to` says where nobody chose.

    `is_text` tells sources that take whole files from those that take documents. `beside` names further files that
    belong to an item, which are then not read by themselves.
    """

    name: str
    title: str
    targets: tuple[str, ...]
    recognises: Callable[[Item], bool]
    read: Callable[[Item, Settings, Sink], Iterable[Found]]
    is_text: bool = False
    rank: int = 1
    """Of several sources that recognise an item, the one with the lowest rank reads it."""
    beside: Callable[[Item, Settings], tuple[str, ...]] = nothing_beside
