"""The hooks of this checkout, as a configuration of pre-commit for the schedc that is on the path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from review_repository import ROOT


def hooks() -> dict[str, dict[str, Any]]:
    """What the manifest says of each hook."""
    return {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


def local_config(chosen: Mapping[str, Sequence[str]]) -> str:
    """Hooks by id, each with its args; nothing is installed for them."""
    used = [{**hooks()[name], "language": "system", "args": list(args)} for name, args in chosen.items()]
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": used}]}, sort_keys=False)
