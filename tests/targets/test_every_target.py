"""Rules that hold for every target: what the rest of the compiler and the documentation take for granted."""

from __future__ import annotations

import ast
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
import schedc.targets
from schedc.capabilities import Feature, No, NoKind, Yes
from schedc.target import Target

OPEN_FIELDS = {
    "catchup",
    "overlap",
    "max_active_runs",
    "max_runs",
    "start_deadline_second",
    "dst_gap",
    "dst_fold",
    "timeout_second",
    "attempt_timeout_second",
    "start_time",
    "end_time",
    "retries",
}
FOLDER = Path(schedc.targets.__path__[0])


def _targets() -> dict[str, Target]:
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)])):
        target = getattr(import_module(f"schedc.targets.{name}"), "TARGET", None)
        if target is not None:
            found[name] = target
    return found


TARGETS = _targets()
EACH = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


def test_there_are_targets() -> None:
    assert {"kubernetes", "local", "local_docker", "tekton"} <= TARGETS.keys()


@pytest.mark.parametrize(("module", "target"), TARGETS.items(), ids=TARGETS)
def test_a_target_is_named_as_its_module(module: str, target: Target) -> None:
    assert target.name == module
    assert target.title


def test_names_and_titles_are_unique() -> None:
    assert len({target.name for target in TARGETS.values()}) == len(TARGETS)
    assert len({target.title for target in TARGETS.values()}) == len(TARGETS)


@EACH
def test_every_feature_is_answered_with_a_source(target: Target) -> None:
    assert set(target.capabilities) == set(Feature)
    for feature, answer in target.capabilities.items():
        assert answer.source.strip(), feature
        if isinstance(answer, No):
            assert answer.because.strip(), feature
            assert answer.kind in NoKind, feature


@EACH
def test_answers_read_well(target: Target) -> None:
    for feature, answer in target.capabilities.items():
        texts = (answer.note,) if isinstance(answer, Yes) else (answer.because, answer.instead)
        for text in texts:
            assert text is None or (text == text.strip() and text and not text.endswith(".")), feature
            assert text is None or text[0].islower() or not text[0].isalpha() or not text[1:2].islower(), feature


@EACH
def test_options_say_what_they_are(target: Target) -> None:
    names = [field.name for field in target.options]
    assert len(set(names)) == len(names)
    for field in target.options:
        assert field.about.strip(), field.name
        assert field.about.endswith("."), field.name


@EACH
def test_every_open_field_has_a_choice(target: Target) -> None:
    assert target.choices.keys() >= OPEN_FIELDS
    assert all(text.strip() for text in target.choices.values())


@EACH
def test_a_target_that_refuses_everything_says_yes_to_nothing(target: Target) -> None:
    if target.unschedulable is not None:
        assert all(isinstance(answer, No) for answer in target.capabilities.values())


@EACH
def test_files_of_others_belong_to_no_schedule(target: Target) -> None:
    assert list(target.paths([])) == []
    assert list(target.paths(["README.md"])) == []


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return {name.split(".")[2] for name in found if name.startswith("schedc.targets.")}


def _owner(module: str) -> str | None:
    """The target that a module belongs to: `kubernetes_read` to `kubernetes`, `unschedulable` to none."""
    owners = [name for name in TARGETS if module == name or module.startswith(f"{name}_")]
    return max(owners, key=len, default=None)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_target_imports_another(path: Path) -> None:
    owner = _owner(path.stem)
    imported = {_owner(module) for module in _imports(path)} - {None}
    assert imported <= {owner}
