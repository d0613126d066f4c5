"""JUnit XML, which most CI systems show as tests: each schedule on each target is one."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from schedc.diagnostics import Diagnostic
from schedc.diagnostics.render import About
from schedc.diagnostics.render.groups import groups
from schedc.diagnostics.render.secrets import Secrets, secrets_of
from schedc.diagnostics.render.text import blocks
from schedc.diagnostics.render.visible import safe

_Test = tuple[str, str]
"""The names of a test's class and of the test."""


def render(found: Sequence[Diagnostic], about: About) -> str:
    """A suite for each environment; a test fails if the run fails for what was found there."""
    secrets = secrets_of(found)
    tests = _tests(found, about)
    root = ElementTree.Element("testsuites", name=f"schedc {about.command}")
    for environment, inside in tests.items():
        name = f"schedc {about.command}" + (f" ({safe(environment)})" if environment else "")
        suite = ElementTree.SubElement(root, "testsuite", name=name)
        for test, some in inside.items():
            _test(suite, test, some, secrets, about)
        _count(suite, "testcase")
    _count(root, "testsuite/testcase")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _tests(found: Sequence[Diagnostic], about: About) -> dict[str | None, dict[_Test, list[Diagnostic]]]:
    """Every test of every environment, with its findings, in the order in which they were looked at."""
    tests: dict[str | None, dict[_Test, list[Diagnostic]]] = {}
    for case in about.cases:
        tests.setdefault(case.environment, {})[case.schedule, case.target] = []
    for d in found:
        tests.setdefault(d.environment, {}).setdefault(_of(d, about), []).append(d)
    return tests


def _of(d: Diagnostic, about: About) -> _Test:
    if d.schedule:
        return d.schedule, d.target or "declaration"
    where = about.from_root(d.span.file.path) if d.span else d.target or "project"
    return where, f"{d.rule.code} {d.rule.name}"


def _test(suite: ElementTree.Element, test: _Test, found: Sequence[Diagnostic], secrets: Secrets, about: About) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=safe(test[0]), name=safe(test[1]))
    failing = [d for d in found if d.severity.reaches(about.fail_on)]
    if failing:
        first, more = failing[0], len(groups(failing)) - 1
        message = f"{first.rule.name}: {safe(first.message)}" + (f" (and {more} more)" if more else "")
        failure = ElementTree.SubElement(case, "failure", type=first.rule.code, message=message)
        failure.text = blocks(failing, secrets)
    rest = [d for d in found if not d.severity.reaches(about.fail_on)]
    if rest:
        ElementTree.SubElement(case, "system-out").text = blocks(rest, secrets)


def _count(element: ElementTree.Element, path: str) -> None:
    tests = element.findall(path)
    element.set("tests", str(len(tests)))
    element.set("failures", str(sum(test.find("failure") is not None for test in tests)))
    element.set("errors", "0")
