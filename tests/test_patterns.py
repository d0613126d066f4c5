"""Regular expressions that wait for their first use are like others."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from schedc.patterns import pattern


def test_it_is_compiled_with_its_first_use() -> None:
    waiting = pattern(r"(a)(?P<rest>.*)", re.IGNORECASE)
    assert "fullmatch" not in vars(waiting)
    found = waiting.fullmatch("Abc")
    assert found is not None
    assert found["rest"] == "bc"
    assert waiting.sub("x", "abc") == "x"
    assert waiting.pattern == r"(a)(?P<rest>.*)"
    assert waiting.flags & re.IGNORECASE
    assert [m[0] for m in waiting.finditer("b abc")] == ["abc"]


def test_a_pattern_that_is_none_fails_when_it_is_used() -> None:
    with pytest.raises(re.error):
        pattern("(").match("x")


def test_it_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        pattern("a").groups_of  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("first", ["import yaml", "pass"])
def test_pyyaml_reads_as_it_does_by_itself(first: str) -> None:
    code = f"""
import re
{first}
before = re.compile
from schedc.pyyaml import yaml
assert re.compile is before
text = "a: 2026-01-01\\nb: [1, 0x10, 1.5, yes, ~, 12:30:00, text]\\nc: {{<<: {{x: 1}}}}\\n"
import yaml as itself
assert itself is yaml
print(yaml.safe_load(text), yaml.load(text, Loader=yaml.CSafeLoader))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={"PYTHONPATH": "compiler"}
    )
    one = "{'a': datetime.date(2026, 1, 1), 'b': [1, 16, 1.5, True, None, 45000, 'text'], 'c': {'x': 1}}"
    assert done.stdout.strip() == f"{one} {one}"
