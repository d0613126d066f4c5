"""The size and the depth of YAML, before libyaml composes it: its composer recurses on the machine's own stack."""

from __future__ import annotations

from typing import Any

LONGEST = 16 * 1024 * 1024
DEEPEST = 200


def check_bounds(text: str) -> None:
    """Raises `ValueError` for text that is too long or nested too deeply, and `yaml.YAMLError` for what is no YAML."""
    from schedc.pyyaml import yaml

    if len(text) > LONGEST:
        raise ValueError(f"it has {len(text):,} characters, and at most {LONGEST:,} are read")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    for event in yaml.parse(text, loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
