"""The commands of the pages that are read from top to bottom print what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_shell import fences, follow, shell

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if any(file for _, file, _ in fences(page.read_text("utf-8"))))


def test_there_are_such_pages() -> None:
    assert {"tutorial.md", "migrating_from_zenml.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_true(page: Path, tmp_path: Path) -> None:
    here = tmp_path / "project"
    here.mkdir()
    assert follow(page, here, shell(tmp_path)) >= 3


def test_a_page_that_is_not_true_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```text file=a/b.txt\nhello\n```\n\n```console\n$ cat a/b.txt\ngoodbye\n```\n", "utf-8")
    with pytest.raises(AssertionError, match=r"cat a/b\.txt"):
        follow(page, tmp_path, shell(tmp_path))
