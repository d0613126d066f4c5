"""Finds and renders templates. Templates hold layout only: every value comes in already quoted for its format.

A template is rendered by the function that it was turned into when schedc was installed, or by Jinja2 itself where
there is none of the same text.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


@lru_cache(maxsize=1)
def template_root() -> Path:
    """Inside the package in a wheel, the top-level folder in a checkout."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


def render(name: str, **values: Any) -> str:
    """The text of a template, such as `kubernetes/cronjob.yaml.j2`, with these values. Raises `KeyError` or Jinja2's
    `UndefinedError` for a value that is missing."""
    return _renderer(name)(values)


@lru_cache
def _renderer(name: str) -> Callable[[Mapping[str, Any]], str]:
    text = (template_root() / name).read_text("utf-8")
    written, function = _made().get(name, (None, None))
    if function is not None and written == text:
        return function
    return environment().from_string(text).render  # type: ignore[no-any-return]


def _made() -> dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]]:
    """The templates that were turned into functions, with the texts that they were made from."""
    try:
        made = importlib.import_module("schedc._templates")
    except ModuleNotFoundError:
        return {}
    return made.TEMPLATES  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def environment() -> Any:
    """How Jinja2 reads the templates."""
    from jinja2 import Environment, StrictUndefined

    return Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
