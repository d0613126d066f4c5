"""Crontabs, as Debian's cron takes them apart and runs them."""

from __future__ import annotations

import pytest
import yaml
from importing_cases import imported
from schedc.importing.crontab_lines import looks_like, setting, split_input

AMSTERDAM = {"system_timezone": "Europe/Amsterdam", "image": "a:1"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("A=b", ("A", "b")),
        ("  A = b c  ", ("A", "b c")),
        ('A="b c"', ("A", "b c")),
        ("A='b' ", ("A", "b")),
        ("'A'=b", ("A", "b")),
        ("A=", ("A", "")),
        ('A="b" c', None),
        ("0 5 * * * A=b cmd", None),
        ("=b", None),
        ("A", None),
    ],
)
def test_variables_are_taken_as_load_env_does(line: str, wanted: tuple[str, str] | None) -> None:
    assert setting(line) == wanted


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("date", ("date", None)),
        (r"date +\%F", ("date +%F", None)),
        ("mail me%hello%world", ("mail me", "hello\nworld\n")),
        ("cat%a\\%b", ("cat", "a%b\n")),
        ("cat%", ("cat", "")),
        ("cat%a%", ("cat", "a\n")),
        (r"echo a\\b", ("echo a\\b", None)),
        (r"echo \n", (r"echo \n", None)),
        ("cat%a\\b", ("cat", "a\\b\n")),
        ("cat%a\\\\%b", ("cat", "a\\%b\n")),
        ("cat%a\\", ("cat", "a\\\n")),
    ],
)
def test_percent_signs_are_taken_as_child_process_does(command: str, wanted: tuple[str, str | None]) -> None:
    assert split_input(command) == wanted


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0 5 * * * date\n", True),
        ("@daily date\n", True),
        ("# only a comment\n", False),
        ("A=b\n", False),
        ("A=b\n*/5 * * * mon-fri date\n", True),
        ("apiVersion: batch/v1\nkind: CronJob\n", False),
        ("* a list of five more words\n", False),
        ("import os\n0 5 * * * date\n", False),
        ("", False),
    ],
)
def test_a_crontab_is_known_by_its_lines(text: str, is_one: bool) -> None:
    assert looks_like(text) is is_one


FOUND = [
    ("30 2 * * * a\n", {"cron_expression": "30 2 * * *", "dst_gap": "run_after", "dst_fold": "first"}, {"SC402"}),
    ("*/10 2 * * * a\n", {"dst_gap": "skip", "dst_fold": "both"}, {"SC707"}),
    ("30 * * * * a\n", {"cron_expression": "30 * * * *"}, set()),
    ("0 3 * * * a\n", {"cron_expression": "0 3 * * *"}, set()),
    ("0,30 2 * * * a\n", {"dst_gap": "run_after"}, {"SC706", "SC402"}),
    ("0 0-23 * * * a\n", {"cron_expression": "0 0-23 * * *"}, {"SC706"}),
    ("0 0 */2 * 1 a\n", {"cron_expression": "0 0 */2 * +1"}, {"SC114", "SC301"}),
    ("0 0 13 * 5 a\n", {"cron_expression": "0 0 13 * 5"}, {"SC225"}),
    ("0 0 5 * 0-6 a\n", {"cron_expression": "0 0 5 * 0-6"}, {"SC225"}),
    ("0 0 * * 7 a\n", {"cron_expression": "0 0 * * 7"}, set()),
    ("0 0 * * 5#2 a\n", {"cron_expression": "0 0 * * 5"}, set()),
    ("@hourly a\n", {"cron_expression": "@hourly"}, set()),
    ("0 5 * * * a", {"cron_expression": "0 5 * * *"}, {"SC706"}),
    ("-0 5 * * * a\n", {"cron_expression": "0 5 * * *"}, {"SC706"}),
    ("0 5 * * * a\n5 5 * *\n", {"cron_expression": "0 5 * * *"}, {"SC706"}),
    ("MAILTO=a@b\n0 5 * * * a\n", {"cron_expression": "0 5 * * *"}, {"SC701"}),
    ('MAILTO=""\n0 5 * * * a\n', {"cron_expression": "0 5 * * *"}, set()),
    ("CRON_TZ=UTC\n0 5 * * * a\n", {"timezone": "Europe/Amsterdam"}, {"SC703"}),
    ("0 5 * * * API_TOKEN=hV8x2Lq9Zt4W1 a\n", {"cron_expression": "0 5 * * *"}, {"SC705"}),
    ("# every morning\n0 5 * * * a\n", {"description": "every morning"}, set()),
    ("#0 6 * * * b\n0 5 * * * a\n", {"cron_expression": "0 5 * * *"}, set()),
]


@pytest.mark.parametrize(("text", "fields", "codes"), FOUND, ids=[text for text, _, _ in FOUND])
def test_an_entry_says_what_happens_today(text: str, fields: dict[str, str], codes: set[str]) -> None:
    result = imported(text, "crontab", kind="crontab", **AMSTERDAM)
    (found,) = yaml.safe_load(result.text)["schedules"].values()
    assert found.items() >= fields.items()
    assert set(result.codes) == codes
    assert "hV8x2Lq9Zt4W1" not in result.text


NOT = ["@reboot a\n", "0 9 * * FRI-SUN a\n", "20-10 * * * * a\n", "0 0 31 2 * a\n"]


@pytest.mark.parametrize("text", NOT)
def test_an_entry_without_a_time_is_told_and_left_out(text: str) -> None:
    result = imported(text, "crontab", kind="crontab", **AMSTERDAM)
    assert result.codes == ["SC702"]
    assert "schedules: {}" in result.text
    assert result.text.startswith("# crontab:1: an entry is not imported")


def test_zone_and_image_are_assumed_once_where_nobody_says_them() -> None:
    result = imported("0 5 * * * a\n0 6 * * * b\n", "crontab")
    assert result.codes == ["SC703", "SC703"]
    assert 'image: "${values.image}"' in result.text


@pytest.mark.parametrize("path", ["etc/crontab", "etc/cron.d/job", "table"])
def test_users_are_known_by_the_path_or_by_their_names(path: str) -> None:
    result = imported("0 5 * * * root date\n", path, **AMSTERDAM)
    assert result.codes == ["SC701"]
    (found,) = yaml.safe_load(result.text)["schedules"].values()
    assert found["run"]["container"]["command"] == ["/bin/sh", "-c", "date"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/opt/backup.sh --full", "backup"),
        ("cd /srv && ./manage.py sync", "manage"),
        ("/usr/bin/python3 -u /srv/sync_users.py", "sync-users"),
        ("[ -x /opt/x ] && /opt/x run", "x"),
        ("flock -n /tmp/a.lock /opt/tidy", "tidy"),
        ("A=b C=d report", "report"),
        ("cd / && run-parts --report /etc/cron.daily", "cron-daily"),
        ("((", "entry"),
    ],
)
def test_a_name_comes_from_what_runs(command: str, name: str) -> None:
    result = imported(f"0 5 * * * {command}\n", "crontab", kind="crontab", **AMSTERDAM)
    assert [one.name for one in result.imported.found] == [name]
