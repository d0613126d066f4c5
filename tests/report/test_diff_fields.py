"""No change goes unseen: every field of a schedule and of a container, set to something else, is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from diffing import CONTAINER as BASE_CONTAINER
from diffing import compared, data, diff, merged
from schedc.frontend.fields import CONTAINER, SCHEDULE
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container
from schedc.report.diff.fields import _LANGUAGE
from schedc.report.diff.flatten import flatten, secrets_in
from schedc.target import Behaviour
from test_every_field import ELSEWHERE, IN_CONTAINER, SET

WEEKLY: dict[str, Any] = {
    "cron_expression": "5 14 * * 3",
    "deploy_to": ["kubernetes", "airflow"],
    "run": {"container": BASE_CONTAINER},
}
MORE: dict[str, dict[str, Any]] = {
    "enabled": {"enabled": False},
    "deploy_to": {"deploy_to": ["airflow"]},
    "cache": {"cache": "as_compiled"},
    "environments": {},
}
LEAST = {"description": "metadata", "owner": "metadata", "labels": "metadata", "run": "workload", "targets": "fires"}
FIRES = ("cron_expression", "interval_second", "run_once_start_time", "timezone", "end_time", "enabled", "deploy_to")
"""What the change of a field is, at least, where it is no policy."""


def _changed(field: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schedule without a field, and with it."""
    new = merged(WEEKLY, {**SET, **MORE}[field])
    old = {key: value for key, value in new.items() if key != field}
    if field in ("interval_second", "run_once_start_time"):
        old = {k: v for k, v in old.items() if k != "start_time"}
    return merged({k: WEEKLY[k] for k in ("cron_expression", "deploy_to", "run")}, old), new


def test_every_field_is_set_here() -> None:
    assert {f.name for f in SCHEDULE.fields} == SET.keys() | MORE.keys()
    assert set(ELSEWHERE) == MORE.keys()
    assert {f.name for f in CONTAINER.fields} == IN_CONTAINER.keys()


@pytest.mark.parametrize("field", sorted({*SET, *MORE} - {"environments"}))
def test_a_field_of_a_schedule_is_seen(field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = _changed(field)
    assert old != new
    (one,) = data(tmp_path, capsys, {"one": old}, {"one": new})["schedules"]
    category = LEAST.get(field, "fires" if field in FIRES else "policy")
    order = ["same", "metadata", "workload", "policy", "fires"]
    assert order.index(one["category"]) >= order.index(category), one
    fields = [*one["fields"], *(f for t in one["targets"] for f in t["fields"])]
    assert any(field in f["path"].split(".") for f in fields), one
    (back,) = data(tmp_path, capsys, {"one": new}, {"one": old})["schedules"]
    assert {(f["path"], f["before"], f["after"]) for f in back["fields"]} == {
        (f["path"], f["after"], f["before"]) for f in one["fields"]
    }


@pytest.mark.parametrize("field", sorted(IN_CONTAINER))
def test_a_field_of_a_container_is_seen(field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beside = {"volumes": IN_CONTAINER["volumes"]} if field == "volume_mounts" else {}
    old = merged(WEEKLY, {"run": {"container": {**BASE_CONTAINER, **beside}}})
    new = merged(WEEKLY, {"run": {"container": {**BASE_CONTAINER, **beside, field: IN_CONTAINER[field]}}})
    (one,) = data(tmp_path, capsys, {"one": old}, {"one": new})["schedules"]
    order = ["same", "metadata", "workload", "policy", "fires"]
    assert order.index(one["category"]) >= order.index("workload")
    paths = [f["path"] for f in one["fields"]]
    assert any(path.startswith(f"run.container.{field}") for path in paths), paths


def test_tables_name_fields_that_there_are() -> None:
    slots = {*Schedule.__slots__, *Behaviour.__slots__}
    assert _LANGUAGE.keys() <= slots


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": {"b": 1}}, {("x", "a", "b"): "1"}),
        ({"a": []}, {("x", "a"): "[]"}),
        ({"a": {}}, {("x", "a"): "{}"}),
        ([{"name": "n", "v": 1}], {("x", "n", "name"): "n", ("x", "n", "v"): "1"}),
        ([{"v": 1}, {"v": "1"}], {("x", "0", "v"): "1", ("x", "1", "v"): '"1"'}),
        (["a", "b c", "d,e", ""], {("x",): '[a, b c, "d,e", ""]'}),
        ([True, None, 1.5], {("x",): "[true, null, 1.5]"}),
        ("line\nline", {("x",): '"line\\nline"'}),
    ],
)
def test_a_value_by_its_paths(value: Any, expected: dict[tuple[str, ...], str]) -> None:
    assert {path: raw for path, (raw, _) in flatten(value, ("x",)).items()} == expected


def test_texts_that_differ_are_never_shown_alike() -> None:
    """The text of a list, of a number and of a word are those of no other value."""
    values: list[Any] = [
        1,
        "1",
        1.0,
        True,
        "true",
        None,
        "null",
        "",
        [],
        {},
        [""],
        ["a, b"],
        ["a", "b"],
        "[a, b]",
        "{}",
    ]
    shown = [str(sorted(flatten(one, ("x",)).items())) for one in values]
    assert len(set(shown)) == len(values)


SECRET = "hV8x2Lq9Zt4W1"
TOKEN = "ghp_" + "a1B2c3D4e5" * 4


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_secrets_are_covered_everywhere(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are refused, unless somebody allows them; a diff shows that they changed, and never to what."""

    def one(password: str, token: str) -> dict[str, Any]:
        fields = {"env": {"DB_PASSWORD": password}, "args": ["--api-token", password, f"--key={token}"]}
        return merged(WEEKLY, {"run": {"container": {**BASE_CONTAINER, **fields}}, "description": f"uses {token}"})

    texts = SECRET, "Jq7w3Xz9Rk2M5", TOKEN, TOKEN[:-1] + "9"
    old, new = one(texts[0], texts[2]), one(texts[1], texts[3])
    said = compared(tmp_path, capsys, {"one": old}, {"one": new}, ("--from", "2027-01-01", "--format", form))
    for text in texts:
        assert text not in said.out + said.err, form


def test_allowed_secrets_are_covered_in_artifacts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"old": "hV8x2Lq'9Zt$4W1", "new": "Jq7w\\3Xz9{Rk2M5"}
    for side, text in texts.items():
        env = f"{{DB_PASSWORD: '{text.replace(chr(39), chr(39) * 2)}'}}"
        folder = tmp_path / side
        folder.mkdir()
        (folder / "schedc.toml").write_text('sources = ["s.yaml"]\n', "utf-8")
        (folder / "s.yaml").write_text(
            "schedules:\n  # schedc: allow literal-secret it is none\n  one:\n"
            '    cron_expression: "5 14 * * 3"\n    deploy_to: [airflow, kubernetes, kubeflow]\n'
            f"    run: {{container: {{image: a, command: [x], env: {env}}}}}\n",
            "utf-8",
        )
    for form in ("text", "json", "markdown"):
        said = diff(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--from", "2027-01-01", "--format", form)
        assert said.code == 0, said
        assert "*****" in said.out.replace("&#42;", "*"), said
        assert ("```diff" in said.out) == (form == "markdown")
        for part in ("hV8x2Lq", "9Zt", "4W1", "Jq7w", "3Xz9", "Rk2M5"):
            assert part not in said.out + said.err, (form, part, said)


def test_secrets_of_a_value() -> None:
    value = Container(image="a", env={"DB_PASSWORD": SECRET, "A": "b"}, args=("--token", SECRET, f"x {TOKEN}"))
    assert set(secrets_in(value)) == {SECRET, f"x {TOKEN}"}
