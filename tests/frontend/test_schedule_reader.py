"""Mistakes of schedules: the rule, the exact place, and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from frontend_reading import load_files, one_schedule, place
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Interval

CRON = 'cron_expression: "5 14 * * 3"\n'
START = "start_time: 2026-12-01T00:00:00Z\n"

# fields, code, line, column, marked text, a part of the help
ONE_MISTAKE = [
    # keys of other tools
    ('schedule: "0 3 * * *"', "SC103", 3, 5, "schedule", "write cron_expression"),
    ('cron: "0 3 * * *"', "SC103", 3, 5, "cron", "write cron_expression"),
    ("interval: 30m", "SC103", 3, 5, "interval", "write interval_second"),
    ("every: 5m", "SC103", 3, 5, "every", "write interval_second"),
    (CRON + "concurrencyPolicy: Forbid", "SC103", 4, 5, "concurrencyPolicy", "Forbid is skip"),
    (CRON + "startingDeadlineSeconds: 60", "SC103", 4, 5, "startingDeadlineSeconds", "write start_deadline_second"),
    (CRON + "max_concurrency: 1", "SC103", 4, 5, "max_concurrency", "write max_active_runs"),
    (CRON + "backoffLimit: 2", "SC103", 4, 5, "backoffLimit", "write retries"),
    (CRON + "suspend: true", "SC103", 4, 5, "suspend", "write paused"),
    (CRON + "timeZone: UTC", "SC103", 4, 5, "timeZone", "write timezone"),
    (CRON + "max_activ_runs: 1", "SC103", 4, 5, "max_activ_runs", "did you mean max_active_runs?"),
    (CRON + "zzz: 1", "SC103", 4, 5, "zzz", "the fields are cron_expression"),
    # values
    (CRON + "catchup: yes", "SC106", 4, 14, "yes", "write true"),
    (CRON + "catchup: off", "SC106", 4, 14, "off", "write false"),
    (CRON + "catchup: lastest", "SC106", 4, 14, "lastest", "write latest"),
    (CRON + "paused: on", "SC104", 4, 13, "on", "write true"),
    (CRON + 'paused: "true"', "SC104", 4, 13, '"true"', "write true"),
    (CRON + "overlap: Forbid", "SC106", 4, 14, "Forbid", "write skip"),
    (CRON + "labels: {v: 1.10}", "SC104", 4, 17, "1.10", 'quote it: "1.10"'),
    (CRON + "max_active_runs: 0", "SC106", 4, 22, "0", None),
    (CRON + "retries: -1", "SC106", 4, 14, "-1", None),
    (CRON + "start_deadline_second: soon", "SC106", 4, 28, "soon", "30m"),
    (CRON + "deploy_to: airflow", "SC104", 4, 16, "airflow", None),
    (CRON + "environments: 5", "SC104", 4, 19, "5", None),
    (CRON + "environments: {dev: {pausd: true}}", "SC103", 4, 26, "pausd", "did you mean paused?"),
    (CRON + "environments: {dev: {backoffLimit: 1}}", "SC103", 4, 26, "backoffLimit", "write retries"),
    (CRON + "environments: {dev: 5}", "SC104", 4, 25, "5", None),
    # triggers
    ("description: nothing", "SC201", 2, 3, "churn", "give one of"),
    (CRON + "interval_second: 30m\n" + START, "SC201", 4, 5, "interval_second", "keep one"),
    ("interval_second: 30m", "SC202", 3, 5, "interval_second", "start_time"),
    ("interval_second: 30\n" + START, "SC211", 3, 22, "30", "write 30m for minutes"),
    ("interval_second: 5\n" + START, "SC211", 3, 22, "5", "5s if seconds are meant"),
    ("interval_second: 1.5\n" + START, "SC104", 3, 22, "1.5", "whole seconds"),
    ("interval_second: 30m\ndst_gap: skip\n" + START, "SC207", 4, 5, "dst_gap", "remove dst_gap"),
    # cron texts: the place inside the quotes
    ('cron_expression: "5 25 * * 3"', "SC107", 3, 25, "25", None),
    ("cron_expression: '5 25 * * 3'", "SC107", 3, 25, "25", None),
    ("cron_expression: 5 25 * * 3", "SC107", 3, 24, "25", None),
    ('cron_expression: "0 6 */2 * 1"', "SC108", 3, 27, "*/2", "1-31/2"),
    ('cron_expression: "0 0 3 ? * 2"', "SC114", 3, 33, "2", "MON"),
    ('cron_expression: "0 3 ? * 7"', "SC114", 3, 31, "7", "MON"),
    ('cron_expression: "*/45 * * * *"', "SC114", 3, 23, "*/45", "interval_second"),
    ('cron_expression: "0 6 31 2 *"', "SC204", 3, 22, '"0 6 31 2 *"', "a day that the month has"),
    # zones and times
    (CRON + "timezone: Amsterdam", "SC112", 4, 15, "Amsterdam", "did you mean Europe/Amsterdam?"),
    (CRON + "timezone: europe/amsterdam", "SC112", 4, 15, "europe/amsterdam", "did you mean Europe/Amsterdam?"),
    (CRON + "start_time: tomorrow", "SC110", 4, 17, "tomorrow", "write it as"),
    (CRON + "start_time: 2026-02-30T00:00:00Z", "SC110", 4, 17, "2026-02-30T00:00:00Z", "write it as"),
    (
        CRON + "timezone: Europe/Amsterdam\nstart_time: 2027-03-28T02:30:00",
        "SC205",
        5,
        17,
        "2027-03-28T02:30:00",
        "write 2027-03-28T03:00:00+02:00",
    ),
    (
        CRON + "timezone: Europe/Amsterdam\nend_time: 2027-10-31T02:30:00",
        "SC206",
        5,
        15,
        "2027-10-31T02:30:00",
        "2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00",
    ),
    (CRON + START + "end_time: 2026-11-01T00:00:00Z", "SC203", 5, 15, "2026-11-01T00:00:00Z", "inclusive"),
    # policies
    (CRON + "catchup: true", "SC209", 4, 14, "true", "add start_time"),
    (CRON + "overlap: allow\nmax_active_runs: 2", "SC207", 5, 22, "2", "keep one"),
    (CRON + "timeout_second: 60\nattempt_timeout_second: 90", "SC207", 5, 29, "90", "no longer than the run"),
    (CRON + "description: ${values.nope}", "SC113", 4, 18, "${values.nope}", "--value nope=..."),
]


@pytest.mark.parametrize(("fields", "code", "line", "column", "marked", "help_"), ONE_MISTAKE)
def test_one_mistake(
    fields: str, code: str, line: int, column: int, marked: str, help_: str | None, tmp_path: Path
) -> None:
    found = [d for d in load_files(tmp_path, {"a.yaml": one_schedule(fields)}).found if d.rule.code != "SC210"]
    assert [place(d) for d in found] == [(code, line, column, marked)]
    assert (found[0].help is None) if help_ is None else (help_ in (found[0].help or ""))


def test_all_mistakes_of_a_file_are_told_in_order(tmp_path: Path) -> None:
    text = one_schedule(
        "schedule: 0 3 * * *\ntimezone: Nowhere\ncatchup: yes\nstart_time: later\nretries: many\nrun_: x",
        run="    run: {container: {imag: x, env: {A: {secret: s}}}}\n  Other Name: {}\n  empty:\n",
    )
    found = load_files(tmp_path, {"a.yaml": text}).found
    assert [place(d) for d in found] == [
        ("SC103", 3, 5, "schedule"),
        ("SC112", 4, 15, "Nowhere"),
        ("SC106", 5, 14, "yes"),
        ("SC110", 6, 17, "later"),
        ("SC104", 7, 14, "many"),
        ("SC103", 8, 5, "run_"),
        ("SC105", 9, 22, "{imag: x, env: {A: {secret: s}}}"),
        ("SC103", 9, 23, "imag"),
        ("SC118", 10, 3, "Other Name"),
        ("SC104", 11, 9, ""),
    ]


def test_one_bad_schedule_hides_no_other(tmp_path: Path) -> None:
    text = one_schedule(CRON) + '  report:\n    cron_expression: "0 99 * * *"\n    run: {container: {image: x}}\n'
    loaded = load_files(tmp_path, {"a.yaml": text})
    assert [s.name for s in loaded.schedules] == ["churn"]
    assert [place(d)[:3] for d in loaded.found] == [("SC107", 6, 25)]


def test_a_replacement_is_offered_only_for_the_very_text(tmp_path: Path) -> None:
    plain, quoted, anchored, escaped = (
        load_files(tmp_path, {"a.yaml": one_schedule(f"{CRON}timezone: {zone}")}).found[0].replacement
        for zone in ("Amsterdam", '"Amsterdam"', "&zone Amsterdam", '"\\x41msterdam"')
    )
    for one in (plain, quoted, anchored):
        assert one is not None
        assert (one.text, one.safe) == ("Europe/Amsterdam", False)
        assert one.span.file.text[one.span.start : one.span.end] == "Amsterdam"
    assert escaped is None


CATCHUPS = [("true", Catchup.ALL), ("false", Catchup.FALSE), ("latest", Catchup.LATEST), ("none", Catchup.NONE)]


@pytest.mark.parametrize(("written", "meant"), CATCHUPS)
def test_catchup(written: str, meant: Catchup, tmp_path: Path) -> None:
    text = one_schedule(f"{CRON}{START}catchup: {written}")
    (schedule,) = load_files(tmp_path, {"a.yaml": text}).schedules
    assert schedule.catchup is meant


def test_what_is_left_out_stays_open(tmp_path: Path) -> None:
    schedule = load_files(tmp_path, {"a.yaml": one_schedule(CRON)}).only
    assert (schedule.catchup, schedule.overlap, schedule.start, schedule.end) == (None, None, None, None)
    assert (schedule.timezone, schedule.retries, schedule.paused, schedule.enabled) == ("UTC", 0, False, True)


def test_fields_become_what_they_mean(tmp_path: Path) -> None:
    fields = "interval_second: 1h30m\nstart_time: 2026-12-01T06:30:00+01:00\noverlap: skip\nstart_deadline_second: 60"
    schedule = load_files(tmp_path, {"a.yaml": one_schedule(fields)}).only
    assert schedule.trigger == Interval(1796103000, 5400)
    assert (schedule.overlap, schedule.start_deadline) == (Overlap.SKIP, 60)
    assert schedule.written == "1h30m"
