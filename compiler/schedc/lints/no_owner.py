from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.lints.lint import Lint, Settings


def no_owner(schedule: Schedule, settings: Settings, sink: Sink) -> None:
    """Somebody answers for a schedule: its own `owner`, or that option of each target that it is deployed to."""
    if (schedule.owner or "").strip():
        return
    targets = schedule.deploy_to or ()
    if targets and all(_has_owner(schedule, name) for name in targets):
        return
    sink.add(
        rules.NO_OWNER,
        f"the schedule {schedule.name} has no owner",
        schedule.place("owner"),
        help="write owner: NAME in the schedule, under defaults of its file or of schedc.toml",
    )


def _has_owner(schedule: Schedule, target: str) -> bool:
    options = schedule.options.get(target)
    owner = None if options is None else options.get("owner")
    return owner is not None and bool(str(owner.value or "").strip())


LINT = Lint(of_schedule=no_owner)
