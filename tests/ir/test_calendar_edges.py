"""What a calendar is made of, and equality over years: what mistakes planted in it showed to be untested here."""

from __future__ import annotations

from schedc.ir import calendar as cal
from schedc.ir.calendar import Calendar, bits, mask, same


def test_full_masks_hold_each_value_of_their_field() -> None:
    assert list(bits(cal.ALL_SECONDS)) == list(bits(cal.ALL_MINUTES)) == list(range(60))
    assert list(bits(cal.ALL_HOURS)) == list(range(24))
    assert list(bits(cal.ALL_DAYS)) == list(range(1, 32))
    assert list(bits(cal.ALL_MONTHS)) == list(range(1, 13))
    assert list(bits(cal.ALL_WEEKDAYS)) == list(range(7))


def test_a_field_is_full_only_with_every_value_and_without_a_modifier() -> None:
    assert Calendar().full_days
    assert Calendar().full_weekdays
    assert not Calendar(days=cal.ALL_DAYS & ~mask([31])).full_days
    assert not Calendar(weekdays=cal.ALL_WEEKDAYS & ~mask([6])).full_weekdays


def test_the_same_days_in_other_years_are_not_the_same() -> None:
    leap_day = Calendar(months=mask([2]), days=mask([29]), minutes=1, hours=1)
    for years in ((2028,), (2024, 2028), tuple(range(1970, 2199)), tuple(range(1971, 2200))):
        other = Calendar(months=mask([2]), days=mask([29]), minutes=1, hours=1, years=years)
        assert not same(leap_day, other)
        assert not same(other, leap_day)
    in_2023, in_2034 = Calendar(minutes=1, hours=1, years=(2023,)), Calendar(minutes=1, hours=1, years=(2034,))
    assert cal.kind_number(2023) == cal.kind_number(2034)
    assert not same(in_2023, in_2034)
    assert same(Calendar(), Calendar(years=tuple(range(1970, 2200))))


def test_what_never_fires_is_the_same_as_nothing_else() -> None:
    never = Calendar(months=mask([2]), days=mask([30]))
    assert same(never, Calendar(months=mask([4]), days=mask([31])))
    assert not same(never, Calendar())
    assert not same(Calendar(), never)


def test_every_hour_is_all_of_them() -> None:
    assert Calendar(minutes=1).every_hour
    assert not Calendar(hours=cal.ALL_HOURS & ~mask([23])).every_hour
