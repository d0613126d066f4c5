"""What the Kubernetes API server takes as names, keys, labels and variables; each gives a reason or None."""

from __future__ import annotations

import re

from schedc.patterns import pattern

_LABEL = pattern(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SUBDOMAIN = pattern(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_QUALIFIED = pattern(r"(?:[A-Za-z0-9][A-Za-z0-9_.-]*)?[A-Za-z0-9]")
_KEY = pattern(r"[A-Za-z0-9._-]+")
_VARIABLE = pattern(r"[A-Za-z._-][A-Za-z0-9._-]*")
_RELAXED_VARIABLE = pattern(r"[\x20-\x3c\x3e-\x7e]+")

_WORDS = "letters, digits, '-', '_' and '.'"


def _unless(matches: object, allowed: str, ends: bool = False) -> str | None:
    if matches:
        return None
    return f"is empty or holds other than {allowed}{', or begins or ends with a sign' if ends else ''}"


def subdomain(text: str) -> str | None:
    if len(text) > 253:
        return "is longer than 253 characters"
    return _unless(_SUBDOMAIN.fullmatch(text), "lower-case letters, digits, '-' and '.'", ends=True)


def dns_label(text: str, longest: int = 63) -> str | None:
    if len(text) > longest:
        return f"has {len(text)} characters, and at most {longest} are allowed"
    return _unless(_LABEL.fullmatch(text), "lower-case letters, digits and '-'", ends=True)


def qualified_name(text: str) -> str | None:
    """Keys of labels and annotations, and names of resources."""
    prefix, slash, name = text.rpartition("/")
    if slash and (not prefix or subdomain(prefix)):
        return "has a prefix that is not a DNS name"
    if len(name) > 63:
        return "has a name of more than 63 characters"
    return _unless(_QUALIFIED.fullmatch(name), _WORDS, ends=True)


def label_value(text: str) -> str | None:
    if len(text) > 63:
        return f"has {len(text)} characters, and at most 63 are allowed"
    return _unless(not text or _QUALIFIED.fullmatch(text), _WORDS, ends=True)


def data_key(text: str) -> str | None:
    """Keys of Secrets and ConfigMaps."""
    if len(text) > 253:
        return "is longer than 253 characters"
    if text.startswith("..") or text == ".":
        return "is a path"
    return _unless(_KEY.fullmatch(text), _WORDS)


def variable_name(text: str, minor: int) -> str | None:
    """Names of environment variables; from 1.34 on every cluster takes printable ASCII but '='."""
    if minor >= 34:
        return _unless(_RELAXED_VARIABLE.fullmatch(text), "printable ASCII without '='")
    if text.startswith("..") or text == ".":
        return "is a path"
    return _unless(_VARIABLE.fullmatch(text), f"{_WORDS} that do not begin with a digit")


def descending_path(text: str) -> str | None:
    """Paths inside of something, such as `sub_path`."""
    if text.startswith("/"):
        return "is absolute"
    return "holds a '..'" if ".." in text.split("/") else None


def inner_path(text: str) -> str | None:
    """Paths of files in a volume that Kubernetes writes."""
    return descending_path(text) or (
        "begins with '..', which the kubelet uses itself" if text.startswith("..") else None
    )


_FIELDS = frozenset({"metadata.name", "metadata.namespace", "metadata.uid"})
_POD_STATE = frozenset(
    {"spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"}
)
_SUBSCRIPT = pattern(r"metadata\.(labels|annotations)\['(.*)'\]", re.DOTALL)


def pod_variable_field(text: str, minor: int) -> str | None:
    """Fields of a pod that a variable can hold."""
    if text == "status.hostIPs" and minor < 29:
        return "is not offered before 1.29"
    return None if text in _FIELDS or text in _POD_STATE else _subscripted(text)


def pod_file_field(text: str) -> str | None:
    """Fields of a pod that a file can hold."""
    return None if text in _FIELDS or text in ("metadata.labels", "metadata.annotations") else _subscripted(text)


def _subscripted(text: str) -> str | None:
    found = _SUBSCRIPT.fullmatch(text)
    if found is None:
        return "is no field of a pod that is offered here"
    problem = qualified_name(found[2] if found[1] == "labels" else found[2].lower())
    return f"has a key that {problem}" if problem else None
