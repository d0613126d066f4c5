"""What the Kubeflow target writes is read by the model of its engine as the same calendar."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedc.engines.robfig import read_v1
from schedc.ir.calendar import ALL_DAYS, ALL_WEEKDAYS, Calendar, mask, same
from schedc.targets.kubeflow.cron import cron_text

NINE: dict[str, Any] = {"minutes": 1, "hours": mask([9])}
FIRST_WEEK, SECOND_WEEK = mask(range(1, 8)), mask(range(8, 15))


def nth(*pairs: tuple[int, int]) -> int:
    return mask(7 * (n - 1) + weekday for n, weekday in pairs)


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        (Calendar(minutes=mask([5]), hours=mask([14]), weekdays=mask([3])), "0 5 14 * * 3"),
        (Calendar(minutes=mask(range(0, 60, 5))), "0 */5 * * * *"),
        (Calendar(seconds=mask([30]), **NINE), "30 0 9 * * *"),
        (Calendar(**NINE, days=mask([1, 15])), "0 0 9 1,15 * *"),
        (Calendar(**NINE, days=mask([13]), weekdays=mask([5]), either=True), "0 0 9 13 * 5"),
        (Calendar(**NINE, days=mask(range(1, 32, 2)), weekdays=mask([1]), either=True), "0 0 9 1-31/2 * 1"),
        (Calendar(**NINE, days=mask(range(1, 32, 2)), weekdays=mask([1])), "0 0 9 */2 * 1"),
        (Calendar(**NINE, days=FIRST_WEEK, weekdays=mask([1])), "0 0 9 */31,1-7 * 1"),
        (Calendar(**NINE, days=SECOND_WEEK, weekdays=mask([0])), "0 0 9 8-14 * */7"),
        (Calendar(**NINE, days=SECOND_WEEK, weekdays=mask([0, 3])), "0 0 9 8-14 * */7,3"),
        (Calendar(**NINE, weekdays=0, nth_weekdays=nth((1, 1))), "0 0 9 */31,1-7 * 1"),
        (Calendar(**NINE, weekdays=0, nth_weekdays=nth((2, 0))), "0 0 9 8-14 * */7"),
        (Calendar(**NINE, weekdays=0, nth_weekdays=nth((5, 0))), "0 0 9 29-31 * */7"),
        (Calendar(**NINE, days=ALL_DAYS, weekdays=mask([1]), either=True), "0 0 9 * * *"),
    ],
)
def test_the_text_is_the_calendar(calendar: Calendar, text: str) -> None:
    assert cron_text(calendar) == text
    assert same(read_v1(text).calendar, calendar)


@pytest.mark.parametrize(
    "calendar",
    [
        Calendar(**NINE, days=SECOND_WEEK, weekdays=mask([1])),
        Calendar(**NINE, weekdays=0, nth_weekdays=nth((2, 1))),
        Calendar(**NINE, weekdays=0, nth_weekdays=nth((1, 1), (2, 2))),
        Calendar(**NINE, days=0, last_day=True),
        Calendar(**NINE, days=0, nearest_weekdays=mask([15])),
        Calendar(**NINE, weekdays=0, last_weekdays=mask([5])),
        Calendar(**NINE, years=(2027,)),
    ],
)
def test_what_cannot_be_said_has_no_text(calendar: Calendar) -> None:
    assert cron_text(calendar) is None


def masks(low: int, high: int) -> st.SearchStrategy[int]:
    return st.sets(st.integers(low, high), min_size=1).map(mask)


@given(
    st.builds(
        Calendar,
        seconds=st.integers(0, 59).map(lambda s: 1 << s),
        minutes=masks(0, 59),
        hours=masks(0, 23),
        days=masks(1, 31) | st.just(ALL_DAYS),
        months=masks(1, 12),
        weekdays=masks(0, 6) | st.just(ALL_WEEKDAYS),
        either=st.booleans(),
    )
)
def test_any_calendar_that_has_a_text_is_read_as_it_was(calendar: Calendar) -> None:
    text = cron_text(calendar)
    needs_both = not (calendar.either or calendar.full_days or calendar.full_weekdays)
    if text is None:
        assert needs_both
        assert not calendar.days & 2
        assert not calendar.weekdays & 1
    else:
        assert same(read_v1(text).calendar, calendar)
        if not needs_both:
            fields = text.split()
            assert all(field == "*" or "*" not in field for field in (fields[3], fields[5]))
