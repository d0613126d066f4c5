"""What every engine model has in common: a dialect (`read`) and a clock (`next`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from schedc.ir.calendar import Calendar
from schedc.ir.zones import Zone
from schedc.records import dataclass


class CronError(ValueError):
    """An engine's own refusal of an expression, or what it does instead of answering; the text is the reason."""


class Reading(Protocol):
    """What an engine made of a text: the calendar, and every flag of the text that its clock looks at."""

    @property
    def calendar(self) -> Calendar: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A model of one version of a real engine.

    `read` turns a text into a reading or raises `CronError`. `next` gives the first instant (UTC seconds) strictly
    after another, None where the engine finds no more, and raises `CronError` where it hangs or fires for ever.
    """

    name: str
    title: str
    read: Callable[[str], Any]
    next: Callable[[Any, Zone, int], int | None]
