"""Finds and renders templates. Templates hold layout only: every value comes in already quoted for its format."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def template_root() -> Traversable:
    """Inside the package in a wheel, the top-level folder in a checkout."""
    packaged = files("schedc") / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def load(name: str) -> str:
        return template_root().joinpath(*name.split("/")).read_text("utf-8")

    return Environment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render(name: str, **values: Any) -> str:
    """The text of a template, such as `kubernetes/cronjob.yaml.j2`, with these values."""
    return str(_environment().get_template(name).render(values))
