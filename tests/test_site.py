"""The site is built from docs/ without a warning and without a network, and its pages load nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("mkdocs") and not os.environ.get("CI"), reason="mkdocs is not installed"
)
_LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
}
"""Elements for which a browser fetches something without being asked."""
_NO_NETWORK = """
import socket, sys

def refuse(*_):
    raise OSError("the build of the site asks the network")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
from mkdocs.__main__ import cli
sys.argv[0] = "mkdocs"
cli()
"""


class Page(HTMLParser):
    """What a page loads, what it links to, its anchors, and its text outside of code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text: list[str] = []
        self._code = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._code += tag in ("pre", "code", "script", "style")
        self.anchors |= {name for key in ("id", "name") if (name := given.get(key))}
        if tag in _LOADS and given.get("rel") != "canonical":
            self.loads += [given.get(_LOADS[tag]) or "", given.get("srcset") or ""]
        if tag == "a" and (link := given.get("href")):
            self.links.append(link)

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("pre", "code", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.text.append(data)


def _build(root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _NO_NETWORK, "build", "--strict", "--site-dir", str(folder)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = _build(ROOT, folder)
    assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {path.relative_to(site).as_posix(): Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def _elsewhere(address: str) -> bool:
    return bool(re.match(r"\s*([a-z][a-z0-9+.-]*:)?//|\s*https?:", address, re.IGNORECASE))


def test_every_page_of_docs_and_of_a_rule_is_there(pages: dict[str, Page]) -> None:
    docs = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    wanted = {(p.parent / "index.html" if p.name == "README.md" else p.with_suffix(".html")).as_posix() for p in docs}
    explained = (ROOT / "compiler/schedc/diagnostics/explain").glob("*.md")
    wanted |= {f"rules/{path.stem}.html" for path in explained}
    assert wanted <= pages.keys()
    assert len(wanted) > 80


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    assert {name: found for name, page in pages.items() if (found := list(filter(_elsewhere, page.loads)))} == {}
    loaded = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)")
    styles = {path: loaded.findall(path.read_text("utf-8")) for path in site.rglob("*.css")}
    assert {path: found for path, every in styles.items() if (found := list(filter(_elsewhere, every)))} == {}


def test_the_check_sees_what_comes_from_elsewhere() -> None:
    page = Page('<link href="//fonts.example/a.css"><script src="https://cdn.example/a.js"></script><img src="a.png">')
    assert list(filter(_elsewhere, page.loads)) == ["//fonts.example/a.css", "https://cdn.example/a.js"]


def test_the_build_fails_on_a_dead_link(tmp_path: Path) -> None:
    """And on a page that the navigation does not name; what the hook makes of links is judged as well."""
    for name in ("docs", "scripts", "compiler/schedc/diagnostics/explain"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    links = "[a](nowhere.md) [b](language.md#no-such) [c](../compiler/schedc/diagnostics/explain/SC999.md)"
    (tmp_path / "docs/lost.md").write_text(f"# Lost\n\n{links}\n", "utf-8")
    done = _build(tmp_path, tmp_path / "site")
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert (done.returncode, len(warnings)) == (1, 4), done.stderr
    assert "lost.md" in done.stderr


def test_links_within_the_site_lead_to_an_anchor(pages: dict[str, Page]) -> None:
    dead = []
    for name, page in pages.items():
        for link in page.links:
            path, anchor = urldefrag(link)
            if re.match(r"[a-z]+:|//", link) or name == "404.html":
                continue
            there = os.path.normpath(os.path.join(os.path.dirname(name), unquote(path))) if path else name
            if there not in pages or (anchor and unquote(anchor) not in pages[there].anchors):
                dead.append((name, link))
    assert dead == []


_LEFT = ("```", "](", "outside:", "<!--", "\n- ", "\n|")
"""What stands in the text of a page where its Markdown was not understood."""


@pytest.mark.parametrize("mark", _LEFT)
def test_no_markdown_is_left(pages: dict[str, Page], mark: str) -> None:
    assert [name for name, page in pages.items() if mark in "".join(page.text)] == []


def test_the_search_knows_every_page(site: Path, pages: dict[str, Page]) -> None:
    found = json.loads((site / "search/search_index.json").read_text("utf-8"))
    indexed = {urldefrag(one["location"])[0] or "index.html" for one in found["docs"]}
    assert pages.keys() - indexed == {"404.html", "search.html"}
