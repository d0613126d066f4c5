from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedc.json_merge_patch import Protected, breaches, leaves, merged

RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("document", "patch", "result"), RFC_7396)
def test_the_table_of_the_standard(document: object, patch: object, result: object) -> None:
    before = copy.deepcopy((document, patch))
    assert merged(document, patch) == result
    assert (document, patch) == before


PROTECTED = (
    Protected(("spec", "schedule"), "use cron_expression"),
    Protected(("metadata", "annotations", "schedc/*"), "leave it"),
    Protected(("spec", "template", "containers"), "use run.container"),
)

TOUCHED = [
    ({"spec": {"schedule": "* * * * *"}}, [("spec", "schedule")]),
    ({"spec": {"schedule": None}}, [("spec", "schedule")]),
    ({"spec": {"schedule": {}}}, [("spec", "schedule")]),
    ({"spec": {"schedule": {"x": 1}}}, [("spec", "schedule", "x")]),
    ({"spec": None}, [("spec",)]),
    ({"spec": []}, [("spec",)]),
    (None, [()]),
    ([], [()]),
    ({"spec": {}}, []),
    ({}, []),
    ({"spec": {"schedules": "x", "template": {"dns": "x"}}}, []),
    (
        {"metadata": {"annotations": {"schedc/digest": "x", "schedc": "y", "a": "z"}}},
        [("metadata", "annotations", "schedc/digest")],
    ),
    ({"metadata": {"annotations": "x"}}, [("metadata", "annotations")]),
    ({"spec": {"template": {"containers": [{"name": "x"}]}}}, [("spec", "template", "containers")]),
]


@pytest.mark.parametrize(("patch", "touched"), TOUCHED)
def test_what_a_patch_touches(patch: object, touched: list[tuple[str, ...]]) -> None:
    assert [path for path, _ in breaches(patch, PROTECTED)] == touched


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, JSON)
def test_a_patch_that_is_applied_twice_changes_nothing_more(document: object, patch: object) -> None:
    once = merged(document, patch)
    assert merged(once, patch) == once


def _at(document: object, path: tuple[str, ...]) -> object:
    for step in path:
        if not isinstance(document, dict) or step not in document:
            return None
        document = document[step]
    return document


@given(JSON, JSON, st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple))
def test_what_is_protected_stays(document: object, patch: object, path: tuple[str, ...]) -> None:
    if not list(breaches(patch, [Protected(path, "")])) and isinstance(document, dict):
        before = _at(document, path)
        after = _at(merged(document, patch), path)
        assert before is None or after == before or not _is_mapping_above(document, path)


def _is_mapping_above(document: object, path: tuple[str, ...]) -> bool:
    return all(isinstance(_at(document, path[:i]), dict) for i in range(len(path)))


@given(JSON)
def test_leaves_make_the_patch_again(patch: object) -> None:
    rebuilt: object = {}
    for path, value in leaves(patch):
        one = value
        for step in reversed(path):
            one = {step: one}
        rebuilt = merged(rebuilt, one)
    assert rebuilt == merged({}, patch)
