"""The scheduled time, by running what is written with the shells of this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernetes_jobs import emitted, findings, read_back, schedule
from kubernetes_validate import validate
from schedc.capabilities import Feature, No, Yes
from schedc.ir.workload import Container, InitContainer, PodField, ScheduledTime, SecretKey
from schedc.target import UnreadableArtifact
from schedc.targets.kubernetes import TARGET
from schedc.targets.kubernetes.scheduled_time import PREFIX, SCRIPT, VARIABLE

OPTIONS = {"scheduled_time": "job_name"}
SHELLS = [found for name in ("sh", "dash", "bash", "busybox", "ksh", "mksh", "zsh") if (found := shutil.which(name))]
SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], {k: v for k, v in os.environ.items()}]))"
HOSTILE = [
    "",
    " ",
    "'",
    '"',
    "$(exit 3)",
    "`exit 3`",
    "\\",
    "\n",
    "a\n",
    "*",
    "-n",
    "$1",
    "${x",
    "%Y",
    "=",
    "é\u202e",
    "text:",
]


def time(form: str, zone: str = "UTC") -> ScheduledTime:
    return ScheduledTime(form, zone)


def literal(text: str) -> str:
    """What Kubernetes makes of it, by its own rule, read from left to right; no variable is known."""
    out, rest = "", text
    while rest:
        if rest.startswith("$$"):
            out, rest = out + "$", rest[2:]
        else:
            assert not (rest.startswith("$(") and ")" in rest), "a reference"
            out, rest = out + rest[0], rest[1:]
    return out


def started(run: Container, job_name: str, shell: str = "/bin/sh", cronjob: str = "nightly") -> Any:
    """The process that the pod would start: its exit code and what it printed."""
    data = yaml.safe_load(emitted(schedule(run=run, name=cronjob), OPTIONS))
    main = data["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    words = [literal(text) for text in (*main["command"], *main.get("args", ()))]
    assert words[0] == "/bin/sh"
    first = [shell, "sh"] if shell.endswith("busybox") else [shell]
    env = {one["name"]: literal(one["value"]) for one in main["env"] if "value" in one}
    return subprocess.run(
        [*first, *words[1:]], env={**env, VARIABLE: job_name}, capture_output=True, text=True, check=False, timeout=20
    )


def told(run: Container, moment: datetime, shell: str = "/bin/sh") -> tuple[list[str], dict[str, str]]:
    done = started(run, f"nightly-{int(moment.timestamp()) // 60}", shell)
    assert done.returncode == 0, done.stderr
    words, env = json.loads(done.stdout)
    return words, env


def program(*words: Any) -> tuple[Any, ...]:
    return (sys.executable, "-c", SHOW, *words)


@pytest.mark.parametrize("shell", SHELLS)
def test_words_and_variables_reach_the_program_as_they_are(shell: str) -> None:
    form = "%Y-%m-%dT%H:%M:%S %j %y %% $(exit 3) ' \" \\ = text: \n"
    env: dict[str, Any] = {f"V{i}": text for i, text in enumerate(HOSTILE)}
    run = Container(
        image="a",
        command=program(*HOSTILE, time(form)),
        args=(time("--day=%Y%m%d"), *HOSTILE),
        env={**env, "AT": time(form), "EQUAL": time("a=%M=b")},
    )
    moment = datetime(2028, 2, 29, 23, 59, tzinfo=UTC)
    words, has = told(run, moment, shell)
    at = "2028-02-29T23:59:00 060 28 % $(exit 3) ' \" \\ = text: \n"
    assert words == [*HOSTILE, at, "--day=20280229", *HOSTILE]
    assert {key: value for key, value in has.items() if key in run.env} == {**env, "AT": at, "EQUAL": "a=59=b"}
    assert VARIABLE not in has
    assert not any(key.startswith(PREFIX) for key in has)


def test_every_day_is_told_as_python_tells_it() -> None:
    """By a loop in one shell, since a process for each day would take long."""
    body = SCRIPT.replace('exec "$@"', 'echo "$2"').replace("exit 64 ;;", "return 64 ;;")
    driver = (
        "tell() {\n" + body + "\n}\nwhile read -r SCHEDC_JOB_NAME; do tell n text: 'time:%Y-%m-%d %H:%M:%S %j %y'; done"
    )
    years = (1995, 1999, 2000, 2001, 2026, 2027, 2028, 2099, 2100, 2101, 2104, 2158)
    first = [datetime(year, 1, 1, tzinfo=UTC) for year in years]
    moments = [start + timedelta(days=day, minutes=4 * day) for start in first for day in range(366)]
    asked = "".join(f"n-{int(moment.timestamp()) // 60}\n" for moment in moments)
    done = subprocess.run(
        ["/bin/sh", "-c", driver], input=asked, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == [moment.strftime("%Y-%m-%d %H:%M:%S %j %y") for moment in moments]


NO_TIMES = [
    "nightly",
    "nightly-by-hand",
    "nightly-1",
    "nightly-123456789",
    "nightly-02345678",
    "other-29650000",
    "nightly-a-29650000",
    "xnightly-29650000",
    "nightly29650000",
    "",
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", NO_TIMES)
def test_a_job_of_another_name_fails_and_says_why(name: str, shell: str) -> None:
    done = started(Container(image="a", command=program(time("%Y"))), name, shell)
    assert done.returncode == 64
    assert done.stdout == ""
    assert f"the Job is called '{name}', not 'nightly-MINUTES'" in done.stderr


def test_a_job_by_hand_may_take_the_name_of_an_instant() -> None:
    words, _ = told(Container(image="a", command=program(time("%Y%m%d%H%M"))), datetime(2026, 11, 23, 4, 5, tzinfo=UTC))
    assert words == ["202611230405"]


def test_the_program_takes_the_place_of_the_shell() -> None:
    run = Container(image="a", command=("/bin/sh", "-c", "exit 7", time("%Y")))
    assert started(run, "nightly-29650000").returncode == 7
    assert started(Container(image="a", command=("/none", time("%Y"))), "nightly-29650000").returncode == 127


WORDS = st.text(st.sampled_from("$(){}\n'\":%=-\\`aYé\u202e"), max_size=8)
FORMS = st.lists(
    st.one_of(st.sampled_from([f"%{d}" for d in "YmdHMSjy%"]), WORDS.map(lambda w: w.replace("%", "%%"))), min_size=1
)
TIMES = FORMS.map("".join).filter(bool).map(time)
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{1,5}X", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(WORDS | TIMES, max_size=4),
    st.none() | st.lists(WORDS | TIMES, max_size=3),
    st.dictionaries(NAMES, WORDS | TIMES, max_size=3),
    st.datetimes(datetime(1995, 1, 1), datetime(2150, 1, 1)),
)
def test_any_words_reach_the_program(words: Any, args: Any, env: Any, moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    run = Container(image="a", command=program(*words), args=None if args is None else tuple(args), env=env)
    if not any(isinstance(v, ScheduledTime) for v in (*words, *(args or ()), *env.values())):
        run = Container(image="a", command=(*run.command, time("%Y")), args=run.args, env=env)  # type: ignore[misc]
    assert read_back(schedule(run=run), OPTIONS).workload == run

    def shown(value: Any) -> str:
        return moment.strftime(value.format.replace("%j", "%j")) if isinstance(value, ScheduledTime) else value

    assert run.command is not None
    has_words, has = told(run, moment)
    assert has_words == [shown(value) for value in (*run.command[3:], *(run.args or ()))]
    assert {key: has.get(key) for key in env} == {key: shown(value) for key, value in env.items()}


def test_init_containers_learn_it_too() -> None:
    inner = Container(image="b", command=("a", time("%Y")), args=(), env={"B": SecretKey("s", "k"), "C": time("%j")})
    run = Container(
        image="a", env={"D": PodField("metadata.name")}, init_containers=(InitContainer(name="b", container=inner),)
    )
    assert findings(schedule(run=run), OPTIONS) == []
    assert read_back(schedule(run=run), OPTIONS).workload == run
    for version in ("1.27", "1.33", "1.37"):
        validate(yaml.safe_load(emitted(schedule(run=run), OPTIONS)), version, strict=True)


def test_it_is_asked_for() -> None:
    assert isinstance(TARGET.capabilities[Feature.SCHEDULED_TIME], No)
    assert isinstance(TARGET.capabilities.but(TARGET.by_version(OPTIONS))[Feature.SCHEDULED_TIME], Yes)


RUN: dict[str, Any] = {"image": "a", "command": ("a", time("%Y"))}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"command": None}, "needs the command"),
    ({"command": ("-c", "a")}, "begins with a hyphen"),
    ({"command": (time("-%Y"),)}, "begins with a hyphen"),
    ({"env": {"A": time("%Y", "Europe/Amsterdam")}}, "a clock in Europe/Amsterdam"),
    ({"args": (time("%Y", "Etc/UTC"),)}, "a clock in Etc/UTC"),
    ({"env": {"A.B": "x"}}, "would not hand on the variable 'A.B'"),
    ({"env": {"IFS": "x"}}, "would not hand on the variable 'IFS'"),
    ({"env": {"schedc_word": "x"}}, "would not hand on the variable 'schedc_word'"),
    ({"env": {"BASH_ENV": "x"}}, "would not hand on the variable 'BASH_ENV'"),
    ({"env": {VARIABLE: "x"}}, "is written by schedc"),
    ({"pod": {"env_from": ({"secret": "s"},)}}, "may drop variables of env_from"),
    ({"args": (time("\0"),)}, "zero byte"),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_what_a_shell_cannot_do_exactly_is_refused(fields: dict[str, Any], message: str) -> None:
    run = Container(**{**RUN, "args": (time("%Y"),), **fields})
    found = [one.message for one in findings(schedule(run=run), OPTIONS)]
    assert any(message in one for one in found), found


def test_another_script_is_not_read() -> None:
    text = emitted(schedule(run=Container(**RUN)), OPTIONS)
    for old, new in (
        ("exit 64", "exit 0"),
        ('- "time:%Y"', '- "when:%Y"'),
        ("            - nightly\n", "            - other\n"),
    ):
        assert old in text
        with pytest.raises(UnreadableArtifact):
            TARGET.read({"nightly.yaml": text.replace(old, new)})


def test_a_command_that_only_looks_like_the_script_is_a_command() -> None:
    run = Container(image="a", command=("/bin/sh", "-c", SCRIPT, "schedc", "nightly", "text:x"))
    assert read_back(schedule(run=run), OPTIONS).workload == run
