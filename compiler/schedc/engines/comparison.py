"""One expression put to several engines: what each makes of it, and where they part."""

from __future__ import annotations

from schedc.engines import CronError, engine
from schedc.ir.stamps import stamp
from schedc.ir.words import calendar_words
from schedc.ir.zones import Zone
from schedc.records import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What one engine made of an expression: words, its instants after an origin, or its reason for having none."""

    engine: str
    title: str
    words: str | None
    instants: tuple[int, ...]
    error: str | None


def ask(name: str, expression: str, where: Zone, begin: int, count: int) -> Answer:
    """Up to `count` instants of an engine strictly after `begin`."""
    model = engine(name)
    try:
        reading = model.read(expression)
    except CronError as error:
        return Answer(name, model.title, None, (), str(error))
    found: list[int] = []
    at: int | None = begin
    problem = None
    try:
        while at is not None and len(found) < count:
            following = model.next(reading, where, at)
            if following is None:
                break
            if following <= at:
                problem = f"stuck: the instant after {stamp(at)} is {stamp(following)}"
                break
            found.append(following)
            at = following
    except CronError as caught:
        problem = str(caught)
    anchored = getattr(reading, "delay", None) is None
    said = calendar_words(reading.calendar) if found and anchored else None
    return Answer(name, model.title, said, tuple(found), problem)


def parting(one: Answer, other: Answer) -> list[tuple[int, Answer]]:
    """The instants at which only one of the two fires, as far as both were asked."""
    if not one.instants or not other.instants:
        return []
    last = min(one.instants[-1], other.instants[-1])
    apart = sorted(i for i in set(one.instants) ^ set(other.instants) if i <= last)
    return [(i, one if i in one.instants else other) for i in apart]
