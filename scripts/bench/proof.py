"""Proofs of the instants of a mixed fleet on each target: never asked before, and asked again by an equal schedule.

The first round is cold in every calendar, text and zone. What was promised for a cold proof is held to the median.
"""

from __future__ import annotations

from statistics import median
from time import process_time

from bench.figure import Figure, as_json, spread
from bench.fleet import fleet
from schedc.compile import capabilities_of, read_options
from schedc.diagnostics.sink import Sink
from schedc.ir.canonical import digest
from schedc.ir.schedule import Schedule
from schedc.ir.words import words
from schedc.lowering import lower
from schedc.proof.instants import prove_instants
from schedc.target import Job, Told
from schedc.targets import target

TARGETS = ("airflow", "kubernetes", "kubeflow", "vertex")
_MICRO = 1e6
Asked = tuple[Schedule, Told, tuple[str, ...]]


def measure(distinct: int = 1000) -> list[Figure]:
    figures = []
    for name in TARGETS:
        every = asked(name, distinct)
        cold = _each(name, every)
        again = _each(name, every)
        for goal, runs, bound in (("proof-cold", cold, 50.0), ("proof-equal", again, 2.0)):
            shown = median(runs) * _MICRO
            what = f"{name}: median of {len(runs)}, at most {bound:g} us"
            figures.append(Figure(goal, what, shown, None, bound / shown, "us", spread(runs)))
        figures += [
            Figure("proof-cold-worst", f"{name}: worst", max(cold) * 1e3, None, 0.05 / (max(cold) * 1e3), "ms", 0.0),
            Figure(
                "proof-cold-sum", f"{name}: all {len(cold)}", sum(cold), None, 5e-5 * len(cold) / sum(cold), "s", 0.0
            ),
        ]
    return figures


def asked(name: str, distinct: int) -> list[Asked]:
    """What a target tells its engine of each schedule of the fleet that it can hold."""
    of, found = target(name), []
    for one in fleet(distinct, distinct):
        options = read_options(one, of, Sink())
        assert options is not None
        lowered, _ = lower(one, capabilities_of(of, options))
        job = Job(schedule=lowered, options=options, digest=digest(one, {}), words=words(one.trigger), origin="x")
        sink = Sink()
        of.limits(job, sink)
        candidate = None if sink.errors else next(of.emit(job), None)
        if candidate is not None:
            told = of.read({artifact.path: artifact.text for artifact in candidate}).told
            found.append((one, told, of.families(options)))
    return found


def _each(name: str, every: list[Asked]) -> list[float]:
    title, taken = target(name).title, []
    for schedule, told, families in every:
        sink = Sink(schedule.name, name)
        begin = process_time()
        prove_instants(schedule, told, families, title, sink)
        taken.append(process_time() - begin)
    return taken


if __name__ == "__main__":
    print(as_json(measure()))
