"""Reading the conformance cases: one JSON object a line, each a question to a real engine and its answer."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any


def cases(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def seconds(time: str) -> int:
    """The UTC seconds of an RFC 3339 time, its fraction cut off as the engines do."""
    return int(datetime.fromisoformat(time).timestamp() // 1)
