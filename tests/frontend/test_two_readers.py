"""The front end and the reference engine read cron text alike, though they share no code."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from schedc.engines import upcoming
from schedc.engines.model import CronError
from schedc.engines.reference import read
from schedc.frontend.cron_expression import read_cron
from schedc.ir.calendar import Calendar

MONTHS = ["JAN", "feb", "Mar", "apr", "MAY", "jun", "JUL", "aug", "SEP", "oct", "nov", "DEC"]
WEEKDAYS = ["sun", "MON", "Tue", "WED", "thu", "FRI", "Sat"]


def values(low: int, high: int, names: list[str]) -> st.SearchStrategy[str]:
    number = st.integers(low, high).map(str) | st.integers(low, high).map(lambda n: f"0{n}")
    return number | st.sampled_from(names) if names else number


def items(low: int, high: int, names: list[str], special: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    value = values(low, high, names)
    step = st.just("") | st.integers(0, high + 2).map(lambda n: f"/{n}")
    ascending = st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda ab: f"{min(ab)}-{max(ab)}")
    ranges = ascending | st.tuples(value, value).map("-".join)
    stepped = st.tuples(st.just("*") | ranges, step).map("".join)
    item = value | stepped | special
    return st.just("*") | item | st.lists(item, min_size=1, max_size=3).map(",".join)


nothing = st.nothing()
DAY_WORDS = st.sampled_from(["L", "l", "15W", "31w", "1W", "0W", "32W", "?", "LW", "L-2", "05W"])
WEEKDAY_WORDS = st.sampled_from(
    ["L", "5L", "FRIL", "fri#L", "7#1", "0#5", "MON#2", "1#6", "1#0", "?", "5l", "1#02", "07L", "+1", "3W"]
)
seconds = items(0, 59, [], nothing)
hours = items(0, 23, [], nothing)
days = items(1, 31, [], DAY_WORDS)
months = items(1, 12, MONTHS, nothing)
weekdays = st.tuples(st.sampled_from(["", "", "", "+"]), items(0, 7, WEEKDAYS, WEEKDAY_WORDS)).map("".join)
years = items(1970, 2199, [], nothing)
blank = st.sampled_from([" ", " ", " ", "  ", "\t"])


def joined(*fields: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(blank, *fields).map(lambda parts: parts[0].join(parts[1:]))


expressions = (
    joined(seconds, hours, days, months, weekdays)
    | joined(seconds, seconds, hours, days, months, weekdays)
    | joined(seconds, seconds, hours, days, months, weekdays, years)
)
mutations = st.tuples(
    expressions,
    st.integers(0, 40),
    st.integers(0, 3),
    st.text(alphabet="0123456789*/,-#LWl?+ \tHR~@aNFr²٣\n.", max_size=3),
).map(lambda m: m[0][: m[1]] + m[3] + m[0][m[1] + m[2] :])


def second_opinion(text: str) -> Calendar | None:
    try:
        return read(text).calendar
    except CronError:
        return None


@settings(max_examples=1500, deadline=None)
@given(expressions | mutations | st.text(alphabet="0123456789*/,-#LW?+ MONFRIJAjul", max_size=20))
@example("0 0 * * +*")
@example("0 0 * * +?")
@example("0 0 1 * 0-7")
@example("0 0 1-31 * 1")
@example("0 0 *,1 * 1")
@example("0 0 L,1-31 * 1")
@example("0 0 * * 1,MON#1,1L")
@example("0 0 * * WED")
@example("0 0 * * WED-FRI")
@example("0 0 0 1 1 * 1970-2199")
@example("0 0 * * 7-7")
@example("0 0 * * sun0")
@example("0 0 * 1jan *")
@example(" @Daily\t")
@example("@daily 1")
def test_both_read_the_same(text: str) -> None:
    calendar, mistakes = read_cron(text)
    assert (calendar is None) == bool(mistakes)
    assert calendar == second_opinion(text)
    for mistake in mistakes:
        assert 0 <= mistake.start <= mistake.end <= len(text)
        assert mistake.end > mistake.start or not text
        assert not mistake.message.endswith(".")


@settings(max_examples=300, deadline=None)
@given(mutations)
def test_a_help_that_gives_a_whole_expression_is_right(text: str) -> None:
    """What the help of an ambiguous expression offers is read without a mistake."""
    for mistake in read_cron(text)[1]:
        if mistake.kind == "ambiguous-day-fields":
            offers = (mistake.help or "").split("`")[1::2]
            calendars = [read_cron(offer)[0] for offer in offers]
            assert len(calendars) == 2
            assert None not in calendars


@pytest.mark.parametrize("text", ["1," * 500_000, "*" * 1_000_000, "@" + "a" * 10**6, " " * 1001])
def test_both_stop_at_the_same_length(text: str) -> None:
    assert [mistake.kind for mistake in read_cron(text)[1]] == ["too-long"]
    assert second_opinion(text) is None


def test_the_reference_engine_answers_as_any_other() -> None:
    def asked(text: str, after: datetime) -> list[str]:
        found = upcoming("reference", text, "Europe/Amsterdam", after, 3)
        return [instant.strftime("%Y-%m-%dT%H:%M") for instant in found]

    spring, autumn = datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert asked("30 2 * * *", spring) == ["2026-03-28T01:30", "2026-03-30T00:30", "2026-03-31T00:30"]
    assert asked("30 2 * * *", autumn) == ["2026-10-25T01:30", "2026-10-26T01:30", "2026-10-27T01:30"]
    assert asked("0 0 30 2 *", spring) == []
    with pytest.raises(CronError):
        asked("0/15 * * * *", spring)
