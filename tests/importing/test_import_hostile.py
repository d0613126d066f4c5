"""Input that is meant to harm, or that nobody meant."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing_cases import imported

_BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_BOMB, "SC101"),
        ("kind: CronJob\nspec: !!python/object/apply:os.system [echo]\n", "SC101"),
        ("kind: CronJob\nspec: !mine {}\n", "SC101"),
        ("kind: CronJob\nkind: CronJob\n", "SC101"),
        ("kind: CronJob\n? [a]\n: b\n", "SC101"),
        ("[" * 5000, "SC109"),
        ("a: " + "{a: " * 150 + "}" * 150, "SC101"),
        ("kind: CronJob\nspec: {{ .Values.spec }}\n", "SC101"),
        ("kind: CronJob\nx: \x07\n", "SC101"),
        ("", "SC708"),
        ("just text\n", "SC708"),
        ("- 1\n- 2\n", "SC708"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_it_is_refused_with_a_reason(text: str, code: str) -> None:
    result = imported(text)
    assert result.codes == [code]
    assert result.imported.found == ()


def test_templates_get_their_remedy() -> None:
    (found,) = imported("kind: CronJob\nspec: {{ .Values.spec }}\n").found
    assert found.help is not None
    assert "helm template" in found.help


def test_text_of_the_source_stays_inside_of_comments_and_quotes() -> None:
    text = "0 5 * * * echo '\u2028evil: yes' # \u202e\n"
    result = imported(text, "crontab\n# x: y", kind="crontab", image="a\nb: c", system_timezone="UTC")
    assert "\u2028" not in result.text
    assert "\u202e" not in result.text
    assert [line for line in result.text.splitlines() if line.startswith(("b:", "# x"))] == []


@given(st.text(max_size=300), st.sampled_from([None, "crontab", "system-crontab", "cronjob", "artifact"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str, kind: str | None) -> None:
    imported(text, "file", kind=kind, image="a:1", system_timezone="UTC")


_KEYS = (
    *("kind", "spec", "metadata", "name", "schedule", "template", "containers", "env", "labels", "annotations"),
    *("volumes", "resources", "limits", "valueFrom", "securityContext"),
)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(_DATA)
@settings(max_examples=80, deadline=None)
def test_any_document_is_read_or_refused(data: object) -> None:
    pod = {"containers": [data], "volumes": data, "restartPolicy": "Never"}
    for inside in (data, {"spec": {"template": {"spec": data}}}, {"spec": {"template": {"spec": pod}}}):
        spec = {"schedule": "0 0 * * *", "timeZone": "UTC", "jobTemplate": inside}
        imported(json.dumps({"kind": "CronJob", "metadata": data, "spec": spec}))
    imported(json.dumps({"kind": "CronJob", "metadata": {"name": "x"}, "spec": data}))
