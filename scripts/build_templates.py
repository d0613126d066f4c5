"""Turns the templates into plain Python functions when a wheel is built or the checkout is installed.

Jinja2 reads the templates; what it read is written as `schedc/_templates.py`, so that a compile imports neither its
lexer nor its compiler. A template that uses more of Jinja2 than is known here is left to Jinja2 at run time, and so is
one whose text was edited since.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from jinja2 import nodes

WRITTEN = "compiler/schedc/_templates.py"
_HEAD = '''"""Made from templates/ by scripts/build_templates.py; do not edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

TEMPLATES: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {}
'''


class Hook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it gathers the files of a wheel, or installs a checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        write(Path(self.root))


def write(root: Path) -> None:
    """Write the module for the templates of a checkout, unless it is there."""
    path, text = root / WRITTEN, module(root)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def module(root: Path) -> str:
    """The module's text: for each template its text and a function of its values."""
    sys.path.insert(0, str(root / "compiler"))
    from schedc.templating import environment

    parts = [_HEAD]
    for path in sorted((root / "templates").rglob("*.j2")):
        text = path.read_text("utf-8")
        name = path.relative_to(root / "templates").as_posix()
        try:
            function = re.sub(r"\W", "_", name)
            lines = list(_function(function, environment().parse(text)))
        except NotImplementedError:
            continue
        body = "\n".join(lines)
        parts.append(f"\n\n{body}\n\n\nTEMPLATES[{name!r}] = ({text!r}, {function})\n")
    return "".join(parts)


def _function(name: str, template: nodes.Template) -> Iterator[str]:
    yield f"def {name}(values: Mapping[str, Any]) -> str:"
    yield "    parts: list[str] = []"
    yield "    add = parts.append"
    yield from _statements(template.body, "    ", frozenset())
    yield '    return "".join(parts)'


def _statements(body: Sequence[nodes.Node], indent: str, loop: frozenset[str]) -> Iterator[str]:
    for node in body:
        match node:
            case nodes.Output(nodes=parts):
                for part in parts:
                    shown = repr(part.data) if isinstance(part, nodes.TemplateData) else f"str({_value(part, loop)})"
                    yield f"{indent}add({shown})"
            case nodes.For(target=nodes.Name(name=name), iter=found, body=inner, else_=[], test=None, recursive=False):
                yield f"{indent}for v_{name} in {_value(found, loop)}:"
                yield from _statements(inner, f"{indent}    ", loop | {name})
            case nodes.If(test=test, body=inner, elif_=[], else_=other):
                yield f"{indent}if {_value(test, loop)}:"
                yield from _statements(inner, f"{indent}    ", loop)
                if other:
                    yield f"{indent}else:"
                    yield from _statements(other, f"{indent}    ", loop)
            case _:
                raise NotImplementedError(type(node).__name__)


def _value(node: nodes.Node, loop: frozenset[str]) -> str:
    match node:
        case nodes.Name(name=name):
            return f"v_{name}" if name in loop else f"values[{name!r}]"
        case nodes.Not(node=inner):
            return f"not {_value(inner, loop)}"
        case _:
            raise NotImplementedError(type(node).__name__)
