"""What the site needs beside docs/, as a hook of mkdocs: pages of rules, colours of code, links that stay in the site.

In docs/, links lead to files of the repository, so that they work where the repository is read. The page of a rule is
its file of the package; any other file that is not of docs/ has no page, and the link becomes its text.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pygments.formatters import HtmlFormatter

sys.path.insert(0, str(Path(__file__).parent))  # mkdocs loads a hook by its path alone

from page_links import outside_fences, relinked, slug

_EXPLAIN = "compiler/schedc/diagnostics/explain/"
_OUT = "outside:"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.mdx_configs["toc"]["slugify"] = slug
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for path in sorted((_root(config) / _EXPLAIN).glob("*.md")):
        files.append(File.generated(config, f"rules/{path.name}", abs_src_path=str(path)))
    files.append(File.generated(config, "code.css", content=HtmlFormatter().get_style_defs(".codehilite") + "\n"))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fences keep their language only; links are made to lead to pages of the site."""
    here = page.file.src_uri
    folder = _EXPLAIN if here.startswith("rules/SC") else posixpath.dirname(f"docs/{here}")
    plain = re.sub(r"^```(\w+) .*$", r"```\1", markdown, flags=re.MULTILINE)
    plain = re.sub(r"^```console$", "```text", plain, flags=re.MULTILINE)  # what is printed is no shell's to colour
    marked = relinked(plain, lambda link: _within(link, folder, posixpath.dirname(here)))
    return outside_fences(marked, lambda text: re.sub(rf"\[((?:[^\]`]|`[^`]*`)*)\]\({_OUT}[^)]*\)", r"\1", text))


def _within(link: str, folder: str, at: str) -> str:
    """A relative link of a page in `folder` of the repository, for the page of the site that is in the folder `at`."""
    path, hash_, anchor = link.partition("#")
    if not path:
        return link
    there = posixpath.normpath(posixpath.join(folder, path))
    if there.startswith(_EXPLAIN):
        there = f"docs/rules/{posixpath.basename(there)}"
    if not there.startswith("docs/"):
        return _OUT + there
    return posixpath.relpath(there.removeprefix("docs/"), at or ".") + hash_ + anchor


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
