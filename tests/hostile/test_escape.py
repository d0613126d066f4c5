"""Nothing is read or written outside: of the repository, of the output folder, of what the user named."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from compiling import WEEKLY, compile_files, document
from schedc import output
from schedc.cli import run
from schedc.diagnostics.sink import Sink
from schedc.output import OutputError, write
from schedc.project import find_project
from schedc.whole_file import replace_file

ONE = document({"one": WEEKLY})
RUNS = "import pathlib; pathlib.Path({!r}).write_text('ran')\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / "one.yaml").write_text(ONE, "utf-8")
    (tmp_path / "secret.yaml").write_text(document({"stolen": WEEKLY}), "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("key", ["sources", "output"])
@pytest.mark.parametrize("path", ["../secret.yaml", "{out}/secret.yaml", "link.yaml", "a/../../secret.yaml", ".git/x"])
def test_settings_stay_in_the_repository(key: str, path: str, repository: Path) -> None:
    (repository / "link.yaml").symlink_to(repository.parent / "secret.yaml")
    given = path.format(out=repository.parent)
    (repository / "schedc.toml").write_text(f"{key} = {json.dumps([given] if key == 'sources' else given)}\n", "utf-8")
    sink = Sink()
    project = find_project(repository, sink)
    assert [d.message for d in sink.found] == [f"{given} leads out of the repository"]
    assert (project.sources, project.output) == ((), "compiled")


def test_a_link_in_a_folder_of_sources_leads_nowhere(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "link.yaml").symlink_to(repository.parent / "secret.yaml")
    assert run(["check", "."]) == 2
    assert "link.yaml cannot be read: it is a link that leads out of the repository" in capsys.readouterr().err
    assert run(["check", "link.yaml"]) == 0, "the user named it"


@pytest.mark.parametrize(
    "path", ["../package.yaml", "{out}/package.yaml", "link.yaml", "folder/package.yaml", ".git/config"]
)
def test_a_package_stays_in_the_repository(path: str, repository: Path) -> None:
    (repository.parent / "package.yaml").write_text("token: hunter2\n", "utf-8")
    (repository / "link.yaml").symlink_to(repository.parent / "package.yaml")
    (repository / "folder").symlink_to(repository.parent)
    given = path.format(out=repository.parent)
    source = document({"one": {**WEEKLY, "run": {"pipeline": {"package": given}}}})
    result = compile_files(repository, {"one.yaml": source})
    assert [d.message for d in result.found] == [f"the package {given} leads out of the repository, and is not read"]


NAMES = ["con.yaml", "a/NUL", "aux.txt", "com1.py", "a.", "a ", " a", "a:b", "a\nb", "a*", "a\0", "lpt9/a", "a?", 'a"b']


@pytest.mark.parametrize("path", ["/a", "../a", "a/../../b", "a\\b", "", ".", *NAMES])
def test_no_artifact_has_a_path_that_leads_elsewhere(path: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write(tmp_path / "out", {path: "x"})
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has paths for open folders")
def test_a_folder_that_is_swapped_for_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The swap comes at the last moment: all checks are done, and the file is about to be made."""
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    real = replace_file

    def swapped(path: Path, data: bytes) -> None:
        os.rename(root / "a", root / "moved")
        os.symlink(elsewhere, root / "a")
        real(path, data)

    monkeypatch.setattr(output, "replace_file", swapped)
    write(root, {"a/b.yaml": "x"})
    assert list(elsewhere.iterdir()) == []
    assert (root / "moved" / "b.yaml").read_text("utf-8") == "x"


def test_no_swap_at_any_moment_is_followed(tmp_path: Path) -> None:
    """Another thread swaps the folder all the time."""
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / "a").mkdir(parents=True)
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            try:
                os.rename(root / "a", root / "real")
                os.symlink(elsewhere, root / "a")
                os.unlink(root / "a")
                os.rename(root / "real", root / "a")
            except OSError:
                continue

    thread = threading.Thread(target=swap)
    thread.start()
    written = refused = 0
    try:
        for i in range(300):
            try:
                written += write(root, {f"a/{i}.yaml": "x"})
            except OutputError:
                refused += 1
    finally:
        over.set()
        thread.join()
    assert list(elsewhere.iterdir()) == []
    assert written + refused == 300


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


ODD: dict[str, Callable[[Path], object]] = {
    "a pipe": lambda path: os.mkfifo(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a terminal": lambda path: path.symlink_to("/dev/tty"),
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path),
    "a sparse file": _sparse,
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("name", ["odd.yaml", "odd.py"])
def test_what_is_no_plain_file_is_an_error_at_once(
    what: str, name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ODD[what](repository / name)
    assert run(["check", name]) in (1, 2)
    assert "error[" in capsys.readouterr().err
    if what != "a folder" and name == "odd.yaml":
        (repository / "schedc.toml").write_text("sources = ['.']\n", "utf-8")
        assert run(["check"]) in (0, 1, 2)


COMMANDS = [
    ["check", "."],
    ["check", ".", "--fix"],
    ["compile", "."],
    ["compile", "--prune"],
    ["explain", "one"],
    ["next", "one"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_runs_python_that_nobody_named(command: list[str], repository: Path) -> None:
    witness = repository.parent / "ran"
    for name in ("evil.py", "conftest.py", "sitecustomize.py", "schedc.py", "yaml.py"):
        (repository / name).write_text(RUNS.format(str(witness)), "utf-8")
    (repository / "schedc.toml").write_text("sources = ['.']\n", "utf-8")
    run(command)
    assert not witness.exists()


@pytest.mark.parametrize(
    "revision",
    ["--output=x", "-h", "--upload-pack=touch x", "$(touch x)", "main;touch x", "a\0b", "", "@{", "..", ":/x"],
)
def test_a_revision_is_no_option(revision: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "--against", f"git:{revision}"]) == 2
    assert not (repository / "x").exists()
    assert "Traceback" not in capsys.readouterr().err
