"""No loss where the machine is in the way: full disks, closed folders and streams, kills, other processes."""

from __future__ import annotations

import ctypes
import itertools
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from schedc import whole_file
from schedc.__main__ import main
from schedc.fixing.writing import write_source

ROOT = Path(__file__).resolve().parents[2]
CONFIG = 'sources = ["schedules"]\noutput = "out"\n'


SWEEP = "import sys, pathlib; from schedc.whole_file import sweep; print(sweep(pathlib.Path(sys.argv[1])))"


def source(minute: int, names: str = "ab", more: str = "") -> str:
    run = '{container: {image: "a.example/churn:1.4.0", command: [python]}}'
    parts = [
        f'  {name}:\n    cron_expression: "{minute} 14 * * 3"\n    deploy_to: [kubernetes]\n{more}    run: {run}\n'
        for name in names
    ]
    return "schedules:\n" + "".join(parts)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose artifacts are those of minute 5, and whose source says minute 6."""
    tmp_path.chmod(0o755)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedc.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "schedules" / "s.yaml").write_text(source(5), "utf-8")
    assert schedc(tmp_path, "compile").returncode == 0
    (tmp_path / "schedules" / "s.yaml").write_text(source(6), "utf-8")
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "schedc", *arguments]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "compiler"), "PYTHONDONTWRITEBYTECODE": "1", **more}


def schedc(
    folder: Path, *arguments: str, before: Callable[[], None] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def hidden(folder: Path) -> list[Path]:
    return list(folder.rglob(".schedc-*"))


def _ordinary_user() -> None:
    """Permissions mean nothing to root, unless it gives up the power to pass over them (capabilities 1 to 3)."""
    if os.geteuid() == 0:
        for capability in (1, 2, 3):
            assert ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) == 0


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    old = tree(project)
    (project / "out" / "kubernetes").chmod(0o555)
    done = schedc(project, "compile", before=_ordinary_user)
    assert done.returncode == 2
    assert "cannot be written: Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(project) == old
    (project / "out" / "kubernetes").chmod(0o755)
    assert schedc(project, "compile", before=_ordinary_user).returncode == 0


def test_a_file_that_cannot_be_read_and_one_that_cannot_be_written(project: Path) -> None:
    one = project / "schedules" / "s.yaml"
    one.write_text(source(6, more="    paused: no\n"), "utf-8")
    old = tree(project)
    one.chmod(0o000)
    done = schedc(project, "compile", "--prune", before=_ordinary_user)
    assert done.returncode == 2
    assert "Permission denied" in done.stderr
    one.chmod(0o444)
    done = schedc(project, "check", "--fix", before=_ordinary_user)
    assert done.returncode == 2
    assert "is read-only, and was not written" in done.stderr
    assert tree(project) == old
    (project / "out" / "kubernetes" / "a.yaml").chmod(0o444)
    assert schedc(project, "compile", before=_ordinary_user).returncode == 1  # the file still has its mistake
    assert tree(project) == old


def test_a_file_that_may_grow_no_more(project: Path) -> None:
    """The kernel's own limit, which cuts a write short as a full disk does."""
    old = tree(project)

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    done = schedc(project, "compile", before=small)
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert tree(project) == old


def test_a_disk_that_is_full(project: Path) -> None:
    disk = project / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        # The same error comes from the limit above, and at every write from test_loss.py.
        assert os.geteuid() != 0 or "denied" in mounted.stderr or "permitted" in mounted.stderr, mounted.stderr
        return
    try:
        (project / "schedules" / "s.yaml").write_text(source(5, "abcdefgh"), "utf-8")
        done = schedc(project, "compile", "--out", "disk")
        assert done.returncode == 2
        assert "No space left on device" in done.stderr
        assert not hidden(disk)
        whole = {path.removeprefix("out/"): text for path, text in tree(project).items() if path.startswith("out/")}
        assert {path: text for path, text in tree(disk).items() if path in whole}.items() <= whole.items()
        assert all(text.endswith("\n") for text in tree(disk).values())
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("arguments", ["compile --out -", "targets", "schema", "check --format json", "--version"])
def test_what_is_printed_where_nothing_can_be(project: Path, arguments: str) -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        done = subprocess.run(
            command(*arguments.split()),
            cwd=project,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert "schedc: No space left on device" in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full 2>/dev/full"])
def test_streams_that_are_closed(project: Path, closed: str) -> None:
    """The first file that is opened then has the number of a stream: nothing printed may end up in it."""
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *command("compile")],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (2 if "full" in closed else 0), done.stderr
    assert "Traceback" not in done.stderr
    written = tree(project)
    assert "6 14 * * 3" in written["out/kubernetes/a.yaml"]
    assert schedc(project, "compile", "--check").returncode == 0


def test_a_current_folder_that_is_gone(project: Path) -> None:
    gone = project / "gone"
    for arguments in ("compile", "check", "init", "compile --check", "verify out"):
        gone.mkdir()
        script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
        done = subprocess.run(
            ["sh", "-c", script, "sh", str(gone), *command(*arguments.split())],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("schedc: "), done.stderr


def test_no_folder_for_temporary_files(project: Path) -> None:
    nowhere = str(project / "nowhere")
    done = schedc(project, "compile", TMPDIR=nowhere, TEMP=nowhere, TMP=nowhere)
    assert done.returncode == 0, done.stderr


def test_kills_at_random_moments(project: Path) -> None:
    old = tree(project / "out")
    new = {path: text.replace("5 14", "6 14").replace("14:05", "14:06") for path, text in old.items()}
    moments = random.Random(4711)
    for number, kind in enumerate([signal.SIGKILL, signal.SIGTERM, signal.SIGINT] * 4):
        process = subprocess.Popen(
            command("compile"), cwd=project, env=environment(), stderr=subprocess.PIPE, text=True
        )
        time.sleep(moments.uniform(0.05, 0.6))
        process.send_signal(kind)
        _, said = process.communicate()
        assert process.returncode in (0, 130, 143, -kind), said
        # An interpreter that is starting has its own words for a Ctrl-C.
        assert "Traceback" not in said or "schedc" not in said.split("Traceback")[1], said
        left = {path: text for path, text in tree(project / "out").items() if ".schedc-" not in path}
        for path, text in left.items():
            assert _without_digest(text) in (_without_digest(old[path]), _without_digest(new[path])), number
    assert schedc(project, "compile").returncode == 0
    assert schedc(project, "compile", "--check").returncode == 0
    assert not hidden(project)


def _without_digest(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "digest" not in line)


def test_two_compiles_into_one_folder_at_once(project: Path) -> None:
    """Each file is what one of them wrote, and what lies there temporarily is not swept away by the other."""
    kinds = {}
    for minute in (7, 8):
        folder = project / f"only-{minute}"
        (project / f"{minute}.yaml").write_text(source(minute, "abcdefghij"), "utf-8")
        assert schedc(project, "compile", f"{minute}.yaml", "--out", folder.name).returncode == 0
        kinds[minute] = tree(folder)
    seen = set()
    for _ in range(5):
        both = [
            subprocess.Popen(
                command("compile", f"{minute}.yaml", "--out", "both"),
                cwd=project,
                env=environment(),
                stderr=subprocess.PIPE,
            )
            for minute in kinds
        ]
        said = [process.communicate()[1].decode() for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        left = tree(project / "both")
        assert left.keys() == kinds[7].keys()
        assert all(text in (kinds[7][path], kinds[8][path]) for path, text in left.items())
        seen.add(tuple(text == kinds[7][path] for path, text in sorted(left.items())))
        shutil.rmtree(project / "both")
    assert seen


def test_a_sweep_spares_the_living_and_what_is_not_ours(tmp_path: Path) -> None:
    mine = ["notes.tmp", ".schedc-notes.tmp", ".schedc-0123456g.tmp", ".schedc-01234567", "schedc-01234567.tmp"]
    for name in mine:
        (tmp_path / name).write_text("mine", "utf-8")
    (tmp_path / ".schedc-76543210.tmp").symlink_to(tmp_path / "notes.tmp")
    dead = tmp_path / ".schedc-01234567.tmp"
    dead.write_text("half", "utf-8")
    gone = tmp_path / ".schedc-0123abcd.tmp"
    gone.mkdir()
    (gone / "recurringrun.json").write_text("{}", "utf-8")
    seen = []

    def meanwhile() -> None:
        living = set(tmp_path.glob(".schedc-????????.tmp")) - {dead, gone}
        swept = subprocess.run(
            [sys.executable, "-c", SWEEP, str(tmp_path)], env=environment(), capture_output=True, text=True, check=True
        )
        seen.append((swept.stdout.strip(), len(living), all(path.is_symlink() or path.exists() for path in living)))

    whole_file.replace_file(tmp_path / "a.yaml", b"whole", last=meanwhile)
    assert seen == [("2", 3, True)], "the dead file and the folder, and not the living one"
    assert (tmp_path / "a.yaml").read_text("utf-8") == "whole"
    assert {p.name for p in tmp_path.iterdir()} == {*mine, ".schedc-76543210.tmp", "a.yaml"}


def test_a_file_that_is_swept_before_it_is_locked_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = itertools.count()

    def first_one_swept(handle: int, otherwise: bool) -> bool:
        if next(taken) == 0:
            for path in tmp_path.glob(".schedc-*"):
                path.unlink()
        return True

    monkeypatch.setattr(whole_file, "_locked", first_one_swept)
    whole_file.replace_file(tmp_path / "a.yaml", b"whole")
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]
    assert next(taken) == 2


def test_a_source_that_changes_while_it_is_fixed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = project / "schedules" / "s.yaml"
    one.write_text(source(6, more="    paused: no\n"), "utf-8")
    other = source(9, more="    paused: no\n")
    real = write_source

    def late(path: Path, read: bytes, data: bytes, root: Path) -> None:
        one.write_text(other, "utf-8")
        real(path, read, data, root)

    monkeypatch.setattr("schedc.commands.fixes.write_source", late)
    monkeypatch.setattr(sys, "argv", ["schedc", "check", "--fix"])
    monkeypatch.chdir(project)
    assert main() == 2
    assert one.read_text("utf-8") == other
    assert not hidden(project)
