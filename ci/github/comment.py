"""Puts a file of Markdown into a comment on a pull request, and later into the same comment.

It needs a token that may write comments. One that may not, as that of a pull request from a fork, is told of and fails
nothing. Python alone is needed, and no package.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LONGEST = 65_000
"""Characters of a comment; GitHub takes 65,536."""
_PAGES = 50


def main() -> int:
    number = os.environ.get("SCHEDC_PULL_REQUEST", "")
    if not number.isdecimal():
        print("schedc: this is no pull request, and nothing was commented")
        return 0
    mark = marker(os.environ.get("SCHEDC_ENVIRONMENTS", ""))
    body = f"{mark}\n{Path(os.environ['SCHEDC_COMMENT_FILE']).read_text('utf-8')}"
    if len(body) > _LONGEST:
        body = body[:_LONGEST].rpartition("\n")[0] + "\n\nThe rest is in the summary of the job.\n"
    issues = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        own = next((one for one in _comments(f"{issues}/{number}/comments") if _is_ours(one, mark)), None)
        if own is None:
            _ask("POST", f"{issues}/{number}/comments", {"body": body})
        elif own["body"].replace("\r\n", "\n").strip() != body.strip():
            _ask("PATCH", f"{issues}/comments/{own['id']}", {"body": body})
    except urllib.error.HTTPError as error:
        if error.code not in (401, 403, 404):
            raise
        print(f"::notice title=schedc::the token may not comment here ({error.code}); the summary of the job holds it")
    return 0


def marker(environments: str) -> str:
    """The first line of the comment, which is not shown; a comment for each choice of environments."""
    words = " ".join(re.findall(r"[A-Za-z0-9_-]+", environments)).replace("--", "-")
    return f"<!-- schedc action{f': {words}' if words else ''} -->"


def _is_ours(comment: Any, mark: str) -> bool:
    """Anybody may write the marker: only what a bot wrote is replaced."""
    return str(comment.get("body") or "").startswith(mark) and comment["user"]["type"] == "Bot"


def _comments(path: str) -> Iterator[Any]:
    for page in range(1, _PAGES + 1):
        found = _ask("GET", f"{path}?per_page=100&page={page}")
        yield from found
        if len(found) < 100:
            return


def _ask(method: str, path: str, data: object = None) -> Any:
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {os.environ.get('GITHUB_TOKEN', '')}",
        "Content-Type": "application/json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    sent = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(f"{os.environ['GITHUB_API_URL']}/{path}", sent, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
