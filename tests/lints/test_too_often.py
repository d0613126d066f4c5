"""The closest two runs: by hand, and by listing all of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from compiling import CONTAINER, compile_files, document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lowering_schedules import ZONES, calendars
from schedc.frontend.cron_expression import read_cron
from schedc.ir.calendar import Calendar, mask
from schedc.ir.occurrences import occurrences
from schedc.ir.stamps import stamp
from schedc.ir.triggers import Cron, Fold, Gap, Interval, Once, Trigger
from schedc.lints.closest import closest
from schedc.proof_range import PROOF_END, PROOF_START

AMSTERDAM, LORD_HOWE = "Europe/Amsterdam", "Australia/Lord_Howe"

# expression, zone, the seconds below which it counts, and the closest two instants, if they are closer
CLOSEST: list[tuple[str, str, int, tuple[str, str] | None]] = [
    ("* * * * *", "UTC", 300, ("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z")),
    ("*/5 * * * *", "UTC", 300, None),
    ("*/5 * * * *", "UTC", 301, ("2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z")),
    ("*/7 * * * *", "UTC", 300, ("2026-01-01T00:56:00Z", "2026-01-01T01:00:00Z")),
    ("*/7 9 * * *", "UTC", 300, None),
    ("0,58 0,23 * * *", "UTC", 300, ("2026-01-01T23:58:00Z", "2026-01-02T00:00:00Z")),
    ("0,58 0,23 * * 1", "UTC", 300, None),
    ("0,58 0,23 31,1 12,1 *", "UTC", 300, ("2026-12-31T23:58:00Z", "2027-01-01T00:00:00Z")),
    ("0,58 0,23 1,29 2,3 *", "UTC", 300, ("2028-02-29T23:58:00Z", "2028-03-01T00:00:00Z")),
    # 01:58 is followed at once by 03:01 when the clock is put forward
    ("1,58 1,3 * * *", AMSTERDAM, 300, ("2026-03-29T00:58:00Z", "2026-03-29T01:01:00Z")),
    ("1,58 1,3 * * *", "UTC", 300, None),
    # 02:58 of the first pass is followed by 02:00 of the second
    ("0,58 2 * * *", AMSTERDAM, 300, ("2026-10-25T00:58:00Z", "2026-10-25T01:00:00Z")),
    # the clock goes forward from 02:00 to 02:30 and back by half an hour: 01:30 happens twice
    ("30 1 * * *", LORD_HOWE, 1801, ("2026-04-04T14:30:00Z", "2026-04-04T15:00:00Z")),
    ("30 1 * * *", LORD_HOWE, 1800, None),
]


@pytest.mark.parametrize(("text", "zone", "below", "expected"), CLOSEST)
def test_closest(text: str, zone: str, below: int, expected: tuple[str, str] | None) -> None:
    calendar, _ = read_cron(text)
    assert calendar is not None
    found = closest(Cron(calendar, zone), PROOF_START, PROOF_END, below)
    assert (None if found is None else tuple(map(stamp, found))) == expected


@pytest.mark.parametrize(
    ("trigger", "end", "expected"),
    [
        (Interval(100, 60), PROOF_END, (100, 160)),
        (Interval(100, 60), 160, (100, 160)),
        (Interval(100, 60), 159, None),
        (Interval(100, 300), PROOF_END, None),
        (Once(100), PROOF_END, None),
    ],
)
def test_other_triggers(trigger: Trigger, end: int, expected: tuple[int, int] | None) -> None:
    assert closest(trigger, 100, end, 300) == expected


_DAY = 86_400
_CHANGES = [1_774_746_000, 1_792_890_000, 1_775_314_800, 1_791_039_600]
"""Changes of the clock in 2026 in Amsterdam and on Lord Howe Island."""
_close = st.builds(
    Calendar,
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=5).map(mask),
    hours=st.sets(st.sampled_from([0, 1, 2, 3, 23]), min_size=1).map(mask),
)


@given(
    calendar=calendars | _close,
    zone=st.sampled_from(ZONES),
    gap=st.none() | st.sampled_from(Gap),
    fold=st.none() | st.sampled_from(Fold),
    begin=st.sampled_from(_CHANGES).map(lambda at: at - 3 * _DAY) | st.integers(PROOF_START, PROOF_START + 400 * _DAY),
    length=st.integers(0, 20 * _DAY),
    below=st.integers(2, 43_200),
)
@example(Calendar(minutes=1 << 1 | 1 << 58, hours=0b1010), AMSTERDAM, None, None, _CHANGES[0] - _DAY, 2 * _DAY, 300)
@settings(max_examples=300, deadline=None)
def test_it_agrees_with_a_list_of_occurrences(
    calendar: Calendar, zone: str, gap: Gap | None, fold: Fold | None, begin: int, length: int, below: int
) -> None:
    trigger = Cron(calendar, zone, gap, fold)
    listed = pairwise(occurrences(trigger, begin, begin + length))
    best = min(listed, key=lambda pair: (pair[1] - pair[0], pair[0]), default=None)
    expected = best if best is not None and best[1] - best[0] < below else None
    found = closest(trigger, begin, begin + length, below)
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert found[1] - found[0] == expected[1] - expected[0]
        assert list(occurrences(trigger, *found)) == list(found)


# what the schedule says, the settings, and the message
TOLD: list[tuple[dict[str, Any], str, str | None]] = [
    ({"cron_expression": "*/2 * * * *"}, "true", "2 minutes apart: 2026-01-01 00:00+00:00 and 2026-01-01 00:02+00:00"),
    ({"cron_expression": "*/5 * * * *"}, "true", None),
    ({"cron_expression": "*/5 * * * *"}, "{second = 600}", "5 minutes apart"),
    (
        {"interval_second": 90, "start_time": "2027-01-01T00:00:00Z", "catchup": "all"},
        "true",
        "1 minute 30 seconds apart: 2027-01-01 00:00+00:00 and 2027-01-01 00:01:30+00:00",
    ),
    ({"cron_expression": "*/2 * * * *"}, "false", None),
]


@pytest.mark.parametrize(("fields", "setting", "message"), TOLD)
def test_message(fields: dict[str, Any], setting: str, message: str | None, tmp_path: Path) -> None:
    one = {**fields, "run": {"container": CONTAINER}, "deploy_to": ["airflow"]}
    files = {"one.yaml": document({"one": one}), "schedc.toml": f"[lints]\ntoo-often = {setting}\n"}
    found = [d.message for d in compile_files(tmp_path, files, lint=True).found if d.rule.code == "SC222"]
    assert len(found) == (message is not None)
    assert message is None or message in found[0]
