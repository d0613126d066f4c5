"""What the target refuses beside its features, and the caveats that it tells."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_jobs import IMAGE, findings, schedule
from schedc.capabilities import Feature, No
from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.calendar import Calendar, mask
from schedc.ir.schedule import Catchup, Overlap
from schedc.ir.triggers import Interval
from schedc.ir.workload import ConfigMapKey, Container, Resources, SecretKey
from schedc.node import Entry, Node
from schedc.shapes import INVALID, Record
from schedc.source import SourceFile, Span
from schedc.targets.airflow import TARGET
from schedc.targets.airflow.options import oldest_croniter

FRIDAY_13TH = Calendar(days=mask([13]), weekdays=mask([5]))
OR_NTH = Calendar(days=mask([13]), weekdays=0, nth_weekdays=1, either=True)


def run(**fields: Any) -> dict[str, Any]:
    return {"run": Container(image=IMAGE, command=("a",), **fields)}


CASES: list[tuple[dict[str, Any], dict[str, Any], list[Any]]] = [
    ({}, {}, []),
    ({"trigger": Interval(0, 60)}, {}, [rules.UNSUPPORTED]),
    ({"trigger": Interval(0, 60), "catchup": Catchup.FALSE}, {}, [rules.UNSUPPORTED]),
    ({"trigger": Interval(0, 60), "catchup": Catchup.ALL}, {}, []),
    ({"trigger": FRIDAY_13TH}, {}, [rules.UNSUPPORTED]),
    ({"trigger": OR_NTH}, {}, []),
    ({"trigger": OR_NTH}, {"version": "2.11"}, [rules.UNSUPPORTED]),
    ({"overlap": Overlap.QUEUE}, {}, [rules.UNSUPPORTED]),
    ({"overlap": Overlap.QUEUE, "catchup": Catchup.ALL}, {}, []),
    ({"paused": True}, {}, [rules.TARGET_CAVEAT]),
    ({"max_active_runs": 2**31 - 1}, {}, []),
    ({"max_active_runs": 2**31}, {}, [rules.TARGET_LIMIT]),
    ({"retries": 2**31}, {}, [rules.TARGET_LIMIT]),
    ({"timeout": 10**14}, {}, [rules.TARGET_LIMIT]),
    ({"attempt_timeout": 10**14}, {}, [rules.TARGET_LIMIT]),
    ({"trigger": Interval(0, 10**14), "catchup": Catchup.ALL}, {}, [rules.TARGET_LIMIT]),
    ({"end": 946_684_799}, {}, [rules.TARGET_LIMIT]),
    ({"end": 946_684_799, "start": 0}, {}, []),
    ({"end": 946_684_800}, {}, []),
    ({"labels": {"a": "x" * 98}}, {}, []),
    ({"labels": {"a": "x" * 99}}, {}, [rules.TARGET_LIMIT]),
    ({"labels": {"a=b": "x"}}, {}, [rules.TARGET_LIMIT]),
    ({"owner": "x" * 2001}, {}, [rules.TARGET_LIMIT]),
    ({"owner": " "}, {}, [rules.TARGET_LIMIT]),
    ({}, {"docker_url": "tcp://x"}, [rules.CONFLICTING_FIELDS]),
    (run(), {"operator": "docker", "namespace": "ml"}, [rules.CONFLICTING_FIELDS]),
    (run(env={"AIRFLOW_TMP_DIR": "x"}), {"operator": "docker"}, [rules.TARGET_LIMIT]),
    (run(env={"AIRFLOW_CTX_DAG_ID": "x"}), {"operator": "bash"}, [rules.TARGET_LIMIT, rules.TARGET_CAVEAT]),
    (run(env={"AIRFLOW_CTX_DAG_ID": "x"}), {}, []),
    (run(env={"A": SecretKey("a", "b")}), {"operator": "docker"}, [rules.UNSUPPORTED]),
    (run(env={"A": ConfigMapKey("a", "b")}), {"operator": "docker"}, [rules.UNSUPPORTED]),
    (run(resources=Resources(limits={"cpu": "1"})), {"operator": "docker"}, [rules.UNSUPPORTED]),
    (run(service_account="a"), {"operator": "docker"}, [rules.UNSUPPORTED]),
    (run(service_account="a"), {}, []),
    (run(), {"operator": "bash"}, [rules.TARGET_CAVEAT]),
    ({}, {"operator": "bash"}, [rules.TARGET_LIMIT, rules.TARGET_CAVEAT]),
    ({"run": Container(image=IMAGE, command=("-x",))}, {"operator": "bash"}, [rules.TARGET_LIMIT, rules.TARGET_CAVEAT]),
]


@pytest.mark.parametrize(("fields", "options", "wanted"), CASES)
def test_limits(fields: dict[str, Any], options: dict[str, Any], wanted: list[Any]) -> None:
    found = findings(schedule(**fields), **options)
    assert [one.rule for one in found] == wanted
    assert all(one.span is not None for one in found)


@pytest.mark.parametrize(
    ("options", "oldest", "has_nearest"),
    [
        ({}, (6, 0, 0), False),
        ({"version": "3.3"}, (6, 2, 2), True),
        ({"version": "2.11"}, (2, 0, 2), False),
        ({"version": "2.11", "croniter": ">=6.2.2"}, (6, 2, 2), True),
        ({"croniter": ">=5,<7"}, (5,), False),
        ({"croniter": "==7.0.0"}, (7, 0, 0), True),
    ],
)
def test_nearest_weekdays_need_a_new_croniter(
    options: dict[str, Any], oldest: tuple[int, ...], has_nearest: bool
) -> None:
    assert oldest_croniter(options) == oldest
    answers = TARGET.capabilities.but(TARGET.by_version(options))
    assert isinstance(answers[Feature.NEAREST_WEEKDAY], No) is not has_nearest


@pytest.mark.parametrize(
    ("name", "value", "is_fine"),
    [
        ("version", "3.1", True),
        ("version", "2.11.2", True),
        ("version", "2.10", False),
        ("version", "4.0", False),
        ("croniter", ">=6.2.2, <8", True),
        ("croniter", "6.2", False),
        ("dag_id", "a b", False),
        ("tags", ["a=b"], False),
        ("operator", "docker", True),
        ("operator", "python", False),
        ("kubernetes_conn_id", "{{ x }}", False),
        ("docker_conn_id", "registry.env", False),
    ],
)
def test_options(name: str, value: Any, is_fine: bool) -> None:
    span = Span(SourceFile("x.yaml", "x"), 0, 1)
    node = Node([Node(one, span) for one in value] if isinstance(value, list) else value, span)
    sink = Sink()
    read = Record(TARGET.options).read(Node({name: Entry(span, node)}, span), sink)
    assert (read is not INVALID) is is_fine
    assert (sink.errors == 0) is is_fine
