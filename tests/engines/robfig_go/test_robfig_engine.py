"""The models of robfig/cron against the engine itself, on fresh random questions.

`SCHEDC_SEED` repeats a run, `SCHEDC_QUESTIONS` sets how many questions each engine gets, and with
`SCHEDC_REQUIRE_ENGINES=1` a missing engine is a failure and not a skip.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_go import built, with_pinned_zones
from schedc.engines import robfig
from schedc.engines.model import CronError
from schedc.ir import zones
from schedc.ir.zones import Zone

pytestmark = pytest.mark.engines

SEED = int(os.environ.get("SCHEDC_SEED") or random.SystemRandom().randrange(1 << 32))
QUESTIONS = int(os.environ.get("SCHEDC_QUESTIONS") or 3000)
HANGS = 4
DAY = 86_400
YEAR_2190 = 6_942_240_000
ODD_ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Monrovia",
    "America/Asuncion",
    "America/Caracas",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
    "Pacific/Norfolk",
]
# fmt: off
MISREADABLE = [
    "* * * * *", "*/2 * * * 1", "0 0 */2 * 1", "0 0 1-31 * 1", ", * * * *", "0 0 , * 1", "0 0 * , *", "* * * * 7",
    "0 22-2 * * *", "0 0 * * fri-mon", "0 0 L * *", "0 0 * * 5#2", "0 0 * * * * *", "0 0 0 * * *", "*-5 * * * *",
    "?-x * * * *", "*--- * * * *", "+5 04 * * *", "-5 * * * *", "*/0 * * * *", "*/-1 * * * *", "*/100 * * * *",
    "5/15 0/7 * * *", "1-2-3 * * * *", "1/2/3 * * * *", "60 * * * *", "0 0 0 1 1", "0 0 32 1 1", "0 0 1 13 *",
    "9-5 * * * *", "a b c d e", "0 0 * JAN-Mar SUN-sat", "0 0 * january *", "0 0 * * fr\u0130", "0\u00a00 * * *",
    "0\u20030 * * *", "0\x1f0 * * *", " 0 0 * * * ", "\t0 0 * * *\n", "@daily", "@DAILY", "@daily ", " @daily",
    "@reboot", "@every", "@every ", "@every 1h30m", "@every 1.5h", "@every 500ms", "@every -5m", "@every 1d",
    "@every 5", "@every 1h 5m", "@every .s", "@every 1.s", "@every 0", "@every 9223372036854775807ns",
    "@every 9223372036854775808ns", "@every 2562048h", "@every 1\u00b5s", "@every 90m1.9s", "@every +3s",
    "@every 1x\"y", "@every 1\u00e4", "@every 99999999999999999999s", "@every 0.99999999999999999999s",
    "99999999999999999999 * * * *", "*/9223372036854775807 * * * *", "*/9223372036854775808 * * * *", "1_0 * * * *",
    "\u0661 * * * *", "0x5 * * * *", "1,,2 * * * *", "1, ,1 * * *", "*,5 * * * *", "0 0 5,* * 1", "0 0 1 * 2,?",
    "TZ=UTC", "TZ=UTC 0 0 * * *", "CRON_TZ=Asia/Kolkata 30 5 * * *", "TZ=Mars/Phobos 0 0 * * *",
    "TZ=../x 0 0 * * *", "TZ= 0 0 * * *", "TZ=UTC  @every 1m", "TZ=UTC ", "TZ=UTC\t0 0 * * *", "0 0 29 2 *",
    "0 0 30 2 *", "0 0 30 2 1", "0 0 31 4,6 *", "*", "@", "/ * * * *", "- * * * *", "*/ * * * *", "/5 * * * *",
    "1/ * * * *", "*/1 * * * *", "0 0 */1 * 5", "0 0 ?/1 * 5", "0 0 ?/2 * 5", "\"\\ * * * *", "\x07 * * * *",
    "\u00e9 * * * *", "\u200b * * * *", "K * * * *",
]
# fmt: on


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine, built."""
    return built("robfig_go", tmp_path_factory)


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_model_answers_like_the_engine(engine: Path, version: str, tell: Callable[[str], None]) -> None:
    print(f"SCHEDC_SEED={SEED} SCHEDC_QUESTIONS={QUESTIONS}")
    questions = [*misreadable_questions(version), *random_questions(random.Random(f"{SEED} {version}"), version)]
    compared, wrong = compare(engine, questions)
    release = {"v1": "v1.2.0", "v3": "v3.0.1"}[version]
    tell(f"robfig/cron {release}, seed {SEED}: {compared} questions put to engine and model, {len(wrong)} mismatches")
    assert not wrong, wrong[:5]


def compare(engine: Path, questions: list[dict[str, Any]]) -> tuple[int, list[tuple[Any, Any, Any]]]:
    """How many questions were put to both, and those with two answers.

    The engine gets only the first few of the questions at which it hangs, since each costs the whole time-out, and none
    with an empty field of seconds, since v1 then walks through every second of five years, which takes longer.
    """
    asked, modelled, hangs = [], [], 0
    for question in questions:
        if without_seconds(question):
            continue
        answer = ask_model(question)
        if answer.get("stage") == "hang":
            hangs += 1
            if hangs > HANGS:
                continue
        asked.append(question)
        modelled.append(answer)
    pairs = zip(asked, ask_engine(engine, asked), modelled, strict=True)
    return len(asked), [(question, told, answer) for question, told, answer in pairs if told != answer]


def without_seconds(question: dict[str, Any]) -> bool:
    try:
        reading = READERS[question["engine"]](question["cron"])
    except CronError:
        return False
    return reading.delay is None and reading.calendar.seconds == 0


def ask_engine(engine: Path, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [engine],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        text=True,
        check=True,
        env=with_pinned_zones(),
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


READERS: dict[str, Callable[[str], robfig.Reading]] = {"v1": robfig.read_v1, "v3": robfig.read_v3}
CLOCKS: dict[str, Callable[[robfig.Reading, Zone, int], int | None]] = {"v1": robfig.next_v1, "v3": robfig.next_v3}


def ask_model(question: dict[str, Any]) -> dict[str, Any]:
    """The model's answer, in the words of the Go program."""
    try:
        reading = READERS[question["engine"]](question["cron"])
    except CronError as error:
        text = str(error)
        if text.startswith("panics: "):
            return {"error": text.removeprefix("panics: "), "stage": "panic"}
        return {"error": text, "stage": "parse"}
    fires: list[int] = []
    exhausted = False
    t: int | None = question["start"]
    zone = zones.zone(question["zone"])
    try:
        while t is not None and len(fires) < question["count"]:
            t = CLOCKS[question["engine"]](reading, zone, t)
            if t is None:
                exhausted = True
            else:
                fires.append(t)
    except CronError:
        return {"error": "Next did not return", "stage": "hang"}
    return {**({"fires": fires} if fires else {}), **({"exhausted": True} if exhausted else {})}


def misreadable_questions(version: str) -> list[dict[str, Any]]:
    """Every text that is easily misread, in the number of fields of either engine."""
    texts = [*MISREADABLE, *(f"0 {text}" for text in MISREADABLE if not text.startswith(("@", "TZ", "CRON")))]
    return [
        {"engine": version, "cron": text, "zone": "Europe/Amsterdam", "start": 1_790_000_000, "count": 3}
        for text in texts
    ]


def random_questions(random: random.Random, version: str) -> list[dict[str, Any]]:
    names = sorted(zones.names())
    return [random_question(random, version, names) for _ in range(QUESTIONS)]


def random_question(random: random.Random, version: str, names: list[str]) -> dict[str, Any]:
    """Mostly about a change of the clock: a search that starts near one, or days or months before it."""
    name = random.choice(ODD_ZONES if random.random() < 0.6 else names)
    zone = zones.zone(name)
    changes = list(zone.transitions(0, YEAR_2190))
    start = random.randrange(0, YEAR_2190)
    wall = start
    if changes and random.random() < 0.85:
        change = zone.starts[random.choice(changes)]
        wall = change + random.choice((zone.offset_at(change - 1), zone.offset_at(change)))
        reach = random.choice((7200, DAY, 4 * DAY, 40 * DAY, 400 * DAY))
        start = change + random.randrange(-reach, min(reach, 2 * DAY))
        start -= random.choice((0, 0, start % 60, start % 1800))
    return {
        "engine": version,
        "cron": random_cron(random, version, wall),
        "zone": name,
        "start": start,
        "count": random.choice((1, 3, 6)),
    }


def random_cron(random: random.Random, version: str, wall: int) -> str:
    """A text whose fields are often near a wall time."""
    near = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=wall)
    weekday = near.isoweekday() % 7
    fields = [
        random_field(random, 0, 59, near.minute, 0.2),
        random_field(random, 0, 23, near.hour, 0.25),
        random_field(random, 1, 31, near.day, 0.55),
        random_field(random, 1, 12, near.month, 0.6),
        random_field(random, 0, 6, weekday, 0.55),
    ]
    if version == "v1" and random.random() < 0.9:
        fields.insert(0, "0" if random.random() < 0.6 else random_field(random, 0, 59, near.second, 0.3))
    text = " ".join(fields)
    return mutated(random, text) if random.random() < 0.1 else text


def mutated(random: random.Random, text: str) -> str:
    """A text with a few letters put in, left out or changed."""
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(len(text) + 1)
        letter = random.choice('0123456789**,,--//??  @LW#HajfmonJAN+%~"\\\t\u00a0\u00e9')
        text = text[:at] + random.choice((letter, "")) + text[at + random.choice((0, 1)) :]
    return text


def random_field(random: random.Random, low: int, high: int, near: int, star: float) -> str:
    if random.random() < star:
        return random.choice(("*", "*", "*", "?", "*/1", "*/2", "*/7", f"{low}-{high}", f"*,{high}"))
    if random.random() < 0.01:
        return ","
    items = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        value = min(max(near + random.choice((0, 0, 0, 1, -1, 2, 30)), low), high)
        if random.random() < 0.3:
            value = random.randint(low, high)
        end = random.randint(value, high)
        step = random.choice((1, 2, 3, 5, 15, 40))
        items.append(
            random.choice((f"{value}", f"{value}", f"{value}", f"{value}-{end}", f"{value}/{step}", f"*/{step}"))
        )
    return ",".join(items)
