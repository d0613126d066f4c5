"""The proof: no artifact without one. What an engine will do, as read back, against what the schedule declares."""

from __future__ import annotations

from collections.abc import Sequence

from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.proof.instants import prove_instants
from schedc.proof.policies import prove_metadata, prove_policies, prove_workload
from schedc.target import Deployed


def prove(schedule: Schedule, deployed: Deployed, families: Sequence[str], title: str, sink: Sink) -> None:
    """Tell the sink of every difference in instants, policy, workload or metadata; silence is a proof."""
    prove_instants(schedule, deployed.told, families, title, sink)
    prove_policies(schedule, deployed, title, sink)
    prove_workload(schedule, deployed, title, sink)
    prove_metadata(schedule, deployed, title, sink)
