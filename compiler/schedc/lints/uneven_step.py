from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.frontend.cron_expression import fields_of
from schedc.frontend.cron_mistakes import CronMistake, Kind
from schedc.frontend.cron_suspicions import suspicions
from schedc.frontend.schedule_reader import cron_span
from schedc.ir.schedule import Schedule
from schedc.ir.triggers import Cron
from schedc.lints.lint import Lint, Settings
from schedc.lints.wraps import wrap


def uneven_step(schedule: Schedule, settings: Settings, sink: Sink) -> None:
    """A list with one step that fills its field comes out even where it starts over.

    What the reader suspects of the same item is said better here, and is taken back.
    """
    node = schedule.node.get("cron_expression")
    if not isinstance(schedule.trigger, Cron) or node is None or not isinstance(node.value, str):
        return
    calendar, text, name = schedule.trigger.calendar, node.value, schedule.name
    suspected = [one for one in suspicions(text, calendar) if one.kind is Kind.UNEVEN_STEP]
    told = set()
    for field, at, word in fields_of(text):
        found = wrap(calendar, field, stepped="/" in word)
        if found is None:
            continue
        end = at + len(word)
        message = f"`{word}` is not even: {found.words}"
        for one in suspected:
            if at <= one.start and one.end <= end:
                told.add((one.message, cron_span(node, one)))
        mistake = CronMistake(Kind.UNEVEN_STEP, at, end, message)
        sink.add(rules.UNEVEN_STEP, message, cron_span(node, mistake), help=found.help)
    if told:
        sink.withdraw(lambda d: d.rule is rules.SUSPICIOUS_CRON and (d.message, d.span) in told and d.schedule == name)


LINT = Lint(of_schedule=uneven_step)
