"""No text is read by YAML or by Kubernetes as anything but itself."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes.expansion import escape
from schedc.targets.kubernetes.text_read import literal
from schedc.yaml_writer import _dumper, comment, dump

HOSTILE = [
    "",
    " ",
    "a ",
    "\n",
    "a\n",
    "a\n\nb",
    "a\nb\n",
    "a\nb\n\n",
    " a\nb",
    "a \nb",
    "\ta\nb",
    "# a\nb",
    "- a\nb",
    "a: b\n---\nc",
    "set -e\n  if x; then\n\techo 'y'\n  fi\n",
    "on",
    "No",
    "null",
    "~",
    "1",
    "1.0",
    "1e3",
    "0x1f",
    "0o17",
    "1:30",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "=",
    "<<",
    ".inf",
    ".NaN",
    "a: b",
    "a #b",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "{a}",
    "[a]",
    "---",
    "...",
    "'",
    '"',
    "\\",
    "é",
    "\u202eevil",
    "\ufeffa",
    "\u2028",
    "\x85",
    "\x00",
    "\x7f",
    "\U0001f600",
    "{{ x }}",
    "{{$.inputs}}",
    "x" * 500,
    "x " * 300,
    "x:" * 90,
    "{% raw %}",
]
ALPHABET = st.one_of(
    st.sampled_from("$$$(())){}\n \t'\":#-é\u202e\u2028\ufeff\x00\x85&*!|>%@`\\,[]?~=aA1"), st.characters()
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(ALPHABET, max_size=40), st.text("$()aé", max_size=12))
NO_SURROGATES = TEXTS.filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text))


def dump_without_libyaml(data: Any) -> str:
    import schedc.yaml_writer as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_dumper", lambda pure=False: _dumper(pure=True))
        return module.dump(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_itself(text: str) -> None:
    data = {"a": text, "b": [text, {"c": text}], "k" + text: "v"}
    written = dump(data)
    assert yaml.safe_load(written) == data
    assert written == dump_without_libyaml(data)


@pytest.mark.parametrize("length", [1, 100, 101, 120, 126, 127, 128, 129, 130, 300])
@pytest.mark.parametrize("sign", ["a", " ", "-"])
def test_long_keys(length: int, sign: str) -> None:
    data = {"a": {sign * length: "v", "b": "w"}}
    written = dump(data)
    assert yaml.safe_load(written) == data
    assert written == dump_without_libyaml(data)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NO_SURROGATES, NO_SURROGATES | st.lists(NO_SURROGATES, min_size=1), min_size=1))
def test_yaml_is_the_same_with_and_without_libyaml(data: dict[str, Any]) -> None:
    written = dump(data)
    assert yaml.safe_load(written) == data
    assert written == dump_without_libyaml(data)


def test_text_cannot_hide_or_reorder_itself() -> None:
    written = dump({"a": "caf\u00e9", "b": "\u202eevil\u200b"})
    assert "\u202e" not in written
    assert "\u200b" not in written
    assert "caf\u00e9" in dump({"a": "caf\u00e9"})
    assert comment("a\u202eb\nc") == "a\\u{202e}b\\u{a}c"


def expand(text: str, *, by_bytes: bool) -> str:
    """What Kubernetes makes of a text whose every variable is set, by the rules of expand.go."""
    data, out, cursor = text.encode(), bytearray(), 0
    while cursor < len(data):
        if data[cursor : cursor + 1] != b"$" or cursor + 1 == len(data):
            out += data[cursor : cursor + 1]
            cursor += 1
            continue
        rest = data[cursor + 1 :]
        if rest[:1] == b"$":
            out += b"$"
            cursor += 2
        elif rest[:1] == b"(" and b")" in rest:
            out += b"<EXPANDED>"
            cursor += 2 + rest.index(b")")
        elif by_bytes:
            out += b"$" + chr(rest[0]).encode()
            cursor += 2
        else:
            out += b"$"
            cursor += 1
    return out.decode("utf-8", "replace")


ESCAPED = [
    ("$", "$"),
    ("$HOME", "$HOME"),
    ("${HOME}", "${HOME}"),
    ("$(HOME)", "$$(HOME)"),
    ("$(HOME", "$(HOME"),
    (")$(", ")$("),
    ("$$", "$$$"),
    ("$$(A)", "$$$$(A)"),
    ("$()", "$$()"),
    ("$(A) $(B", "$$(A) $(B"),
    ("$(B $(A)", "$$(B $$(A)"),
    ("$\u00e9", "$$\u00e9"),
    ("100$", "100$"),
]


@pytest.mark.parametrize(("text", "written"), ESCAPED)
def test_escapes_are_minimal(text: str, written: str) -> None:
    assert escape(text) == written


@settings(max_examples=500, deadline=None)
@given(NO_SURROGATES)
def test_kubernetes_undoes_the_escapes(text: str) -> None:
    written = escape(text)
    assert expand(written, by_bytes=False) == text
    assert expand(written, by_bytes=True) == text
    assert literal(written, "here") == text


@settings(max_examples=300, deadline=None)
@given(st.text("$()a\u00e9", max_size=8))
def test_no_escape_is_superfluous(text: str) -> None:
    written = escape(text)
    for i in range(len(written)):
        if written[i] == "$":
            shorter = written[:i] + written[i + 1 :]
            assert {expand(shorter, by_bytes=False), expand(shorter, by_bytes=True)} != {text}


@settings(max_examples=300, deadline=None)
@given(st.text("$()a\u00e9", max_size=10))
def test_what_is_read_is_what_kubernetes_makes_of_it(written: str) -> None:
    try:
        read = literal(written, "here")
    except UnreadableArtifact:
        assert "$(" in written or "$\u00e9" in written
        return
    assert {read} == {expand(written, by_bytes=False), expand(written, by_bytes=True)}
