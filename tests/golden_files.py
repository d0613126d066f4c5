"""The golden artifacts as they stand on disk."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
TOLD = ("REFUSED.txt", "WARNINGS.txt")


def golden(target: str, ending: str = "") -> list[Path]:
    """The artifacts of one target, in the order of their paths."""
    found = (path for path in (GOLDEN / target).rglob("*") if path.is_file() and path.name not in TOLD)
    return sorted(path for path in found if path.name.endswith(ending))


def shown(path: Path) -> str:
    """An artifact's path below its target, for the name of a test."""
    return "/".join(path.relative_to(GOLDEN).parts[1:])
