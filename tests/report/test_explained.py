"""`schedc explain` of a schedule: its English is right at the edges."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedc.cli import run

BEGIN = "2027-01-01"


def _explain(tmp_path: Path, body: str, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    path = tmp_path / "one.yaml"
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    path.write_text(
        f"schedules:\n  sweep:\n{lines}\n    run: {{container: {{image: 'a/b:1', command: [go]}}}}\n", "utf-8"
    )
    assert run(["explain", "sweep", "--source", str(path), "--from", BEGIN, *options]) == 0
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'cron_expression: "*/7 * * * *"',
            [
                "fires      at :00, :07, :14, :21, :28, :35, :42, :49 and :56 past every hour, UTC",
                "after :56 comes :00 of the next hour, 4 minutes later and not 7",
            ],
        ),
        (
            'cron_expression: "0 0 1 * 1"',
            ["fires      at 00:00 on the 1st of the month or on Mondays, UTC", "either day is enough"],
        ),
        (
            'cron_expression: "0 0 1-7 * +1"',
            ["fires      at 00:00 on Mondays that are the 1st to 7th of the month, UTC", "both days must agree"],
        ),
        ('cron_expression: "0 0 L * *"', ["fires      at 00:00 on the last day of the month, UTC"]),
        ('cron_expression: "0 0 * * MON#2"', ["fires      at 00:00 on the 2nd Monday of the month, UTC"]),
        (
            'cron_expression: "0 0 15W * *"',
            ["fires      at 00:00 on the Monday-to-Friday day nearest to the 15th of the month, UTC"],
        ),
        (
            'cron_expression: "30 2 * * *"\ntimezone: Europe/Amsterdam',
            [
                "fires      at 02:30 every day, Europe/Amsterdam",
                "clock      2027-03-28 02:30 does not exist",
                "2027-10-31 02:30 happens twice",
                "dst_gap and dst_fold left open: what happens then is each target's choice",
                "next       2027-01-01 02:30+01:00  2027-01-01T01:30:00Z",
            ],
        ),
        (
            'cron_expression: "30 2 * * *"\ntimezone: Europe/Amsterdam\ndst_gap: skip\ndst_fold: both',
            [
                "a time that a clock change skips does not fire; a time that a clock change repeats fires both times",
            ],
        ),
        (
            'cron_expression: "30 * * * *"\ntimezone: Europe/Amsterdam',
            ["clock      it fires in every hour that there is, also at a clock change"],
        ),
        (
            'cron_expression: "30 4 * * *"\ntimezone: Europe/Amsterdam',
            ["clock      no clock change of the next three years touches it"],
        ),
        (
            'cron_expression: "0 4 * * *"\ntimezone: Europe/Amsterdam\nstart_time: 2027-02-01T00:00:00\n'
            "end_time: 2027-02-02T12:00:00\nmax_runs: 2",
            [
                "not before 2027-02-01 00:00+01:00",
                "not after 2027-02-02 12:00+01:00",
                "at most 2 runs in all",
                "next       2027-02-01 04:00+01:00  2027-02-01T03:00:00Z",
                "2027-02-02 04:00+01:00  2027-02-02T03:00:00Z",
                "no more",
            ],
        ),
        (
            "interval_second: 90m\nstart_time: 2027-02-01T00:00:00Z\ncatchup: true\noverlap: queue\nretries: 1\n"
            "max_active_runs: 1\ntimeout_second: 5400\nattempt_timeout_second: 60\nstart_deadline_second: 90\n"
            "paused: true",
            [
                "fires      every 90 minutes from 2027-02-01T00:00:00Z",
                "clock      no change of a clock matters to it",
                "policy     every missed run is made up for",
                "a run that is due while another is active waits, and none is lost",
                "at most 1 run at a time",
                "a run that cannot start within 1 minute 30 seconds is given up",
                "a failed run is tried 1 more time",
                "a run with all its tries is stopped after 1 hour 30 minutes",
                "one try is stopped after 1 minute",
                "it is deployed paused",
            ],
        ),
        (
            "run_once_start_time: 2026-12-01T00:00:00Z",
            ["fires      once, at 2026-12-01T00:00:00Z", "next       never again"],
        ),
    ],
)
def test_what_it_says(body: str, expected: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = _explain(tmp_path, body, capsys)
    assert [line for line in said if line in expected] == expected


def test_targets_are_named_with_their_texts_and_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = 'cron_expression: "0 0 * * MON#2"\ndeploy_to: [airflow, kubernetes]\nowner: ml'
    said = _explain(tmp_path, body, capsys)
    assert "airflow    proved: `0 0 * * 1#2` in UTC" in said
    assert "kubernetes refused, SC301: Kubernetes CronJob cannot honour day of month and weekday" in said


def test_what_is_open_is_told_of_a_target_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = 'cron_expression: "0 0 * * *"\ncatchup: false'
    said = _explain(tmp_path, body, capsys, "--target", "kubernetes")
    assert any(line.startswith("overlap is open: ") for line in said)
    assert not any(line.startswith("catchup is open: ") for line in said)


def test_an_unknown_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "nothing-of-that-name"]) == 2
    assert "no rule, no schedule and no cron expression" in capsys.readouterr().err


def test_an_expression_shows_where_its_step_starts_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "*/7 * * * *", "--from", BEGIN]) == 0
    assert "  after :56 comes :00 of the next hour, 4 minutes later and not 7\n" in capsys.readouterr().out
