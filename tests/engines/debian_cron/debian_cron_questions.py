"""What Debian's cron is asked: every kind of text, and every kind of change of the clock.

No package index has this cron, so it is not among the engines of `make engines`: whoever records a new release unpacks
its source (`apt-get source cron`) and runs `python debian_cron_questions.py SOURCE OUT.jsonl.gz`, with gcc.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

TEXTS = (
    *("* * * * *", "*/5 * * * *", "0 0 * * *", "30 2 * * *", "5,35 1-3 * * 1-5", "0 0 1,15 * *", "0 0 1,15 * 0"),
    *("0 0 */2 * 1", "0 0 1 * */2", "0 0 * * 7", "0 0 * * 0-7", "0 0 * * 5-7", "0 0 * * sun", "0 0 * JAN-mar MON-Fri"),
    *("0 0 * * FRI-SUN", "20-10 * * * *", "5/10 * * * *", "0/15 * * * *", "5-64/30 * * * *", "0-59/0 * * * *"),
    *("60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8", "-1 * * * *"),
    *("? * * * *", "* * ? * *", "* * L * *", "* * 15W * *", "0 0 * * 5#2", "0 0 * * 5L", "*5 * * * *", "1-5x * * * *"),
    *("5:7 * * * *", "5,* * * * *", "*,5 * * * *", "0 *,3 * * *", "0 0 *,5 * 1", "0 0 5,* * 1", "0 0 1-31 * 1"),
    *("0 0 5 * 0-6", "0 0 5 * *", "0,,5 * * * *", "5, * * * *", ",5 * * * *", "1-2-3 * * * *", "1-5/2/3 * * * *"),
    *("*/2/3 * * * *", "*/90 * * * *", "007 * * * *", "4294967301 * * * *", "99999999999999999999 * * * *"),
    *("0 0 * foo *", "0 0 * * funday", "0 0 * january *", "mon * * * *", "0 0 31 2 *", "0 0 29 2 *", "* * * * */3"),
    *(
        "@daily",
        "@midnight",
        "@hourly",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
        "@reboot",
        "@Daily",
        "@every 5m",
    ),
    *("0 0 * * mon,wed", "0 0 * * sat-sun", "0 0 * * 6-0", "0 0 13 * 5", "0 0 13 * +5", "~ * * * *"),
)

AT_CHANGES = (
    *("30 2 * * *", "0 2 * * *", "0 3 * * *", "59 1 * * *", "1 3 * * *", "0,30 2 * * *", "*/30 2 * * *", "30 * * * *"),
    *("* 2 * * *", "*/7 * * * *", "0 */2 * * *", "30 */2 * * *", "0 0-23 * * *", "30 1,2,3 * * *", "@hourly", "@daily"),
    *("0 0 * * *", "30 0 * * *", "15 0 * * 0", "30 23 * * *", "45 1 * * *", "15 2 * * 0", "0 12 * * *", "5 4 */3 * 0"),
    *("10 0-3 * * *", "0-59/20 1-2 * * *", "15,45 0 1-7 * *", "@weekly", "20 2 30 3 *", "20 2 26 10 *", "29 2 * * 6,0"),
)

CHANGES = (
    ("Europe/Amsterdam", "2025-03-30", "2025-10-26"),
    ("America/New_York", "2025-03-09", "2025-11-02"),
    ("Australia/Lord_Howe", "2025-04-06", "2025-10-05"),
    ("America/Havana", "2024-03-10", "2024-11-03"),
    ("Africa/Cairo", "2024-04-26", "2024-10-31"),
    ("Asia/Beirut", "2024-03-31", "2024-10-27"),
    ("Antarctica/Troll", "2024-03-31", "2024-10-27"),
    ("Atlantic/Azores", "2024-03-31", "2024-10-27"),
    ("Pacific/Apia", "2011-12-30"),
    ("Asia/Pyongyang", "2015-08-15", "2018-05-05"),
    ("America/Caracas", "2007-12-09", "2016-05-01"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Antarctica/Casey", "2009-10-18", "2010-03-05"),
    ("Asia/Kolkata", "2025-01-01"),
)

_DAY = 86_400


def questions() -> Iterator[tuple[str, str, int, int]]:
    """A text, a zone, and the seconds from which to which cron runs; both are 0 where only the text is read."""
    for text in TEXTS:
        yield text, "UTC", 0, 0
    for (zone, *days), text in itertools.product(CHANGES, AT_CHANGES):
        for day in days:
            noon = int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp())
            yield text, zone, noon - 2 * _DAY, noon + 2 * _DAY


def build_ask(source: Path, into: Path) -> Path:
    """The program that asks, made from cron's unpacked and patched source, which stays as it is."""
    text = (source / "cron.c").read_text("utf-8", "replace")
    start = text.index("\twhile (TRUE) {", text.index("\nmain("))
    (into / "loop.h").write_text(text[start : text.index("\n\t}\n", start) + 4], "utf-8")
    parts = [str(source / name) for name in ("entry.c", "env.c", "misc.c", "compat.c")]
    made = into / "ask_cron"
    line = ["gcc", "-w", f"-I{source}", f"-I{into}", "-DPOSIX", "-DDEBUGGING=0", "-o", str(made)]
    subprocess.run([*line, str(HERE / "ask_cron.c"), *parts], check=True)
    return made


def answers(program: Path, asked: list[tuple[str, str, int, int]]) -> Iterator[dict[str, Any]]:
    """What the program says to each question, zone by zone."""
    for zone, group in itertools.groupby(asked, key=lambda one: one[1]):
        mine = list(group)
        lines = "".join(f"{text}\t{begin}\t{end}\n" for text, _, begin, end in mine)
        done = subprocess.run(
            [str(program)], input=lines, capture_output=True, text=True, check=True, env={**os.environ, "TZ": zone}
        )
        for (text, _, begin, end), said in zip(mine, done.stdout.splitlines(), strict=True):
            yield {"text": text, "zone": zone, "begin": begin, "end": end, **_answer(said)}


def _answer(said: str) -> dict[str, Any]:
    kind, _, rest = said.partition(" ")
    if kind == "error":
        return {"error": rest}
    minute, hour, day, month, weekday, flags, *runs = rest.split(" ")
    found = [tuple(map(int, run.split(":"))) for run in runs]
    return {"fields": [minute, hour, day, month, weekday], "flags": flags, "runs": found}


if __name__ == "__main__":
    with open(sys.argv[2], "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as out:
        for one in answers(build_ask(Path(sys.argv[1]), Path(tempfile.mkdtemp())), list(questions())):
            out.write((json.dumps(one, separators=(",", ":")) + "\n").encode("ascii"))
