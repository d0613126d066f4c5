"""Undoes what Kubernetes expands in command, args and variables."""

from __future__ import annotations

from schedc.target import UnreadableArtifact


def literal(text: str, path: str) -> str:
    """What Kubernetes makes of a text that it expands, where that depends on no variable and no release."""
    parts, rest = [], text
    while rest:
        before, found, rest = rest.partition("$")
        parts.append(before)
        if not found:
            break
        if rest.startswith("$"):
            parts.append("$")
            rest = rest[1:]
        elif rest.startswith("(") and ")" in rest:
            raise UnreadableArtifact(f"{path}: {found}{rest[: rest.index(')') + 1]} is replaced when a pod starts")
        elif rest and ord(rest[0]) > 127:
            raise UnreadableArtifact(f"{path}: releases differ in what they make of ${rest[0]}")
        else:
            parts.append("$")
    return "".join(parts)
