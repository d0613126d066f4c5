"""What fuzzing found once is tried for ever, and so is where it begins; each entry can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_entries import ENTRIES, check_forms, seeds

HERE = Path(__file__).resolve().parent
FOUND = sorted(path for path in (HERE / "corpus").glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found(path: Path) -> None:
    ENTRIES[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", ENTRIES)
def test_where_a_search_begins(name: str) -> None:
    found = seeds(name)
    assert found, "a search that begins nowhere"
    for data in [b"", b"\0", b"\xff\xfe", *found[:12]]:
        ENTRIES[name](data)


def test_every_case_has_its_entry() -> None:
    assert {path.parent.name for path in FOUND} <= ENTRIES.keys()


def test_a_law_that_is_broken_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz_entries.read_cron", lambda text: (None, ()))
    with pytest.raises(AssertionError):
        ENTRIES["cron"](b"5 14 * * 3")
    monkeypatch.setattr("fuzz_entries.render", lambda found, form: "{")
    with pytest.raises(ValueError, match="Expecting"):
        check_forms([])
