"""Random expressions and times put to the croniter that is installed and to the model of its family."""

from __future__ import annotations

import importlib
import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest
from schedc.engines import croniter as model
from schedc.engines.model import CronError

pytestmark = pytest.mark.engines

_EPOCH = datetime(1970, 1, 1)
_NAMES = {3: "jan feb mar apr oct nov dec", 4: "sun mon tue wed thu fri sat"}
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7), (0, 59), (2000, 2040))
_DAY_SPECIALS = ("L", "28-L", "L,30", "15W", "1W", "31W", "w30", "29,30,31", "1,31", "?", "R")
_WEEKDAY_SPECIALS = ("1#1", "mon#1", "5#5", "L5", "l0", "1#1,3#2", "mon-wed#2", "*,1#1", "?", "1,5#2")
_ODD = (
    "60",
    "-1",
    "1-2-3",
    "*/0",
    "",
    "5-1",
    "22-2",
    "1-1",
    "1-1/3",
    "59/15",
    "*/100",
    "+5",
    "h",
    "\uff11",
    "x",
    "0-7",
)


@pytest.fixture(scope="module")
def croniter() -> Any:
    try:
        return importlib.import_module("croniter")
    except ImportError:
        reason = "croniter is not installed: pip install 'schedc[airflow]'"
        if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def _family() -> str:
    try:
        major, minor = (int(part) for part in version("croniter").split(".")[:2])
    except PackageNotFoundError:
        return "7"
    if major == 6:
        return "6.0" if minor == 0 else "6.2"
    return "3" if major <= 3 else "5" if major == 5 else "7"


def _number(chance: random.Random, index: int) -> str:
    if index in _NAMES and chance.random() < 0.2:
        return chance.choice(_NAMES[index].split())
    if index == 2 and chance.random() < 0.4:
        return str(chance.randint(27, 31))
    return str(chance.randint(*_BOUNDS[index]))


def _item(chance: random.Random, index: int) -> str:
    first, second = _number(chance, index), _number(chance, index)
    if chance.random() < 0.8 and first.isdigit() and second.isdigit() and int(first) > int(second):
        first, second = second, first
    step = chance.choice((1, 2, 3, 5, 7, 10, 15, 20, 40))
    kinds = (first, first, f"{first}-{second}", f"{first}-{second}/{step}", f"*/{step}", f"{first}/{step}", "*")
    return chance.choice(kinds)


def _field(chance: random.Random, index: int) -> str:
    if chance.random() < (0.0, 0.25, 0.4, 0.5, 0.4, 0.1, 0.6)[index]:
        return "*"
    if chance.random() < 0.02:
        return chance.choice(_ODD)
    if index == 2 and chance.random() < 0.2:
        return chance.choice(_DAY_SPECIALS)
    if index == 4 and chance.random() < 0.2:
        return chance.choice(_WEEKDAY_SPECIALS)
    return ",".join(_item(chance, index) for _ in range(chance.choice((1, 1, 1, 2, 3))))


def _expression(chance: random.Random) -> str:
    count = chance.choices((5, 6, 7), (80, 15, 5))[0]
    return " ".join(_field(chance, index) for index in range(count))


def _wall(chance: random.Random) -> int:
    year = chance.choice((1999, 2000, 2023, 2024, 2026, 2027, 2028, 2096))
    midnight = datetime(year, chance.randint(1, 12), chance.choice((1, 2, 3, 15, 27, 28)))
    days = timedelta(days=chance.choice((0, 0, 1, 2, 3)), seconds=chance.choice((0, 1, -1, 59, 3600, 43_210)))
    return int((midnight + days - _EPOCH).total_seconds())


def _real(croniter: Any, text: str, walls: list[int]) -> dict[str, Any]:
    try:
        expanded = croniter.croniter(text, start_time=_EPOCH).expanded
    except ValueError:
        return {"refused": True}
    found: list[int | str] = []
    for wall in walls:
        for method in ("get_next", "get_prev"):
            asked = croniter.croniter(text, start_time=_EPOCH + timedelta(seconds=wall))
            try:
                found.append(int((getattr(asked, method)(datetime) - _EPOCH).total_seconds()))
            except croniter.CroniterBadDateError as error:
                found.append(str(error))
    return {
        "every_hour": expanded[1] == ["*"],
        "any_day": "*" in expanded[2],
        "any_weekday": "*" in expanded[4],
        "found": found,
    }


def _modelled(text: str, walls: list[int]) -> dict[str, Any]:
    try:
        reading = model.read(text, _family())
    except CronError as error:
        return {"random": True} if "at random" in str(error) else {"refused": True}
    found: list[int | str] = []
    for wall in walls:
        for search in (model.next_wall, model.previous_wall):
            try:
                found.append(search(reading, wall))
            except CronError as error:
                found.append(str(error))
    return {
        "every_hour": reading.every_hour,
        "any_day": reading.any_day,
        "any_weekday": reading.any_weekday,
        "found": found,
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_model_answers_as_the_installed_croniter(croniter: Any, seed: int, tell: Callable[[str], None]) -> None:
    chance = random.Random(seed)
    accepted = answers = 0
    for _ in range(400):
        text = _expression(chance)
        walls = [_wall(chance) for _ in range(3)]
        modelled = _modelled(text, walls)
        if "random" in modelled:  # croniter draws such a field again at every call; no schedule is made of it
            continue
        assert modelled == _real(croniter, text, walls), (text, walls)
        accepted += "found" in modelled
        answers += len(modelled.get("found", ()))
    told = f"{accepted} random expressions, {answers} instants compared with the model, 0 mismatches"
    tell(f"croniter {version('croniter')}, seed {seed}: {told}")
    assert accepted > 200
