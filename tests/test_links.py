"""Every relative link of a page of this repository leads to a file, and to a heading if it names one."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_links import anchors, links

ROOT = Path(__file__).resolve().parents[1]
EXPLAIN = ROOT / "compiler/schedc/diagnostics/explain"
PAGES = sorted(
    path
    for place in (ROOT, ROOT / "golden", ROOT / "docs", ROOT / "docs/rules", ROOT / "docs/targets", EXPLAIN)
    for path in place.glob("*.md")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in links(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        there = page.parent / path if path else page
        known = anchors(there.read_text("utf-8")) if there.suffix == ".md" and there.exists() else set()
        if not there.exists() or (anchor and anchor not in known):
            dead.append(link)
    assert dead == []


def test_the_check_sees_links_and_headings() -> None:
    """Of text and headings, not of code; a heading that comes twice is counted."""
    text = "# A `b_c`: d!\n\n[x](y.md#z) ![i](i.png) `[n](o)`\n\n## A [link](to.md)\n\n## Twice\n\n## Twice\n"
    fenced = "```sh\n# no heading\n[no](link)\n```\n"
    assert links(text + fenced + "[w](https://w.example)") == ["y.md#z", "i.png", "to.md"]
    assert anchors(text + fenced) == {"a-b_c-d", "a-link", "twice", "twice-1"}
