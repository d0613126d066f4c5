"""Which module may import which. The layers stand in pyproject.toml; what is about families of targets stands here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest
from schedc.targets import targets

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("schedc", cache_dir=None)


def _settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _modules(graph: grimp.ImportGraph) -> list[str]:
    return sorted(m for m in graph.modules if m.startswith("schedc.targets."))


def _family(module: str) -> str:
    """The target that a module of `schedc.targets` belongs to."""
    return module.removeprefix("schedc.targets.").split(".")[0]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    env = {**os.environ, "PYTHONPATH": str(folder / "compiler"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=env, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package that may be spoiled."""
    shutil.copytree(ROOT / "compiler", tmp_path / "compiler", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_are_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("checks/never_fires.py", "schedc.targets.airflow"),
        ("ir/calendar.py", "schedc.diagnostics"),
        ("engines/robfig.py", "schedc.frontend.cron_expression"),
        ("engines/vertex.py", "schedc.cron_text"),
        ("frontend/fields.py", "schedc.targets"),
        ("lowering/__init__.py", "schedc.proof"),
        ("proof/clock.py", "schedc.cron_text"),
        ("targets/airflow/read.py", "schedc.targets.airflow.cron"),
        ("targets/kubernetes/read.py", "schedc.yaml_writer"),
        ("target.py", "schedc.compile"),
        ("engines/croniter.py", "croniter"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(copy: Path, module: str, imported: str) -> None:
    path = copy / "compiler/schedc" / module
    path.write_text(f"{path.read_text('utf-8')}\n\ndef planted() -> None:\n    import {imported}\n", "utf-8")
    done = _lint(copy)
    assert done.returncode == 1, done.stdout
    assert imported in done.stdout


def test_a_new_module_must_be_given_a_layer(copy: Path) -> None:
    (copy / "compiler/schedc/helpers.py").write_text('"""Planted."""\n', "utf-8")
    assert _lint(copy).returncode == 1


def _between_targets(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    return [
        (module, imported)
        for module in _modules(graph)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if imported.startswith("schedc.targets.") and _family(module) != _family(imported)
    ]


def test_no_target_imports_another(graph: grimp.ImportGraph) -> None:
    assert _between_targets(graph) == []


def test_a_target_that_imports_another_is_found(graph: grimp.ImportGraph) -> None:
    spoiled = grimp.build_graph("schedc", cache_dir=None)
    spoiled.add_import(importer="schedc.targets.vertex.read", imported="schedc.targets.kubeflow.read")
    assert _between_targets(spoiled) == [("schedc.targets.vertex.read", "schedc.targets.kubeflow.read")]


def test_nothing_but_the_list_of_targets_imports_a_target(graph: grimp.ImportGraph) -> None:
    """A kind of file that is imported may be an engine's own, and then its words are those of that target."""
    for module in _modules(graph):
        found = graph.find_modules_that_directly_import(module)
        others = {m for m in found if not m.startswith(("schedc.targets", "schedc.importing."))}
        assert others == set(), module


def test_every_reader_is_under_the_contract_of_readers(graph: grimp.ImportGraph) -> None:
    contracts = _settings()["tool"]["importlinter"]["contracts"]
    named = {m for c in contracts if c["name"].startswith("Readers") for m in c["source_modules"]}
    assert named == {m for m in _modules(graph) if m.endswith("read")}


def test_readers_import_only_what_other_readers_or_no_writer_imports(graph: grimp.ImportGraph) -> None:
    """What a target keeps for itself is either read with or written with, names and limits apart."""
    both = {"schedc.targets.kubernetes.times"}
    """How Kubernetes writes a duration: a table of units, read by limits too."""
    for name in targets():
        reader, writer = f"schedc.targets.{name}.read", f"schedc.targets.{name}"
        if reader not in graph.modules:
            continue
        read_with = {m for m in graph.find_upstream_modules(reader) if m.startswith("schedc.targets.")}
        direct = graph.find_modules_directly_imported_by(writer) - {reader}
        own = {d for d in direct if _family(d) == name}
        written_with = own.union(*(graph.find_upstream_modules(d) for d in own))
        assert read_with & written_with <= both, name


def test_pytest_and_mypy_look_for_helpers_in_the_same_folders() -> None:
    tool = _settings()["tool"]
    folders = tool["pytest"]["ini_options"]["pythonpath"]
    assert folders == tool["mypy"]["mypy_path"]
    assert all((ROOT / folder).is_dir() for folder in folders)


def test_helpers_of_tests_have_names_of_their_own() -> None:
    names = [p.stem for p in sorted((ROOT / "tests").rglob("*.py")) if p.stem not in ("conftest", "__init__")]
    assert sorted(names) == sorted(set(names))


_COMPILE = """
import sys
from schedc.__main__ import main
code = main()
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("target", ["airflow", "kubernetes"])
def test_a_compile_imports_nothing_heavy(target: str) -> None:
    """The cost of an import is paid at every start."""
    examples = ROOT / "examples"
    given = ["compile", str(examples / "first_two.yaml"), "--config", str(examples / "schedc.toml")]
    given += ["--schedule", "weekly", "--target", target, "--out", "-"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    command = [sys.executable, "-c", _COMPILE, *given]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.splitlines()[-1].split())
    heavy = {"croniter", "kfp", "google", "kubernetes", "pydantic", "typer", "rich", "click", "dateutil", "requests"}
    assert loaded & heavy == set()
