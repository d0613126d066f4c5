"""Keeps text literal where Kubernetes expands `$(NAME)`: in command, args and values of the environment.

What Kubernetes does with a `$` depends on what follows (third_party/forked/golang/expansion/expand.go): `$$` becomes
`$`; `$(NAME)` becomes a variable's value, and service variables of the namespace count, so that no name is safe;
everything else stays. Older releases spoil a character outside ASCII that follows a `$`.
"""

from __future__ import annotations


def escape(text: str) -> str:
    """The shortest text that Kubernetes turns into `text`, whatever variables there are."""
    if "$" not in text:
        return text
    last_closer = text.rfind(")")
    parts = []
    for i, character in enumerate(text):
        parts.append(character)
        if character == "$" and i + 1 < len(text):
            follower = text[i + 1]
            if follower == "$" or not follower.isascii() or (follower == "(" and i + 1 < last_closer):
                parts.append("$")
    return "".join(parts)
