"""A template gives the same text as the function that it was turned into and by Jinja2."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta
from schedc import templating

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.j2"))
LISTS = {"header", "imports", "dag_lines", "task_lines"}
TRUTHS = {"is_three", "needs_literal"}


def _loaded(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Any]]:
    text = _loaded(ROOT / "scripts" / "build_templates.py", "build_templates").module(ROOT)
    path = tmp_path_factory.mktemp("made") / "made_templates.py"
    path.write_text(text, "utf-8")
    found: dict[str, tuple[str, Any]] = _loaded(path, "made_templates").TEMPLATES
    return found


def test_every_template_is_turned_into_a_function(made: dict[str, Any]) -> None:
    assert sorted(made) == NAMES


@given(data=st.data())
@pytest.mark.parametrize("name", NAMES)
def test_both_give_the_same_text(name: str, made: dict[str, tuple[str, Any]], data: st.DataObject) -> None:
    text, function = made[name]
    names = meta.find_undeclared_variables(templating.environment().parse(text))
    line = st.text(st.characters(exclude_categories=["Cs"]))
    values = {
        one: data.draw(st.lists(line) if one in LISTS else st.booleans() if one in TRUTHS else line, label=one)
        for one in sorted(names)
    }
    assert function(values) == templating.environment().from_string(text).render(values)


def test_a_missing_value_is_an_error(made: dict[str, tuple[str, Any]]) -> None:
    with pytest.raises(KeyError, match="doc"):
        made["airflow/dag.py.j2"][1]({})


def test_an_edited_template_is_rendered_as_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kubernetes").mkdir()
    (tmp_path / "kubernetes" / "cronjob.yaml.j2").write_text("edited: {{ manifest }}", "utf-8")
    monkeypatch.setattr(templating, "template_root", lambda: tmp_path)
    monkeypatch.setattr(templating, "_renderer", templating._renderer.__wrapped__)
    assert templating.render("kubernetes/cronjob.yaml.j2", manifest="x") == "edited: x"
