"""Revisions of git as sides: read without touching anything, whatever they are called and whatever is in them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from diffing import DAILY, Said, container, diff, merged, write
from schedc.git_tree import GitError, link, open_revision, split
from schedc.git_tree import write as write_revision

CHANGED = merged(DAILY, {"retries": 1})
IMAGE = merged(DAILY, container(image="ghcr.io/acme/churn:2"))
PYTHON = """
from pathlib import Path

from schedc import Container, Schedule

Path("{mark}").write_text("ran")
one = Schedule(cron_expression="{cron}", deploy_to=["kubernetes"], run=Container("ghcr.io/acme/churn:1"))
"""


class Repository:
    """A repository of a test, without any settings of whoever runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, given: str | None = None) -> str:
        settings = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *settings, *arguments], cwd=self.folder, input=given, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x", "--allow-empty")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """One with a schedule on its branch `main`, and another in the work tree."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    one = Repository(tmp_path / "repository")
    write(one.folder, {"one": DAILY})
    one.commit()
    write(one.folder, {"one": CHANGED})
    monkeypatch.chdir(one.folder)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield one
    assert list(temporary.iterdir()) == []


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    said = diff(capsys, *arguments, "--from", "2027-01-01")
    assert "/temporary/" not in said.out + said.err
    return said


def test_the_work_tree_against_a_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "--against", "git:main")
    assert said.out.startswith("compared from 2027-01-01 to before 2028-01-01, UTC: git:main -> the work tree\n")
    assert said.blocks["one"][1:] == ["retries: 0 -> 1"]
    assert (said.code, said.err) == (0, "")


def test_two_revisions(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit()
    assert _said(capsys, "git:HEAD~1", "git:main").blocks["one"][1:] == ["retries: 0 -> 1"]
    assert _said(capsys, "git:main", "git:HEAD~1").blocks["one"][1:] == ["retries: 1 -> 0"]
    assert _said(capsys, "git:main", "git:main").out.endswith("\nnothing changed; 1 unchanged\n")


def test_a_path_of_a_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert _said(capsys, "git:main:s.yaml", "s.yaml").blocks["one"][1:] == ["retries: 0 -> 1"]
    assert _said(capsys, "git:HEAD:", ".").blocks["one"][1:] == ["retries: 0 -> 1"]
    assert _said(capsys, "git:main:./s.yaml", "s.yaml").code == 0


def test_from_a_folder_below_the_top(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.folder / "deep").mkdir()
    monkeypatch.chdir(repository.folder / "deep")
    assert _said(capsys, "--against", "git:main").blocks["one"][1:] == ["retries: 0 -> 1"]
    assert _said(capsys, "--against", "git:main", "../s.yaml").blocks["one"][1:] == ["retries: 0 -> 1"]
    assert _said(capsys, "git:main:s.yaml", "../s.yaml").blocks["one"][1:] == ["retries: 0 -> 1"]
    outside = str(repository.folder / "s.yaml")
    assert _said(capsys, "--against", "git:main", outside).blocks["one"][1:] == ["retries: 0 -> 1"]


def test_the_settings_are_those_of_the_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository.folder, {"one": DAILY}, 'sources = ["s.yaml"]\n[defaults]\nowner = "b-team"\n')
    assert _said(capsys, "--against", "git:main").blocks["one"][1:] == ["owner: added b-team"]
    (repository.folder / "schedc.toml").rename(repository.folder / "other.toml")
    repository.commit()
    (repository.folder / "other.toml").write_text('sources = ["s.yaml"]\n[defaults]\nowner = "c-team"\n', "utf-8")
    said = _said(capsys, "--against", "git:main", "--config", "other.toml")
    assert said.blocks["one"][1:] == ["owner: b-team -> c-team"]
    assert _said(capsys, "--against", "git:main~1", "--config", "other.toml").code == 2


def test_a_source_that_only_one_side_has(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository.folder / "more", {"two": DAILY})
    said = _said(capsys, "--against", "git:main", "more/s.yaml")
    assert said.blocks["two"][0].startswith("two  fires     added ")
    assert "main has no more/s.yaml" in said.err
    said = _said(capsys, "--against", "git:main", "more/nothing.yaml")
    assert (said.code, said.err) == (2, "schedc: neither side has more/nothing.yaml\n")
    (repository.folder / "s.yaml").unlink()
    said = _said(capsys, "--against", "git:main", "s.yaml")
    assert said.blocks["one"][0].startswith("one  fires     removed ")
    assert "the work tree has no s.yaml" in said.err
    assert said.code == 0


def test_before_schedc_came_there_was_nothing(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.git("checkout", "-q", "--orphan", "before")
    repository.git("rm", "-rqf", "--cached", ".")
    repository.git("commit", "-q", "--allow-empty", "-m", "before")
    said = _said(capsys, "--against", "git:before")
    assert said.blocks["one"][0].startswith("one  fires     added ")
    assert "before has no schedc.toml" in said.err
    assert said.code == 0


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("git:nothing", "git has no revision 'nothing' here"),
        ("git:--output=hit", "git has no revision '--output=hit' here"),
        ("git:-h", "git has no revision '-h' here"),
        ("git:--", "git has no revision '--' here"),
        ("git:main --output=hit", "git has no revision 'main --output=hit' here"),
        ("git:$(touch hit)", "git has no revision '$(touch hit)' here"),
        ("git:", "needs a revision"),
        ("git::s.yaml", "needs a revision"),
        ("git:main:nothing.yaml", "main has no nothing.yaml"),
        ("git:main:../s.yaml", "main has no ../s.yaml"),
        ("git:main:/etc/passwd", "main has no /etc/passwd"),
        ("git:main:s.yaml/x", "main has no s.yaml/x"),
        ("git:ma\nin", "git has no revision 'ma\\nin' here"),
        ("nothing", "nothing does not exist"),
    ],
)
def test_what_is_no_revision_is_told(
    revision: str, message: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _said(capsys, "--against", revision)
    assert said.code == 2
    assert message in said.err
    assert said.out == ""
    assert not (repository.folder / "hit").exists()


def test_hostile_names_of_branches_and_files(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """A branch that looks like an option, and files that look like options, markup and control sequences."""
    head = repository.git("rev-parse", "HEAD")
    repository.git("update-ref", "refs/heads/--output=hit", head)
    assert _said(capsys, "--against", "git:refs/heads/--output=hit").code == 0
    odd = ["-rf.yaml", "<b>@all.yaml", "ünï.yaml", ' "quoted".yaml']
    for i, name in enumerate(odd):
        (repository.folder / name).write_text(json.dumps({"schedules": {f"odd-{i}": DAILY}}), "utf-8")
    (repository.folder / "schedc.toml").write_text('sources = ["."]\n', "utf-8")
    repository.commit()
    said = _said(capsys, "git:main", ".")
    assert said.out.endswith(f"\nnothing changed; {len(odd) + 1} unchanged\n"), said
    for i, name in enumerate([*odd, "a\nb.yaml", "\x1b[31mred.yaml", "tab\t.yaml"]):
        (repository.folder / name).write_text(json.dumps({"schedules": {f"odd-{i}": {"x": 1}}}), "utf-8")
    said = _said(capsys, ".", "git:main")
    assert "\x1b" not in said.out + said.err
    assert all(f"U+{code}" in said.err for code in ("000A", "001B", "0009"))
    assert not (repository.folder / "hit").exists()


def _state(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def test_nothing_of_the_repository_is_touched(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the work tree nor the index nor anything else of .git, with a stale index too."""
    os.utime(repository.folder / "schedc.toml")
    before = _state(repository.folder)
    assert _said(capsys, "--against", "git:main").code == 0
    assert _said(capsys, "git:main", "git:HEAD", "--format", "markdown").code == 0
    assert _state(repository.folder) == before
    assert repository.git("status", "--short") == "M s.yaml"


def test_python_of_a_revision_runs_only_if_asked(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    old, new = tmp_path / "old.mark", tmp_path / "new.mark"
    source = repository.folder / "s.py"
    (repository.folder / "schedc.toml").write_text('sources = ["s.py"]\n', "utf-8")
    source.write_text(PYTHON.format(mark=old, cron="0 6 * * *"), "utf-8")
    repository.commit()
    source.write_text(PYTHON.format(mark=new, cron="0 7 * * *"), "utf-8")

    said = _said(capsys, "--against", "git:main")
    assert (old.exists(), new.exists()) == (False, True)
    assert "main:s.py was not run, and is not compared" in said.err
    assert "not compared, since one side could not be read: one" in said.out
    assert "added" not in said.out
    assert said.code == 0

    said = _said(capsys, "--against", "git:main", "--python")
    assert old.exists()
    assert "cron_expression: 0 6 * * * -> 0 7 * * *" in said.blocks["one"]

    old.unlink()
    said = _said(capsys, "git:main:s.py", "git:main:s.py")
    assert not old.exists()


def test_each_side_imports_its_own_modules(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (repository.folder / "schedc.toml").write_text('sources = ["s.py"]\n', "utf-8")
    (repository.folder / "shared_hours.py").write_text('cron = "0 6 * * *"\n', "utf-8")
    (repository.folder / "s.py").write_text(
        "from shared_hours import cron\nfrom schedc import Container, Schedule\n"
        'one = Schedule(cron_expression=cron, deploy_to=["kubernetes"], run=Container("ghcr.io/acme/churn:1"))\n',
        "utf-8",
    )
    repository.commit()
    (repository.folder / "shared_hours.py").write_text('cron = "0 7 * * *"\n', "utf-8")
    said = _said(capsys, "--against", "git:main", "--python")
    assert said.blocks["one"][0].endswith('"at 06:00 every day" -> "at 07:00 every day", UTC'), said


@pytest.mark.parametrize("target", ["../secret", "/secret", "loop/../../secret", "there/../../secret"])
def test_links_that_lead_out_are_not_followed(
    target: str, repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Also through a link that stays inside: `there` is the folder itself."""
    secret = write(tmp_path / "secret", {"stolen": DAILY}) / "s.yaml"
    os.symlink(".", repository.folder / "there")
    os.symlink("loop", repository.folder / "loop")
    named = target.replace("/secret", str(secret)) if target.startswith("/") else f"{target}/s.yaml"
    os.symlink(named, repository.folder / "link.yaml")
    (repository.folder / "schedc.toml").write_text('sources = ["s.yaml", "link.yaml"]\n', "utf-8")
    repository.commit()
    said = _said(capsys, "git:main", "git:main")
    assert "stolen" not in said.out + said.err
    assert said.code == 2
    assert "main:link.yaml cannot be read" in said.err


def test_links_that_stay_inside_are_followed(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (repository.folder / "real").mkdir()
    (repository.folder / "s.yaml").rename(repository.folder / "real/one.yaml")
    os.symlink("real/one.yaml", repository.folder / "s.yaml")
    repository.commit()
    said = _said(capsys, "git:main~1", "git:main")
    assert said.blocks["one"][1:] == ["retries: 0 -> 1"], said


def test_submodules_and_pointers_are_told(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    head = repository.git("rev-parse", "HEAD")
    (repository.folder / "schedc.toml").write_text('sources = ["s.yaml", "module"]\n', "utf-8")
    (repository.folder / "s.yaml").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 3\n", "utf-8"
    )
    repository.git("add", "-A")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},module")
    repository.git("commit", "-q", "-m", "x")
    said = _said(capsys, "git:main~1", "git:main")
    assert "main:module is a submodule" in said.err
    assert "main:s.yaml cannot be read: git has only a pointer of Git LFS for it" in said.err
    assert "removed" not in said.out
    assert said.code == 2
    said = _said(capsys, "git:main~1", "git:main:module/s.yaml")
    assert (said.code, "module" in said.err) == (2, True)


def test_names_that_lead_out_are_not_written(repository: Repository, tmp_path: Path) -> None:
    """A tree that anybody can make up by hand, and that git itself would not check out."""
    blob = repository.git("hash-object", "-w", "--stdin", given="schedules: {}\n")
    inner = repository.git("mktree", given=f"100644 blob {blob}\tout.yaml\n")
    tree = repository.git("mktree", given=f"040000 tree {inner}\t..\n100644 blob {blob}\tin.yaml\n")
    folder = tmp_path / "empty" / "inner"
    folder.mkdir(parents=True)
    found = write_revision(open_revision(tree, repository.folder), folder, lambda path: True)
    assert found == {"../out.yaml": "its name leads out of the repository"}
    assert [p.name for p in folder.parent.rglob("*.yaml")] == ["in.yaml"]
    assert link(open_revision(tree, repository.folder), folder) == {}


def test_without_a_repository_or_git(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"one": DAILY})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    said = diff(capsys, "--against", "git:main")
    assert (said.code, "not a git repository" in said.err) == (2, True)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = diff(capsys, "--against", "git:main")
    assert (said.code, said.err) == (2, "schedc: git is not installed, and git:REV is read through it\n")


def test_places_in_findings_name_the_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository.folder, {"one": merged(DAILY, {"cron_expression": "61 * * * *"})})
    repository.commit()
    write(repository.folder, {"one": DAILY})
    said = _said(capsys, "--against", "git:main")
    assert "--> main:s.yaml:4:" in said.err, said
    assert "= note: in git:main" in said.err
    assert said.code == 1


def test_environments_of_a_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository.folder, {"one": DAILY}, 'sources = ["s.yaml"]\n[environments.prod]\nretries = 2\n')
    said = _said(capsys, "--against", "git:main", "--env", "prod")
    assert said.blocks["one"][0].startswith("one  fires     added ")
    repository.commit()
    assert _said(capsys, "--against", "git:main", "--env", "prod").out.endswith("nothing changed; 1 unchanged\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("main", ("main", None)),
        ("main:", ("main", "")),
        ("main:a/b.yaml", ("main", "a/b.yaml")),
        ("main:a:b", ("main", "a:b")),
        ("HEAD^{/fix: it}:a", ("HEAD^{/fix: it}", "a")),
        ("main@{2026-01-01 10:00}", ("main@{2026-01-01 10:00}", None)),
        (":x", ("", "x")),
    ],
)
def test_a_revision_and_its_path(text: str, expected: tuple[str, str | None]) -> None:
    assert split(text) == expected


def test_an_empty_revision_is_none(repository: Repository) -> None:
    with pytest.raises(GitError, match="needs a revision"):
        open_revision("", repository.folder)


def test_artifacts_of_a_revision(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    from schedc.cli import run

    assert run(["compile"]) == 0
    repository.commit()
    write(repository.folder, {"one": IMAGE})
    assert run(["compile"]) == 0
    said = _said(capsys, "git:main:compiled", "compiled")
    assert said.blocks["one"][1:] == [
        "kubernetes: retries: 1 -> 0",
        "run.container.image: ghcr.io/acme/churn:1.4.0 -> ghcr.io/acme/churn:2",
    ], said


def test_a_repository_without_a_work_tree(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit()
    repository.git("clone", "-q", "--bare", str(repository.folder), str(tmp_path / "bare"))
    monkeypatch.chdir(tmp_path / "bare")
    assert _said(capsys, "git:main~1", "git:main").blocks["one"][1:] == ["retries: 0 -> 1"]


def test_a_commit_that_a_shallow_clone_lacks(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    said = _said(capsys, "--against", "git:HEAD~1")
    assert (said.code, said.err) == (
        2,
        "schedc: git has no revision 'HEAD~1' here; a shallow clone has no older ones\n",
    )


def test_what_a_partial_clone_lacks_is_not_fetched(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit()
    repository.git("config", "uploadpack.allowFilter", "true")
    partial = ("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository.folder}")
    repository.git(*partial, str(tmp_path / "partial"))
    monkeypatch.chdir(tmp_path / "partial")
    before = _state(tmp_path / "partial")
    said = _said(capsys, "git:HEAD", "git:HEAD")
    assert (said.code, "partial clone" in said.err) == (2, True)
    assert _state(tmp_path / "partial") == before


@pytest.mark.parametrize("form", ["../secret/s.yaml", "{secret}", "s.yaml/../../secret"])
def test_sources_that_lead_out_are_not_read(
    form: str, repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whoever pushes a revision writes its schedc.toml, too."""
    secret = write(tmp_path / "secret", {"stolen": DAILY}) / "s.yaml"
    source = form.format(secret=secret)
    (repository.folder / "schedc.toml").write_text(f'sources = ["s.yaml", "{source}"]\n', "utf-8")
    repository.commit()
    said = _said(capsys, "git:main~1", "git:main")
    assert "stolen" not in said.out
    assert f"{source} leads out of the repository" in said.err
    assert said.code == 2
