"""No text in any field adds a key, a document or code to an artifact, and what is read back is what was written.

`make hostile` tries every text of the corpus in every field; `make test` tries a part of them.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from compiling import WEEKLY, Result, compile_files, compile_one, document
from hostile.artifact_shapes import code, constants, leaves, parsed
from hostile.hostile_fields import CORPUS, HARMLESS, Slot, schedule, shown, slots
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROUNDS = int(os.environ.get("SCHEDC_HOSTILE_ROUNDS", "1"))
TEXTS = list(CORPUS.items())
SLOTS = slots()
BRACES = "a {{ b }} {% c %} {# d #} $(e)"
"""What targets escape by constructs of their own: a text with none of it may add none of them."""
_ARGS: Slot = ("run", "container", "args", 0)
_DIGEST = re.compile(r"\b[0-9a-f]{16}\b")
SOME = settings(
    max_examples=30 * ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _artifacts(result: Result) -> dict[str, Any]:
    """What parsers make of each artifact; the files of a refused target are not there."""
    return {path: parsed(path, text) for path, text in result.texts().items()}


@cache
def _reference(slot: Slot, text: str, folder: Path) -> dict[str, Any]:
    return _artifacts(compile_one(folder, schedule(slot, text)))


def check(slot: Slot, text: str, result: Result, folder: Path) -> int:
    """Compare what was compiled with what a harmless text compiles to; how many artifacts there were."""
    found = _artifacts(result)
    for path, data in found.items():
        reference = _reference(slot, HARMLESS, folder).get(path)
        if reference is None:  # the harmless text is none for this field, such as a zone
            continue
        if isinstance(data, ast.AST):
            _check_code(slot, text, path, data, reference, folder)
        else:
            _check_data(slot, text, data, reference)
    return len(found)


def _check_code(slot: Slot, text: str, path: str, tree: ast.AST, reference: ast.AST, folder: Path) -> None:
    allowed = set(code(reference)) | set(code(_reference(_ARGS, BRACES, folder)[path]))
    added = set(code(tree)) - allowed
    assert not added, added
    assert len(tree.body) <= len(reference.body) + 1  # type: ignore[attr-defined]
    held = "".join(constants(tree))
    if any(HARMLESS in one for one in constants(reference)):
        assert all(word in held for word in re.findall(r"[A-Za-z0-9]{3,}", text)), "a part of the text is gone"


def _check_data(slot: Slot, text: str, data: Any, reference: Any) -> None:
    now, before = dict(leaves(data)), dict(leaves(reference))
    same = [path for path in now if path in before]
    renamed = set(now.keys() - before.keys())
    gone = set(before.keys() - now.keys())
    assert len(now) == len(before), (sorted(renamed), sorted(gone))
    assert all(HARMLESS in path for path in gone), (sorted(renamed), sorted(gone))
    for path in same:
        value, other = now[path], before[path]
        if value == other or (isinstance(value, str) and _DIGEST.sub("", value) == _DIGEST.sub("", str(other))):
            continue
        assert type(value) is type(other)
        assert HARMLESS in str(other), (path, other, value)
        if other == HARMLESS:
            assert _undone(value) == _undone(text), path


def _undone(text: str) -> str:
    """A text without the escapes of Kubernetes, Kubeflow and Terraform, which double what would be expanded."""
    return re.sub(r"\$+|%+", lambda found: found[0][0], text.replace("{{$", "{{"))


def _tried(slot: Slot, text: str, folder: Path) -> int:
    result = compile_one(folder, schedule(slot, text))
    count = check(slot, text, result, folder)
    assert count or result.errors, "nothing was written, and nothing said"
    return count


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("injection")


@pytest.mark.parametrize("part", range(16))
def test_no_text_of_the_corpus_adds_anything(part: int, folder: Path, tell: Callable[[str], None]) -> None:
    pairs = [
        (slot, name, text)
        for i, slot in enumerate(SLOTS)
        for j, (name, text) in enumerate(TEXTS)
        if (i + j) % 16 == part
    ]
    chosen = pairs[:: max(1, 48 // ROUNDS)]
    written = refused = 0
    for slot, name, text in chosen:
        try:
            count = _tried(slot, text, folder)
        except (AssertionError, ValueError, SyntaxError) as error:
            raise AssertionError(f"{name} in {shown(slot)}: {error}") from error
        written += count
        refused += not count
    assert written > len(chosen) / 4
    tell(f"injection {part:2}: {len(chosen)} texts in fields, {written} artifacts compared, {refused} refused")


def test_every_text_stands_in_the_fields_that_take_any(folder: Path, tell: Callable[[str], None]) -> None:
    open_fields = (("description",), ("run", "container", "args", 0), ("run", "container", "env", "a"))
    written: Counter[str] = Counter()
    for slot in open_fields:
        for _, text in TEXTS:
            result = compile_one(folder, schedule(slot, text))
            check(slot, text, result, folder)
            written.update({one.target for one in result.compilation.outputs})
    assert min(written[name] for name in ("airflow", "kubernetes", "kubeflow", "vertex")) > len(TEXTS)
    tell(f"injection: {len(TEXTS)} texts in {len(open_fields)} open fields, compiled {dict(sorted(written.items()))}")


ANY = st.one_of(
    st.lists(st.one_of(st.sampled_from([text for text in CORPUS.values() if len(text) < 60]), st.text(max_size=3))).map(
        "".join
    ),
    st.text(st.characters(exclude_categories=()), max_size=20),
)


@SOME
@given(slot=st.sampled_from(SLOTS), text=ANY)
def test_no_text_adds_anything(folder: Path, slot: Slot, text: str) -> None:
    _tried(slot, text, folder)


def test_most_fields_can_be_reached(folder: Path, tell: Callable[[str], None]) -> None:
    """A field that no test can fill would be tested by nobody."""
    reached = {shown(slot): set(_reference(slot, HARMLESS, folder)) for slot in SLOTS}
    empty = [
        one for one, paths in reached.items() if not paths and "timezone" not in one and "scheduled_time" not in one
    ]
    assert len(empty) <= 24, empty
    each = Counter(path.split("/")[0] for paths in reached.values() for path in paths)
    assert min(each[name] for name in ("airflow", "kubernetes", "kubeflow", "vertex")) >= 60, each
    tell(f"injection: {len(SLOTS)} fields of text, {len(SLOTS) - len(empty)} reached, {dict(sorted(each.items()))}")


# -- other ways in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CORPUS)
def test_a_value_and_a_setting_are_no_other_way_in(name: str, tmp_path: Path) -> None:
    text = CORPUS[name]
    slot: Slot = ("description",)
    given = schedule(slot, "${values.text}")
    valued = compile_files(tmp_path / "value", {"one.yaml": document({"one": given})}, values={"text": text})
    check(slot, text, valued, tmp_path / "plain")
    try:
        toml = f"[defaults]\ndescription = {json.dumps(text)}\n".encode().decode()
    except UnicodeEncodeError:
        return
    bare = {key: value for key, value in given.items() if key != "description"}
    setting = {"schedc.toml": toml, "one.yaml": document({"one": bare})}
    settled = compile_files(tmp_path / "toml", setting)
    if settled.errors:  # TOML has no such escape, or a schedule no such text: nothing would be written
        return
    check(slot, text, settled, tmp_path / "plain")


@pytest.mark.parametrize("name", CORPUS)
def test_the_name_of_a_file_is_told_as_it_is_or_refused(name: str, tmp_path: Path) -> None:
    file = CORPUS[name].replace("/", "_")[:80] + ".yaml"
    try:
        (tmp_path / file).write_text(document({"one": WEEKLY}), "utf-8")
    except (OSError, ValueError):
        pytest.skip("the disk has no such name")
    result = compile_files(tmp_path, {file: document({"one": WEEKLY})})
    assert bool(result.texts()) == file.isprintable()
    assert result.texts() or any(d.rule.code == "SC122" for d in result.found)
    reference = _artifacts(compile_files(tmp_path, {"plain.yaml": document({"one": WEEKLY})}))
    for path, data in _artifacts(result).items():
        if isinstance(data, ast.AST):
            assert code(data) == code(reference[path])
        else:
            assert [one for one, _ in leaves(data)] == [one for one, _ in leaves(reference[path])]


@pytest.mark.parametrize("name", [*CORPUS, "con", "nul", "com1", "A", "é", "a.b", "a_b", "-a", "a-", "x" * 64])
def test_a_name_is_a_plain_word_or_refused(name: str, tmp_path: Path) -> None:
    for text in (CORPUS.get(name, name), f"a{CORPUS.get(name, name)}b"):
        source = json.dumps({"schedules": {text: WEEKLY}})
        result = compile_files(tmp_path, {"one.yaml": source})
        if result.texts():
            assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", text)
            assert text not in ("con", "nul", "com1")
        else:
            assert result.codes & {"SC118", "SC101"}
