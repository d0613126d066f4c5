"""The three forms of one report: as it is recorded, bounded, escaped, and the same on every run."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from diffing import DAILY, compared, container, diff, merged, write
from schedc.diagnostics.render.visible import cells
from schedc.report.diff.markdown import LONGEST, MARKER, fenced
from schedc.report.diff.phrases import compared as range_of
from schedc.report.diff.phrases import cut_pair, duration, is_year, span

ROOT = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).parent / "diff_recorded"
AMSTERDAM = {"timezone": "Europe/Amsterdam"}
TWO = {"deploy_to": ["airflow", "kubernetes"]}

OLD = {
    "weekly-churn": merged(DAILY, {**TWO, **AMSTERDAM, "cron_expression": "5 14 * * 3"}),
    "nightly-inference": merged(DAILY, {**AMSTERDAM, **TWO, "cron_expression": "30 1 * * *", "retries": 1}),
    "ledger": merged(DAILY, container(env={"DB": {"secret": "ledger", "key": "password"}})),
    "old-report": DAILY,
    "hourly-sync": merged(DAILY, {"cron_expression": "0 * * * *"}),
    "to-be-refused": merged(DAILY, {"overlap": "allow", "deploy_to": ["airflow"]}),
    "untouched": DAILY,
    "gone": merged(DAILY, {"cron_expression": "0 3 1 * *"}),
}
NEW = {
    "weekly-churn": merged(
        DAILY, {**TWO, **AMSTERDAM, "cron_expression": "5 15 * * 3", **container(image="ghcr.io/acme/churn:1.5.0")}
    ),
    "nightly-inference": merged(DAILY, {**AMSTERDAM, **TWO, "cron_expression": "30 2 * * *", "retries": 3}),
    "ledger": merged(DAILY, container(env={"DB": {"secret": "ledger", "key": "url"}, "STAGE": "prod"})),
    "new-report": DAILY,
    "hourly-sync": merged(DAILY, {"cron_expression": "0 * * * *", "owner": "sync-team", "paused": True}),
    "to-be-refused": merged(DAILY, {"overlap": "replace", "deploy_to": ["airflow"]}),
    "untouched": DAILY,
    "brand-new": merged(DAILY, {"cron_expression": "*/15 9-17 * * 1-5"}),
}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_big_change_is_as_it_was_recorded(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded with SCHEDC_RECORD=1, and read line by line."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "old", OLD)
    write(tmp_path / "new", NEW)
    said = diff(capsys, "old", "new", "--from", "2027-01-01", "--format", form)
    assert said.code == 1
    out = re.sub(r'"tzdata": "\d{4}[a-z]+"', '"tzdata": "RELEASE"', said.out)
    recorded = RECORDED / f"big.{ {'text': 'txt', 'json': 'json', 'markdown': 'md'}[form] }"
    if os.environ.get("SCHEDC_RECORD") and not os.environ.get("CI"):
        recorded.parent.mkdir(exist_ok=True)
        recorded.write_text(out, "utf-8")
    assert out == recorded.read_text("utf-8")
    assert all(cells(line) <= 100 for line in said.out.splitlines()) or form != "text"


def test_nothing_changed_makes_no_noise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = compared(tmp_path, capsys, {"one": DAILY}, {"one": DAILY}, ("--format", "markdown"))
    assert said.out == f"{MARKER}\nNothing changed; 1 unchanged.\n"
    said = compared(tmp_path, capsys, {"one": DAILY}, {"one": DAILY}, ("--from", "2027-01-01", "--format", "json"))
    found = json.loads(said.out)
    assert found["schedules"] == []
    assert found["summary"] == {"fires": 0, "policy": 0, "workload": 0, "metadata": 0, "same": 0, "unchanged": 1}
    assert (found["from"], found["until"]) == ("2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z")


HOSTILE = [
    "@everyone look at #1 and !2",
    "</summary></details><script>alert(1)</script>",
    "<!-- schedc diff -->",
    "| a | b |\n|---|---|\n| c | d |",
    "```\n# out of the block\n```",
    "````diff\n+x",
    "[link](javascript:alert(1)) ![image](http://evil.example/x.png)",
    "**bold** _it_ ~~gone~~ `code` $x$ :smile:",
    "\x1b[31mred",
    "https://evil.example/ www.evil.example a@b.example",
    "&lt;b&gt; &#64;everyone",
    "\\| \\` trailing \\",
    "- item\n1. one\n> quote\n# title\n---",
]


def _outside_of_fences(page: str) -> list[str]:
    """The lines of a page that Markdown reads; it must be in balance."""
    lines, fence = [], ""
    for line in page.splitlines():
        run = re.match(r"`{3,}", line)
        if fence:
            fence = "" if line == fence else fence
        elif run:
            assert re.fullmatch(r"`{3,}diff", line), line
            fence = run[0]
        else:
            lines.append(line)
    assert not fence
    return lines


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_users_stays_text(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed: dict[str, Any] = {"description": text, "owner": text, **container(args=[text], env={"A": text})}
    said = compared(
        tmp_path,
        capsys,
        {"one": DAILY},
        {"one": merged(DAILY, changed)},
        ("--from", "2027-01-01", "--format", "markdown"),
    )
    lines = _outside_of_fences(said.out)
    assert lines[0] == MARKER
    allowed = re.compile(r"</?(details|summary|code)>")
    for line in lines[1:]:
        assert "<" not in allowed.sub("", line), line
        assert not re.search(r"(?<![\w&;])[@#]\w", re.sub(r"^#+ |&#\d+;", "", line)), line
        for sign in ("[", "`", "\x1b", "\u202e", "$"):
            assert sign not in line.replace("Run `schedc diff`", ""), line
        assert "://" not in line
        assert not re.search(r"(?i)www\.", line)
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 3
    assert len({row.count("|") for row in rows}) == 1
    assert sum(line.startswith("<details>") for line in lines) == sum(line == "</details>" for line in lines) == 1


def test_a_hostile_name_of_an_artifact_stays_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files can be called anything, and a name of a file is the name of a schedule."""
    (tmp_path / "old/kubernetes").mkdir(parents=True)
    (tmp_path / "new/kubernetes").mkdir(parents=True)
    (tmp_path / "old/kubernetes/keep.yaml").write_text("a: 1\n", "utf-8")
    (tmp_path / "new/kubernetes/<b>@all|`x`\n# title.yaml").write_text("a: 1\n", "utf-8")
    arguments = (str(tmp_path / "old"), str(tmp_path / "new"))
    page = diff(capsys, *arguments, "--format", "markdown").out
    assert "<b>" not in page
    assert "\n# title" not in page
    assert "@all" not in page
    text = diff(capsys, *arguments).out
    assert "\\u{a}# title" in text


def test_a_page_is_never_too_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = {f"job-{i:03}": DAILY for i in range(300)}
    new = {name: merged(DAILY, container(image=f"ghcr.io/acme/{'é' * 50}:{name}")) for name in old}
    write(tmp_path / "old", old)
    write(tmp_path / "new", new)
    arguments = (str(tmp_path / "old"), str(tmp_path / "new"), "--target", "kubernetes", "--from", "2027-01-01")
    page = diff(capsys, *arguments, "--format", "markdown").out
    assert 0.9 * LONGEST < len(page.encode("utf-8")) <= LONGEST
    last = page.rstrip("\n").split("\n")[-1]
    hidden = re.search(r"the details of (\d+) schedules", last)
    listed = re.search(r"(\d+) schedules not in the table", last)
    assert last.startswith("Cut, since a comment holds no more: ")
    assert hidden is not None
    assert page.count("<details>") == 300 - int(hidden[1])
    assert len(re.findall(r"^\| <code>", page, re.MULTILINE)) == 300 - (int(listed[1]) if listed else 0)
    _outside_of_fences(page)


def test_the_diff_of_a_long_artifact_is_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = {f"NAME_{i:03}": "x" for i in range(200)}
    said = compared(
        tmp_path,
        capsys,
        {"one": merged(DAILY, container(env=many))},
        {"one": merged(DAILY, container(env={**dict.fromkeys(many, "y"), "LONG": "z" * 5000}))},
        ("--from", "2027-01-01", "--format", "markdown"),
    )
    assert "@@ cut after 60 lines @@" in said.out
    assert "more lines" in said.out
    assert "z" * 400 not in said.out
    assert len(said.out) < 20_000


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fenced(["+a", "+`````x"]).splitlines()[0] == "``````diff"
    assert fenced(["+a"]).splitlines() == ["```diff", "+a", "```"]


def test_the_same_bytes_on_every_run(tmp_path: Path) -> None:
    write(tmp_path / "old", OLD)
    write(tmp_path / "new", NEW)
    for form in ("text", "json", "markdown"):
        command = [sys.executable, "-m", "schedc", "diff", "old", "new", "--from", "2027-01-01", "--format", form]
        outs = {
            subprocess.run(
                command,
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT / "compiler"), "PYTHONHASHSEED": seed, "TZ": name},
                capture_output=True,
                check=False,
            ).stdout
            for seed, name in (("1", "UTC"), ("2", "Asia/Kathmandu"))
        }
        assert len(outs) == 1
        assert len(outs.pop()) > 1000


def test_keys_of_json_are_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = compared(tmp_path, capsys, OLD, NEW, ("--from", "2027-01-01", "--format", "json"))
    page = (ROOT / "docs/diff.md").read_text("utf-8")

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            inner = {k for k in value if k != "diagnostics"}
            return inner.union(*(keys(value[k]) for k in inner))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    assert {key for key in keys(json.loads(said.out)) if f"`{key}`" not in page} == set()


def test_a_page_shows_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Escaped text reads as it was, but for the space of no width that keeps a name from being called."""
    said = compared(
        tmp_path, capsys, {"one": DAILY}, {"one": merged(DAILY, {"owner": "a & b <c>"})}, ("--format", "markdown")
    )
    assert "owner: added a & b <c>" in html.unescape(said.out)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (59, "59 s"), (3600, "1 h"), (-5400, "1 h 30 min"), (90_061, "1 d 1 h 1 min 1 s"), (86_400, "1 d")],
)
def test_durations(seconds: int, expected: str) -> None:
    assert duration(seconds) == expected


DAY = 86_400
NEW_YEAR, LEAP_DAY = 1_798_761_600, 1_835_395_200
"""2027-01-01 and 2028-02-29, at midnight in UTC."""


@pytest.mark.parametrize(
    ("begin", "until", "expected"),
    [
        (NEW_YEAR, NEW_YEAR + 365 * DAY, "a year"),
        (NEW_YEAR, NEW_YEAR + 366 * DAY, "in 366 days"),
        (LEAP_DAY, LEAP_DAY + 366 * DAY, "a year"),
        (LEAP_DAY, LEAP_DAY + 365 * DAY, "in 365 days"),
        (NEW_YEAR, NEW_YEAR + DAY, "in 1 day"),
        (NEW_YEAR, NEW_YEAR + DAY + 60, "in 1 d 1 min"),
    ],
)
def test_how_long_a_range_is(begin: int, until: int, expected: str) -> None:
    assert span(begin, until) == expected
    assert is_year(begin, until) == (expected == "a year")


def test_a_range_says_where_it_ends() -> None:
    assert range_of(NEW_YEAR, NEW_YEAR + DAY) == "from 2027-01-01 to before 2027-01-02, UTC"
    assert range_of(NEW_YEAR, NEW_YEAR + 60) == "from 2027-01-01T00:00:00Z to before 2027-01-01T00:01:00Z"


def test_long_texts_are_cut_to_where_they_differ() -> None:
    before, after = cut_pair("a" * 1000 + "x" + "b" * 1000, "a" * 1000 + "y" + "b" * 1000)
    assert before != after
    assert before.startswith("...a")
    assert before.endswith("b...")
    assert len(before) < 250
