"""`schedc check --fix`: what is put into a source is proved to keep what its schedules say, and the rest stays."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schedc.__main__ import main
from schedc.diagnostics import diagnose, rules
from schedc.diagnostics.sink import Sink
from schedc.fixing.edits import Edit, apart, decoded, edited
from schedc.fixing.unified import unified
from schedc.fixing.writing import write_source
from schedc.ir.canonical import digest
from schedc.load import Selection, load
from schedc.project import Project

ROOT = Path(__file__).resolve().parents[1]
RUN = 'run: {container: {image: "a/b:1", command: [b]}}'

Done = tuple[int, str, str]
Schedc = Callable[..., Done]


def one(fields: str, run: str = RUN) -> str:
    return f"schedules:\n  one:\n    deploy_to: [kubernetes]\n    {fields}\n    {run}\n"


@pytest.fixture
def schedc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Schedc:
    """Runs a command in an empty project: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    Path("schedules").mkdir()
    Path("schedc.toml").write_text('sources = ["schedules"]\n', "utf-8")

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["schedc", *arguments])
        try:
            code = main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


A = Path("schedules/a.yaml")


def put(text: str | bytes, path: Path = A) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


DAILY = 'cron_expression: "0 5 * * *"'
# What stands there, and what --fix makes of it.
SAFE = [
    ("cron_expression: */5 * * * *", 'cron_expression: "*/5 * * * *"'),
    ("cron_expression: */5 * * * * # often", 'cron_expression: "*/5 * * * *" # often'),
    ("cron_expression: @daily", 'cron_expression: "@daily"'),
    ("cron_expression: '0 5 * * MONDAY'", "cron_expression: '0 5 * * MON'"),
    ("cron_expression: 0 5 * sept tues-thurs", "cron_expression: 0 5 * SEP TUE-THU"),
    ('cron_expression: "0 5 * * 1\u20135"', 'cron_expression: "0 5 * * 1-5"'),
    ('cron_expression: "0\u00a05 * * 1"', 'cron_expression: "0 5 * * 1"'),
    ('cron-expression: "0 5 * * *"', 'cron_expression: "0 5 * * *"'),
    ('cronExpression: "0 5 * * *"', 'cron_expression: "0 5 * * *"'),
    ('"cron-expression": "0 5 * * *"', '"cron_expression": "0 5 * * *"'),
    (f"{DAILY}\n    maxActiveRuns: 1", f"{DAILY}\n    max_active_runs: 1"),
    (f"{DAILY}\n    timezone: europe/amsterdam", f"{DAILY}\n    timezone: Europe/Amsterdam"),
    (f"{DAILY}\n    timezone: 'europe/amsterdam'", f"{DAILY}\n    timezone: 'Europe/Amsterdam'"),
    (f"{DAILY}\n    paused: no # yet", f"{DAILY}\n    paused: false # yet"),
    (f'{DAILY}\n    paused: "off"', f"{DAILY}\n    paused: false"),
    (f"{DAILY}\n    overlap: Replace", f"{DAILY}\n    overlap: replace"),
    (f"{DAILY}\n    overlap: 'REPLACE'", f"{DAILY}\n    overlap: 'replace'"),
    (f"{DAILY}\n    catchup: off", f"{DAILY}\n    catchup: false"),
    (f"{DAILY}\n    labels: {{version: 1.10}}", f'{DAILY}\n    labels: {{version: "1.10"}}'),
    (f"{DAILY}\n    owner: &team 007", f'{DAILY}\n    owner: &team "007"'),
    (f"{DAILY}\n    deploy_to: [Kubernetes]", f"{DAILY}\n    deploy_to: [kubernetes]"),
    (f"# schedc: allow SC111 nothing\n    {DAILY}", DAILY),
    (f"{DAILY} # schedc: allow SC111 nothing", DAILY),
    (f"{DAILY} # note # schedc: allow SC111 nothing", f"{DAILY} # note"),
]


def _doubled(text: str) -> str:
    """The fields in a schedule; one that says deploy_to itself has no other."""
    return one(text).replace("    deploy_to: [kubernetes]\n", "", 1) if "deploy_to" in text else one(text)


@pytest.mark.parametrize(("before", "after"), SAFE)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_safe_fixes(schedc: Schedc, before: str, after: str, ends: str) -> None:
    head = "\ufeff# \u00fcber \u8a13\u7df4\n" if ends == "\r\n" else ""
    put((head + _doubled(before)).replace("\n", ends))
    wanted = (head + _doubled(after)).replace("\n", ends).encode()
    code, out, err = schedc("check", "--fix", "--diff")
    assert code == 1, err
    assert A.read_bytes() != wanted
    assert "would be fixed in 1 file" in err
    assert out.startswith("--- schedules/a.yaml\n+++ schedules/a.yaml\n@@ ")
    code, out, err = schedc("check", "--fix")
    assert (code, out) == (0, ""), err
    assert A.read_bytes() == wanted
    assert re.search(r"^\d fixed in 1 file, 0 findings left$", err, re.MULTILINE)
    assert schedc("check", "--fix", "--diff")[:2] == (0, "")
    assert schedc("check")[0] == 0


# What only a person can decide, and what --unsafe-fixes makes of it; the last ones have no replacement at all.
UNSAFE = [
    (f"{DAILY}\n    timezone: Amsterdam", f"{DAILY}\n    timezone: Europe/Amsterdam"),
    (f"{DAILY}\n    timezne: UTC", f"{DAILY}\n    timezone: UTC"),
    (f"{DAILY}\n    suspend: true", f"{DAILY}\n    paused: true"),
    (f"{DAILY}\n    overlap: cancel", f"{DAILY}\n    overlap: replace"),
    (f"{DAILY}\n    overlap: replce", f"{DAILY}\n    overlap: replace"),
    ('cron_expression: "@dayly"', 'cron_expression: "@daily"'),
    ('cron_expression: "0 22-2 * * *"', 'cron_expression: "0 22-23,0-2 * * *"'),
    ('cron_expression: "*/60 5 * * *"', 'cron_expression: "0 5 * * *"'),
    ('cron_expression: "0 5 * MONKEY *"', None),
    ('cron_expression: "0 5 */2 * 1"', None),
    ('cron_expression: "0 5 1 * */2"', None),
    ('cron_expression: "0/15 5 * * *"', None),
    ('cron_expression: "* 5 * * *"', None),
    (f"{DAILY}\n    owner: *somebody", None),
    (f"{DAILY}\n    max_runs: many", None),
]


@pytest.mark.parametrize(("before", "after"), UNSAFE)
def test_unsafe_fixes_only_on_request(schedc: Schedc, before: str, after: str | None) -> None:
    put(one(before))
    first = schedc("check")[0]
    code, _, err = schedc("check", "--fix")
    assert (code, A.read_text("utf-8")) == (first, one(before))
    assert "0 fixed, 1 finding left" in err
    if after is not None:
        assert "1 more with --unsafe-fixes" in err
        code, _, err = schedc("check", "--fix", "--unsafe-fixes")
        assert (code, A.read_text("utf-8")) == (0, one(after)), err
        assert re.search(r"^schedules/a.yaml:\d+:\d+: unsafe fix of SC\d+: '.*' in place of '.*'$", err, re.MULTILINE)


def test_several_edits_of_several_files_and_what_remains(schedc: Schedc) -> None:
    put(one("cron_expression: */5 * * * MONDAY\n    paused: no\n    retries: many"))
    put(one(f"{DAILY}\n    paused: off").replace("one:", "two:"), Path("schedules/b.yaml"))
    code, out, err = schedc("check", "--fix")
    assert (code, out) == (1, "")
    assert "4 fixed in 2 files, 1 finding left" in err
    assert A.read_text("utf-8") == one('cron_expression: "*/5 * * * MON"\n    paused: false\n    retries: many')


def test_a_fix_in_an_anchored_text_is_checked_for_each_schedule_that_has_it(schedc: Schedc) -> None:
    both = "schedules:\n  a: &base\n    {0}\n    deploy_to: [kubernetes]\n    {1}\n  b: {{<<: *base, description: b}}\n"
    put(both.format("cron_expression: 0 5 * * FRIDAY", RUN))
    assert schedc("check", "--fix")[0] == 0
    assert A.read_text("utf-8") == both.format("cron_expression: 0 5 * * FRI", RUN)


def test_a_fix_that_would_change_another_schedule_is_taken_back(schedc: Schedc) -> None:
    """A number that is text in one place and a number in another cannot be quoted for both."""
    text = (
        "schedules:\n"
        f"  a: {{{DAILY}, deploy_to: [kubernetes], retries: &n 3, {RUN}}}\n"
        f"  b: {{{DAILY}, deploy_to: [kubernetes], owner: *n, {RUN}}}\n"
        f"  c: {{{DAILY}, deploy_to: [kubernetes], owner: &m 4, {RUN}}}\n"
        f"  d: {{{DAILY}, deploy_to: [kubernetes], retries: *m, {RUN}}}\n"
    )
    put(text)
    code, _, err = schedc("check", "--fix")
    assert (code, A.read_text("utf-8")) == (1, text)
    assert "schedules/a.yaml:4:" in err
    assert "SC104 was not fixed, the schedule d would mean something else" in err


def test_a_fix_that_brings_another_error_is_taken_back_and_others_stay(schedc: Schedc) -> None:
    text = one(f"{DAILY}\n    time-zone: Europe/Amsterdam\n    timezone: UTC\n    paused: no")
    put(text)
    code, _, err = schedc("check", "--fix")
    assert (code, A.read_text("utf-8")) == (1, text.replace("paused: no", "paused: false"))
    assert "SC103 was not fixed, it would bring SC102" in err
    assert "1 fixed in 1 file, 1 finding left" in err


def test_fixes_that_only_show_after_others_take_another_round(schedc: Schedc) -> None:
    put(one("cron_expression: */5 * * * MONDAY"))
    assert "2 fixed" in schedc("check", "--fix")[2]


def test_a_fix_may_show_what_the_next_round_fixes(schedc: Schedc) -> None:
    """As long as a schedule has an unknown field, nobody asks whether there are such targets."""
    text = one('cron-expression: "@daily"')
    put(text.replace("[kubernetes]", "[Kubernetes]"))
    code, _, err = schedc("check", "--fix")
    assert (code, A.read_text("utf-8")) == (0, text.replace("cron-expression", "cron_expression")), err
    assert "2 fixed in 1 file, 0 findings left" in err


def test_an_allowance_that_one_environment_needs_stays(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(
        'sources = ["schedules"]\n[environments.prod]\ntimezone = "Europe/Amsterdam"\n[environments.dev]\n', "utf-8"
    )
    text = one('# schedc: allow SC403 settling twice is harmless\n    cron_expression: "30 2 * * *"')
    put(text)
    for picked in ([], ["--env", "dev"]):
        assert "SC212" in schedc("check", *picked)[2]
        code, _, err = schedc("check", "--fix", *picked)
        assert (code, A.read_text("utf-8")) == (0, text)
        assert "SC212 was not fixed, it would bring SC403" in err
    assert "SC212" not in schedc("check", "--env", "prod")[2]


def test_an_allowance_stays_where_an_environment_cannot_be_looked_at(schedc: Schedc) -> None:
    Path("schedc.toml").write_text(
        'sources = ["schedules"]\n[environments.prod]\nowner = "${values.who}"\n[environments.dev]\n', "utf-8"
    )
    text = one(f"# schedc: allow SC403 settling twice is harmless\n    {DAILY}")
    put(text)
    err = schedc("check", "--fix")[2]
    assert A.read_text("utf-8") == text
    assert "with the errors of the environment prod nobody knows what it allows there" in err
    schedc("check", "--fix", "--value", "who=me")
    assert A.read_text("utf-8") == one(DAILY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  # schedc: allow SC111 a\n  one:\n    {0}\n", True),
        ("  one: # schedc: allow SC111 a\n    {0}\n", True),
        ("  one:\n    {0} # schedc: allow SC111 a\n", True),
        ("  # schedc: allow SC111 a\n  # schedc: allow SC111 b\n  one:\n    {0}\n", True),
        ("  one:\n    {0}\n    enabled: false # schedc: allow SC403 a\n", False),
        ("  one:\n    {0}\n    description: '# schedc: allow SC403 a'\n", False),
        ("  one:\n    {0}\n    description: |\n      # schedc: allow SC403 a\n", False),
    ],
)
def test_unused_allowances_are_told_and_removed(schedc: Schedc, text: str, told: bool) -> None:
    put("schedules:\n" + text.format(DAILY) + f"    deploy_to: [kubernetes]\n    {RUN}\n")
    before = A.read_text("utf-8")
    assert ("SC212" in schedc("check")[2]) is told
    assert schedc("check", "--fix")[0] == 0
    assert "SC212" not in schedc("check")[2]
    assert ("allow" not in A.read_text("utf-8")) is told
    assert (A.read_text("utf-8") == before) is not told


@pytest.mark.parametrize("text", ["{0}\n# schedc: allow SC403 after\n", "# schedc: allow SC403 far\n\n{0}"])
def test_an_allowance_beside_no_schedule_is_told_and_left_to_its_author(schedc: Schedc, text: str) -> None:
    put(text.format(one(DAILY)))
    assert "the comment stands beside no schedule" in schedc("check")[2]
    schedc("check", "--fix", "--unsafe-fixes")
    assert A.read_text("utf-8") == text.format(one(DAILY))


def test_an_allowance_in_python_beside_no_schedule(schedc: Schedc) -> None:
    source = Path("schedules/p.py")
    put(
        'NOTE = "# schedc: allow SC403 text"\n# schedc: allow SC403 far\n\n\nfrom schedc import Container, Schedule\n\n'
        'p = Schedule(cron_expression="0 5 * * *", deploy_to=["kubernetes"], run=Container("a/b:1", command=["b"]))\n',
        source,
    )
    err = schedc("check", "schedules/p.py")[2]
    assert err.count("SC212") == 1
    assert "schedules/p.py:2:1" in err


def test_python_sources_are_told_and_not_edited(schedc: Schedc) -> None:
    source = Path("schedules/p.py")
    text = (
        "from schedc import Container, Schedule\n\n# schedc: allow SC111 nothing\n"
        'p = Schedule(cron_expression="0 5 * * *", deploy_to=["kubernetes"], run=Container("a/b:1", command=["b"]))\n'
    )
    put(text, source)
    code, _, err = schedc("check", "schedules/p.py", "--fix", "--unsafe-fixes")
    assert (code, source.read_text("utf-8")) == (0, text)
    assert "schedules/p.py:3:1: SC212 was not fixed, Python sources are not edited" in err


@pytest.mark.parametrize(
    "arguments",
    ["--diff", "--unsafe-fixes", "--fix --diff --format json", "--fix --diff --env all", "--fix --env Nowhere"],
)
def test_wrong_usage(schedc: Schedc, arguments: str) -> None:
    put(one(f"{DAILY}\n    paused: no"))
    code, out, err = schedc("check", *arguments.split())
    assert (code, out) == (2, "")
    assert err.startswith("schedc: ")


def test_a_named_schedule_is_all_that_is_fixed_and_others_are_still_proved(schedc: Schedc) -> None:
    both = one(f"{DAILY}\n    paused: no")
    put(both + both.removeprefix("schedules:\n").replace("one:", "two:"))
    schedc("check", "--fix", "--schedule", "two")
    assert A.read_text("utf-8").count("paused: false") == 1
    assert A.read_text("utf-8").startswith(both)


def test_findings_in_another_form_are_those_that_are_left(schedc: Schedc) -> None:
    put(one(f"{DAILY}\n    paused: no"))
    code, out, _ = schedc("check", "--fix", "--format", "json")
    assert (code, '"diagnostics": []' in out) == (0, True)


def test_a_secret_is_not_shown_in_a_diff(schedc: Schedc) -> None:
    secret = "hV8x2Lq9Zt4W1"
    run = f"run: {{container: {{image: a, command: [b], env: {{DB_PASSWORD: {secret}}}}}}}"
    put(one(f"{DAILY}\n    paused: no") + one(DAILY, run).removeprefix("schedules:\n").replace("one:", "two:"))
    code, out, err = schedc("check", "--fix", "--diff")
    assert code == 1
    assert "+    paused: false\n" in out
    assert "two:" in out
    assert secret not in out + err


def test_the_mode_stays_and_nothing_is_left_over(schedc: Schedc) -> None:
    put(one(f"{DAILY}\n    paused: no"))
    A.chmod(0o640)
    assert schedc("check", "--fix")[0] == 0
    assert stat.S_IMODE(A.stat().st_mode) == 0o640
    assert [path.name for path in Path("schedules").iterdir()] == ["a.yaml"]


def test_a_link_is_followed_inside_the_project_only(schedc: Schedc, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = one(f"{DAILY}\n    paused: no")
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    put(text, outside)
    A.symlink_to(outside)
    code, _, err = schedc("check", "--fix")
    assert (code, outside.read_text("utf-8"), A.is_symlink()) == (2, text, True)
    assert "is a link that leads out of the repository" in err
    assert "0 fixed" in err
    A.unlink()
    inside = Path("kept/x.yaml")
    inside.parent.mkdir()
    put(text, inside)
    A.symlink_to(inside.resolve())
    assert schedc("check", "--fix")[0] == 0
    assert A.is_symlink()
    assert inside.read_text("utf-8") == text.replace("no", "false")


def test_a_file_that_changes_meanwhile_is_not_touched(schedc: Schedc, monkeypatch: pytest.MonkeyPatch) -> None:
    put(one(f"{DAILY}\n    paused: no"))

    def late(path: Path, read: bytes, data: bytes, root: Path) -> None:
        put("schedules: {}\n", path)
        write_source(path, read, data, root)

    monkeypatch.setattr("schedc.commands.fixes.write_source", late)
    code, _, err = schedc("check", "--fix")
    assert (code, A.read_text("utf-8")) == (2, "schedules: {}\n")
    assert "was changed while it was checked, and was not written" in err
    assert [path.name for path in Path("schedules").iterdir()] == ["a.yaml"]


def test_the_diff_is_one_that_patch_takes(schedc: Schedc) -> None:
    put(one(f"{DAILY}\n    paused: no").rstrip("\n") + " # no end")
    _, out, _ = schedc("check", "--fix", "--diff")
    done = subprocess.run(["git", "apply", "-p0"], input=out.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    patched = A.read_bytes()
    put(one(f"{DAILY}\n    paused: no").rstrip("\n") + " # no end")
    schedc("check", "--fix")
    assert A.read_bytes() == patched


FINDING = diagnose(rules.WRONG_TYPE, "x")


def _edit(start: int, end: int, text: str = "") -> Edit:
    return Edit(Path("a"), start, end, text, True, FINDING)


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        ([(0, 2), (2, 4)], [(0, 2), (2, 4)]),
        ([(0, 3), (2, 4)], [(0, 3)]),
        ([(2, 4), (0, 3)], [(0, 3)]),
        ([(1, 1), (1, 1)], [(1, 1)]),
        ([(0, 9), (3, 4), (9, 9)], [(0, 9), (9, 9)]),
    ],
)
def test_the_first_of_edits_that_overlap_wins(places: list[tuple[int, int]], kept: list[tuple[int, int]]) -> None:
    assert [(edit.start, edit.end) for edit in apart(_edit(*place) for place in places)] == kept


_PIECES = st.lists(st.sampled_from(["a", "\u00e9", "\u8a13", "\U0001f600", "\n", "\r\n", " #"]), max_size=30)


@given(pieces=_PIECES, marked=st.booleans(), data=st.data())
def test_edits_change_what_they_name_and_no_other_byte(pieces: list[str], marked: bool, data: st.DataObject) -> None:
    raw = (b"\xef\xbb\xbf" if marked else b"") + "".join(pieces).encode()
    seen = decoded(raw)
    assert seen is not None
    start = data.draw(st.integers(0, len(seen)))
    end = data.draw(st.integers(start, len(seen)))
    changed = edited(raw, [_edit(start, end, "X")])
    assert decoded(changed) == seen[:start] + "X" + seen[end:]
    assert changed.startswith(b"\xef\xbb\xbf") is marked
    assert changed.count(b"\r\n") == raw.count(b"\r\n") - _ends_within(raw, start, end)


def _ends_within(raw: bytes, start: int, end: int) -> int:
    """How many line ends of two characters lie inside a stretch of the decoded text."""
    parts = raw.decode("utf-8-sig").split("\r\n")
    places, at = [], 0
    for part in parts[:-1]:
        at += len(part)
        places.append(at)
        at += 1
    return sum(start <= place < end for place in places)


@given(st.lists(st.sampled_from(["a\n", "b\n", "\u2028c\n", "\r\n"]), max_size=6), st.booleans(), st.booleans())
def test_a_unified_diff_of_equal_texts_is_empty(lines: list[str], ended: bool, changed: bool) -> None:
    text = "".join(lines) + ("" if ended else "end")
    other = text + "more" if changed else text
    shown = unified("x", text.encode(), other.encode())
    assert (shown != "") is changed
    assert shown.endswith("\n") or not changed


def _digests(folder: Path) -> dict[str, str]:
    sink = Sink()
    schedules = load(Project(folder), Selection(paths=("a.yaml",), cwd=folder), sink)
    return {s.name: digest(s, {t: n.plainly() for t, n in s.options.items()}) for s in schedules}


def _comments(text: str) -> list[str]:
    return [c for c in re.findall(r"#[^\n\"']*", text) if "schedc: allow SC111" not in c]


_LINES = {
    "cron": [DAILY, "cron_expression: */5 * * * *", "cron_expression: '0 5 * * FRIDAY'", "cron_expression: 0 5 * *"],
    "zone": ["", "timezone: europe/amsterdam", "time-zone: UTC", "timezone: Amsterdam", 'timezone: "UTC"'],
    "more": ["", "paused: no", "paused: false", "overlap: Replace", "owner: 007", "endTime: 2031-01-01", "x: 1"],
}


@given(data=st.data(), ends=st.sampled_from(["\n", "\r\n"]), unsafe=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_digest_and_every_comment_stays(
    data: st.DataObject,
    ends: str,
    unsafe: bool,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    comment = st.sampled_from(["", " # why: \u00fc", " # schedc: allow SC111 nothing"])
    lines = ["# top", "schedules:"]
    for number in range(data.draw(st.integers(1, 3))):
        lines.append(f"  s{number}:{data.draw(comment)}")
        for key in data.draw(st.permutations(sorted(_LINES))):
            line = data.draw(st.sampled_from(_LINES[key]))
            if line:
                lines.append(f"    {line}{data.draw(comment)}")
        lines += ["    deploy_to: [kubernetes]", f"    {RUN}{data.draw(comment)}", "  # between"]
    folder = tmp_path_factory.mktemp("fix")
    path = folder / "a.yaml"
    path.write_bytes(ends.join(lines).encode())
    before, comments = _digests(folder), _comments("\n".join(lines))
    here, argv = Path.cwd(), sys.argv
    os.chdir(folder)
    try:
        sys.argv = ["schedc", "check", "a.yaml", "--fix"]
        main()
        text = path.read_bytes().decode()
        after = _digests(folder)
        assert {name: after[name] for name in before} == before
        assert _comments(text.replace("\r\n", "\n")) == comments
        assert text.count("\r\n") == (text.count("\n") if ends == "\r\n" else 0)
        if unsafe:
            sys.argv += ["--unsafe-fixes"]
            main()
            assert _comments(path.read_bytes().decode().replace("\r\n", "\n")) == comments
        settled = path.read_bytes()
        main()
        assert path.read_bytes() == settled
    finally:
        os.chdir(here)
        sys.argv = argv
        capsys.readouterr()


@pytest.mark.parametrize("command", ["check --fix", "compile --prune"])
def test_a_kill_at_any_moment_leaves_old_or_new_files(tmp_path: Path, command: str) -> None:
    """200 files, and a process that is killed later each time, until one lives to its end."""
    old = one(f"{DAILY}\n    paused: no")
    new = old.replace("paused: no", "paused: false")
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedc.toml").write_text('sources = ["schedules"]\n', "utf-8")
    texts = {}
    for number in range(200):
        path = tmp_path / "schedules" / f"s{number}.yaml"
        texts[path] = tuple(text.replace("one:", f"s{number}:").encode() for text in (old, new))
    argv = [sys.executable, "-m", "schedc", *command.split(), "--target", "kubernetes"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    if command == "compile --prune":
        _kill_prune(tmp_path, {path: both[1] for path, both in texts.items()}, argv, env)
        return
    for path, (text, _) in texts.items():
        path.write_bytes(text)
    seen: set[int] = set()
    for _ in range(40):
        process = subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        first = next(iter(sorted(texts)))
        while process.poll() is None and first.read_bytes() == texts[first][0]:
            time.sleep(0.001)
        time.sleep(0.0005 * len(seen))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kinds = [texts[path].index(path.read_bytes()) for path in texts]
        seen.add(sum(kinds))
        if len([one for one in seen if 0 < one < 200]) >= 3:
            break
        for path, (text, _) in texts.items():
            path.write_bytes(text)
    assert any(0 < count < 200 for count in seen), "no kill came between two files"
    done = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(path.read_bytes() == both[1] for path, both in texts.items())


def _kill_prune(folder: Path, texts: dict[Path, bytes], argv: list[str], env: dict[str, str]) -> None:
    for path, text in texts.items():
        path.write_bytes(text)
    subprocess.run(argv, cwd=folder, env=env, capture_output=True, check=True)
    out = folder / "compiled/kubernetes"
    made = {path: path.read_bytes() for path in out.iterdir()}
    assert len(made) == 200
    for path in list(texts)[1:]:
        path.unlink()
    kept = out / "s0.yaml"
    seen = set()
    for _ in range(40):
        process = subprocess.Popen(argv, cwd=folder, env=env, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(list(out.iterdir())) == 200:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = {path: path.read_bytes() for path in out.iterdir()}
        assert left.items() <= made.items()
        assert kept in left
        seen.add(len(left))
        if any(1 < count < 200 for count in seen):
            break
        for path, text in made.items():
            path.write_bytes(text)
    assert any(1 < count < 200 for count in seen), "no kill came between two files"
    subprocess.run(argv, cwd=folder, env=env, capture_output=True, check=True)
    assert list(out.iterdir()) == [kept]
