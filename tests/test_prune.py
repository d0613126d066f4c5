"""`schedc compile --prune`: orphans that schedc made go, and no other file does, whatever lies beside them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schedc import output
from schedc.__main__ import main
from schedc.cli import run
from schedc.commands.orphans import orphans
from schedc.targets import names, target

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """
sources = ["schedules"]
output = "out"
[targets.vertex]
project = "acme-ml"
location = "europe-west4"
gcs_output_directory = "gs://acme-ml/schedules"
[environments.dev]
paused = false
"""
RUN = 'run: {container: {image: "ghcr.io/acme/churn:1.4.0", command: [python, -m, churn.train]}}'
KEPT = f'schedules:\n  kept: {{cron_expression: "5 14 * * 3", {RUN}}}\n'
GONE = f'schedules:\n  gone: {{cron_expression: "0 4 * * *", {RUN}}}\n'
OF_GONE = {
    "airflow/gone.py",
    "kubeflow/gone/pipeline.yaml",
    "kubeflow/gone/recurringrun.json",
    "kubernetes/gone.yaml",
    "vertex/gone/schedule.json",
}

Done = tuple[int, str, str]
Schedc = Callable[..., Done]


@pytest.fixture
def schedc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Schedc:
    """Runs a command in a project whose schedule `gone` was compiled and then lost its source."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["schedc", *arguments])
        try:
            code = main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedc.toml").write_text(CONFIG, "utf-8")
    add("kept.yaml", KEPT)
    add("gone.yaml", GONE)
    assert run("compile")[0] == 0
    Path("schedules/gone.yaml").unlink()
    return run


def add(name: str, text: str) -> None:
    Path("schedules", name).write_text(text, "utf-8")


def paths(folder: str = "out") -> set[str]:
    """Everything below a folder, with a slash after folders and an at sign after links."""
    root = Path(folder)
    found = set()
    for path in root.rglob("*"):
        end = "@" if path.is_symlink() else "/" if path.is_dir() else ""
        found.add(path.relative_to(root).as_posix() + end)
    return found


def files(folder: str = "out") -> set[str]:
    return {path for path in paths(folder) if path[-1] not in "/@"}


def test_orphans_go_and_are_named_and_empty_folders_with_them(schedc: Schedc) -> None:
    before = files()
    assert before > OF_GONE
    code, out, err = schedc("compile", "--prune")
    assert (code, out) == (0, "")
    assert {line.removeprefix("removed out/") for line in err.splitlines() if line.startswith("removed")} == OF_GONE
    assert files() == before - OF_GONE
    assert "kubeflow/gone/" not in paths()
    assert schedc("compile", "--check") == (0, "", "")
    assert "removed" not in schedc("compile", "--prune")[2]


def test_without_prune_nothing_goes(schedc: Schedc) -> None:
    schedc("compile")
    assert files() > OF_GONE


def test_check_lists_and_fails_and_diff_shows_and_neither_removes(schedc: Schedc) -> None:
    before = paths()
    code, out, err = schedc("compile", "--prune", "--check")
    assert (code, out) == (1, "")
    assert {line.split(": ")[1].split(" ")[0].removeprefix("out/") for line in err.splitlines() if "SC604" in line} == (
        OF_GONE
    )
    assert err.count("and would be removed") == len(OF_GONE)
    code, out, _ = schedc("compile", "--prune", "--diff")
    assert code == 0
    assert {line.split()[1].removeprefix("out/") for line in out.splitlines() if line.startswith("--- ")} == OF_GONE
    assert paths() == before


def test_a_renamed_schedule_is_written_and_its_old_files_go(schedc: Schedc) -> None:
    add("kept.yaml", KEPT.replace("kept:", "called-otherwise:"))
    code, _, err = schedc("compile", "--prune", "--target", "kubernetes")
    assert code == 0
    assert files("out/kubernetes") == {"called-otherwise.yaml"}
    assert "removed out/kubernetes/kept.yaml" in err


def test_a_target_that_a_schedule_left_and_one_that_is_switched_off(schedc: Schedc) -> None:
    add("kept.yaml", KEPT.replace("kept: {", "kept: {deploy_to: [airflow], "))
    schedc("compile", "--prune")
    assert files() == {"airflow/kept.py"}
    assert paths() == {"airflow/", "airflow/kept.py"}
    add("kept.yaml", KEPT.replace("kept: {", "kept: {enabled: false, "))
    schedc("compile", "--prune")
    assert paths() == set()
    assert Path("out").is_dir()


def test_only_the_targets_that_are_compiled(schedc: Schedc) -> None:
    before = files()
    schedc("compile", "--prune", "--target", "airflow")
    assert files() == before - {"airflow/gone.py"}


def test_an_environment_is_a_tree_of_its_own(schedc: Schedc) -> None:
    schedc("compile", "--env", "dev")
    before = files()
    add("kept.yaml", KEPT.replace("kept:", "other:"))
    schedc("compile", "--env", "dev", "--prune")
    assert {path for path in files() if not path.startswith("dev/")} == {
        path for path in before if not path.startswith("dev/")
    }
    assert not any("kept" in path for path in files("out/dev"))


@pytest.mark.parametrize(
    "arguments",
    ["--schedule kept", "schedules", "schedules/kept.yaml", "--out -", "-"],
)
def test_where_not_every_schedule_is_seen_it_is_wrong_usage(schedc: Schedc, arguments: str) -> None:
    before = paths()
    code, _, err = schedc("compile", "--prune", *arguments.split())
    assert code == 2
    assert "--prune" in err
    assert paths() == before


REFUSED = KEPT.replace("kept: {", "kept: {overlap: replace, ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("broken.yaml", "schedules: ["),
        ("broken.yaml", 'schedules: {gone: {cron_expression: "61 * * * *"}}'),
        ("kept.yaml", KEPT + "    typo: 1\n"),
        ("kept.yaml", KEPT.replace("kept: {", "kept: {typo: 1, ")),
        ("kept.yaml", "schedules: {}\n\x00"),
    ],
)
def test_an_error_of_a_source_keeps_everything(schedc: Schedc, source: str, text: str) -> None:
    before = paths()
    add(source, text)
    assert schedc("compile", "--prune")[0] != 0
    assert paths() == before


def test_what_is_refused_now_keeps_its_old_files(schedc: Schedc) -> None:
    before = files()
    add("kept.yaml", REFUSED)
    code, _, _ = schedc("compile", "--prune")
    assert code == 1
    assert files() == before - {"kubernetes/gone.yaml"}, "only Kubernetes can replace a run, and was compiled"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gone.py", "raise SystemExit('never run')\n"),
        ("gone.yaml", GONE.replace("schedules:", "schedule:")),
        ("gone.yaml", ""),
    ],
)
def test_a_source_that_gave_no_schedule_keeps_what_may_come_from_it(schedc: Schedc, name: str, text: str) -> None:
    for path in OF_GONE:
        one = Path("out", path)
        one.write_text(one.read_text("utf-8").replace("gone.yaml", name), "utf-8")
    before = paths()
    add(name, text)
    code, _, err = schedc("compile", "--prune")
    assert code == 0
    assert paths() == before
    assert f"it may come from {name}, of which no schedule was read" in err


def test_sources_that_are_files_are_searched_too(schedc: Schedc) -> None:
    Path("schedules/p.py").write_text(
        "from schedc import Container, Schedule\n\n"
        'in_python = Schedule(cron_expression="0 5 * * *", deploy_to=["airflow"], run=Container("a/b:1"))\n',
        "utf-8",
    )
    config = CONFIG.replace('["schedules"]', '["schedules/kept.yaml", "schedules/p.py"]')
    Path("schedc.toml").write_text(config, "utf-8")
    before = files()
    code, _, err = schedc("compile", "--prune")
    assert code == 0, err
    assert files() == before - OF_GONE | {"airflow/in-python.py"}
    Path("schedc.toml").write_text(CONFIG, "utf-8")
    _, _, err = schedc("compile", "--prune")
    assert "it may come from p.py, of which no schedule was read" in err
    assert "airflow/in-python.py" in files()


def test_a_source_folder_that_cannot_be_searched_keeps_everything(
    schedc: Schedc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(top: Path, onerror: Callable[[OSError], None]) -> list[object]:
        onerror(PermissionError(13, "Permission denied", f"{top}/closed"))
        return []

    before = paths()
    monkeypatch.setattr("schedc.commands.orphans.os.walk", walk)
    code, _, err = schedc("compile", "--prune")
    assert code == 2
    assert "cannot be searched: Permission denied" in err
    assert paths() == before


def test_nothing_goes_where_something_could_not_be_written(schedc: Schedc) -> None:
    Path("out/airflow/kept.py").unlink()
    Path("out/airflow/kept.py").mkdir()
    before = files()
    code, _, err = schedc("compile", "--prune")
    assert code == 2
    assert "SC610" in err
    assert files() == before


HAND_WRITTEN = {
    "a DAG": ("airflow/mine.py", "from airflow import DAG\n"),
    "no provenance": ("airflow/mine.py", None),
    "a manifest": ("kubernetes/mine.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n"),
    "a kustomization": ("kubernetes/kustomization.yaml", "resources: [kept.yaml]\n"),
    "a note": ("kubeflow/gone/README.md", "why\n"),
    "deeper": ("kubernetes/sub/gone.yaml", None),
    "not UTF-8": ("kubernetes/mine.yaml", b"\xff\xfe"),
    "of no target": ("elsewhere/gone.yaml", None),
    "beside": ("gone.yaml", None),
    "hidden": ("airflow/.gone.py", None),
    "a bad name": ("kubernetes/Gone.yaml", None),
    "renamed by hand": ("kubernetes/gone-copy.yaml", None),
}


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_what_schedc_did_not_make_stays(schedc: Schedc, case: str) -> None:
    place, text = HAND_WRITTEN[case]
    path = Path("out", place)
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        made = Path("out/airflow/gone.py" if place.endswith(".py") else "out/kubernetes/gone.yaml").read_text("utf-8")
        text = made.replace("digest", "number") if case == "no provenance" else made
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, _, err = schedc("compile", "--prune")
    assert code == 0
    assert path.is_file()
    assert files() & OF_GONE == set()
    if path.parts[1] in names() and not path.name.startswith("."):
        assert f"{path} is compiled from no source, and was kept" in err


def test_links_are_neither_removed_nor_followed(schedc: Schedc, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    made = Path("out/kubernetes/gone.yaml")
    made.rename(elsewhere / "gone.yaml")
    made.symlink_to(elsewhere / "gone.yaml")
    Path("out/kubeflow/gone").rename(elsewhere / "gone")
    Path("out/kubeflow/gone").symlink_to(elsewhere / "gone")
    schedc("compile", "--prune")
    assert made.is_symlink()
    assert Path("out/kubeflow/gone").is_symlink()
    assert files("elsewhere") == {"gone.yaml", "gone/pipeline.yaml", "gone/recurringrun.json"}


def test_a_file_that_changes_meanwhile_stays(schedc: Schedc, monkeypatch: pytest.MonkeyPatch) -> None:
    remove = output.remove

    def late(folder: Path, found: dict[str, bytes], root: Path) -> None:
        (folder / next(iter(found))).write_bytes(b"somebody else was here")
        remove(folder, found, root)

    monkeypatch.setattr("schedc.commands.orphans.output.remove", late)
    code, _, err = schedc("compile", "--prune", "--target", "kubernetes")
    assert (code, err.count("was changed meanwhile, and was not removed")) == (2, 1)
    assert Path("out/kubernetes/gone.yaml").read_bytes() == b"somebody else was here"


def test_a_failure_to_remove_is_told(schedc: Schedc, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    code, _, err = schedc("compile", "--prune", "--target", "airflow")
    assert code == 2
    assert "error[SC610] unwritable-output: " in err
    assert "cannot be removed: Permission denied" in err


@pytest.mark.parametrize("name", sorted(names()))
def test_every_golden_artifact_is_known_as_made_by_schedc(name: str, tmp_path: Path) -> None:
    count = 0
    for folder in sorted((ROOT / "golden" / name).iterdir()):
        made = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix in (".py", ".yaml", ".json")}
        found = orphans(target(name), folder, made, folder, [])
        assert (set(found.ours), dict(found.kept)) == (made, {})
        count += len(made)
    assert count > 20


def _foreign() -> st.SearchStrategy[dict[str, str]]:
    """Files, links and folders at places where a target writes, and beside them."""
    part = st.sampled_from(["airflow", "kubernetes", "kubeflow", "vertex", "mine", "gone", ".git", "sub"])
    leaf = st.sampled_from(
        ["x.py", "x.yaml", "pipeline.yaml", "schedule.json", "recurringrun.json", "notes", "x.tf.json"]
    )
    place = st.builds(lambda parts, end: "/".join([*parts, end]), st.lists(part, max_size=3), leaf)
    kind = st.sampled_from(["text", "yaml", "json", "python", "folder", "link", "dangling"])
    return st.dictionaries(place, kind, max_size=8)


TEXTS = {
    "text": "schedc digest 0123456789abcdef\n",
    "yaml": "# Written by schedc from a.yaml, schedule x\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\n",
    "json": '{"description": "-- schedc --\\ndigest: 0123456789abcdef", "display_name": "x"}',
    "python": '"""Compiled by schedc from a.yaml, schedule `x`, digest\n`0123456789abcdef`.\n"""\n',
}


@given(foreign=_foreign())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_lies_there_only_our_files_go(
    foreign: dict[str, str], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    here = Path.cwd()
    os.chdir(root)
    try:
        Path("schedules").mkdir()
        Path("schedc.toml").write_text(CONFIG, "utf-8")
        add("gone.yaml", GONE)
        before_argv, sys.argv = sys.argv, ["schedc", "compile"]
        main()
        add("gone.yaml", KEPT)
        Path("target-of-links").write_text("x", "utf-8")
        placed = set()
        for place, kind in foreign.items():
            path = Path("out", place)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if os.path.lexists(path):
                    continue
                if kind == "folder":
                    path.mkdir()
                elif kind in ("link", "dangling"):
                    path.symlink_to(root / ("target-of-links" if kind == "link" else "nowhere"))
                else:
                    path.write_text(TEXTS[kind], "utf-8")
            except (FileExistsError, NotADirectoryError):
                continue
            placed.add(path)
        before = paths()
        sys.argv = ["schedc", "compile", "--prune"]
        main()
        assert {path for path in before - paths() if not path.endswith("/")} == OF_GONE
        assert all(os.path.lexists(path) for path in placed)
    finally:
        sys.argv = before_argv
        os.chdir(here)
        capsys.readouterr()


@pytest.mark.parametrize(
    ("output", "options", "said"),
    [
        ("../out", [], "removes files below"),
        ("compiled", ["--out", "../b/compiled"], "removes files below"),
        ("inner/compiled", [], "is a project of its own"),
    ],
)
def test_the_artifacts_of_another_project_stay(
    output: str,
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fields = "cron_expression: '0 4 * * *', deploy_to: [kubernetes], run: {container: {image: 'a/b:1'}}"
    (tmp_path / ".git").mkdir()  # one repository of three projects
    for name, folder in (("mine", "a"), ("theirs", "b"), ("inner", "a/inner")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "s.yaml").write_text(f"schedules: {{{name}: {{{fields}}}}}")
        toml = f'sources = ["s.yaml"]\noutput = "{output if folder == "a" else "compiled"}"\n'
        (tmp_path / folder / "schedc.toml").write_text(toml)
        monkeypatch.chdir(tmp_path / folder)
        assert run(["compile"]) == 0
    before = sorted(p for p in tmp_path.rglob("*") if p.is_file())
    monkeypatch.chdir(tmp_path / "a")
    capsys.readouterr()
    assert run(["compile", "--prune", *options]) == 2
    assert said in capsys.readouterr().err
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == before
