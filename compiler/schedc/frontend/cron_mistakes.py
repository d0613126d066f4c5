"""What can be wrong, or look wrong, with a cron expression, and where in its text."""

from __future__ import annotations

from enum import StrEnum

from schedc.records import dataclass, replace


class Kind(StrEnum):
    """A kind of mistake; the values are stable."""

    TOO_LONG = "too-long"
    EMPTY = "empty"
    BLANK = "blank"
    FIELD_COUNT = "field-count"
    REBOOT = "reboot"
    EVERY = "every"
    UNKNOWN_NICKNAME = "unknown-nickname"
    ZONE = "zone"
    WRAPPED = "wrapped"
    OUT_OF_RANGE = "out-of-range"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_CHARACTER = "unknown-character"
    MALFORMED = "malformed"
    EMPTY_ITEM = "empty-item"
    INCOMPLETE_RANGE = "incomplete-range"
    DESCENDING_RANGE = "descending-range"
    INCOMPLETE_STEP = "incomplete-step"
    STEP_ZERO = "step-zero"
    STEP_AFTER_NUMBER = "step-after-number"
    CHANCE = "chance"
    QUESTION_MARK = "question-mark"
    PLUS = "plus"
    LAST = "last"
    LAST_OFFSET = "last-offset"
    NEAREST_WEEKDAY = "nearest-weekday"
    NTH_WEEKDAY = "nth-weekday"
    AMBIGUOUS_DAY_FIELDS = "ambiguous-day-fields"

    QUARTZ_WEEKDAYS = "quartz-weekdays"
    SIX_FIELDS = "six-fields"
    UNEVEN_STEP = "uneven-step"
    IDLE_STEP = "idle-step"
    EVERY_MINUTE = "every-minute"


@dataclass(frozen=True, slots=True)
class CronMistake:
    """A mistake in the characters `start` up to, not including, `end` of a cron expression.

    `message` is the fact, `help` the remedy with the exact text to write where there is one. `better` is what to write
    in the place of these characters, where one text alone comes into question; `safe` says that it can mean nothing
    else.
    """

    kind: Kind
    start: int
    end: int
    message: str
    help: str | None = None
    better: str | None = None
    safe: bool = False

    def moved(self, offset: int) -> CronMistake:
        """The same mistake in a text that begins `offset` characters earlier."""
        return replace(self, start=self.start + offset, end=self.end + offset) if offset else self
