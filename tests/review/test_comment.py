"""The comment on a pull request: made once, then replaced, and never anybody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from loopback import serving
from review_repository import ROOT

_ISSUES = "/repos/acme/schedules/issues"
_LIST = f"{_ISSUES}/7/comments?per_page=100&page="
MARK = "<!-- schedc action -->"


def _comment(
    tmp_path: Path, pages: list[list[dict[str, Any]]], text: str = "new\n", status: int = 200, **more: str
) -> tuple[subprocess.CompletedProcess[str], list[tuple[str, str, str]]]:
    """What the script says, and what it writes to a pull request that has comments."""

    def answer(method: str, path: str, sent: str) -> tuple[int, Any]:
        if method == "GET":
            page = int(path.removeprefix(_LIST))
            return 200, pages[page - 1] if page <= len(pages) else []
        return status, {}

    (tmp_path / "comment.md").write_text(text, "utf-8")
    with serving(answer) as (url, arrived):
        given = {
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "acme/schedules",
            "GITHUB_TOKEN": "t",
            "SCHEDC_COMMENT_FILE": str(tmp_path / "comment.md"),
            "SCHEDC_PULL_REQUEST": "7",
            "NO_PROXY": "127.0.0.1",
            **more,
        }
        command = [sys.executable, str(ROOT / "ci/github/comment.py")]
        done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)
    written = [one for one in arrived if one["method"] != "GET"]
    return done, [(one["method"], one["path"], json.loads(one["text"])["body"]) for one in written]


def _by(kind: str, number: int, body: str | None) -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind}}


OTHERS = [_by("User", 1, f"{MARK}\nmine"), _by("Bot", 2, "hello"), _by("Bot", 3, None)]
POST = ("POST", f"{_ISSUES}/7/comments", f"{MARK}\nnew\n")


def test_the_first_time_it_is_made(tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [OTHERS])
    assert (done.returncode, written) == (0, [POST])


def test_later_it_is_replaced_wherever_it_stands(tmp_path: Path) -> None:
    pages = [[_by("User", n, "x") for n in range(100)], [*OTHERS, _by("Bot", 55, f"{MARK}\r\nold")]]
    done, written = _comment(tmp_path, pages)
    assert (done.returncode, written) == (0, [("PATCH", f"{_ISSUES}/comments/55", f"{MARK}\nnew\n")])


def test_what_is_the_same_is_left_alone(tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [[_by("Bot", 55, f"{MARK}\r\nnew")]])
    assert (done.returncode, written) == (0, [])


def test_each_choice_of_environments_has_its_own(tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [[_by("Bot", 55, f"{MARK}\nold")]], SCHEDC_ENVIRONMENTS="dev --> prod\n<x>")
    body = "<!-- schedc action: dev - prod x -->\nnew\n"
    assert (done.returncode, written) == (0, [("POST", f"{_ISSUES}/7/comments", body)])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_may_not_fails_nothing(status: int, tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [OTHERS], status=status)
    assert (done.returncode, written) == (0, [POST])
    assert done.stdout.startswith("::notice title=schedc::the token may not comment here")


def test_another_mistake_of_the_server_fails(tmp_path: Path) -> None:
    done, _ = _comment(tmp_path, [OTHERS], status=500)
    assert done.returncode == 1


@pytest.mark.parametrize("number", ["", "x", "7/../8"])
def test_what_is_no_pull_request_gets_none(number: str, tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [OTHERS], SCHEDC_PULL_REQUEST=number)
    assert (done.returncode, written) == (0, [])


def test_a_long_one_is_cut_at_a_line(tmp_path: Path) -> None:
    done, written = _comment(tmp_path, [OTHERS], text="x" * 70 + "\n" + "a line\n" * 12_000)
    ((_, _, body),) = written
    assert done.returncode == 0
    assert 60_000 < len(body) < 65_536
    assert body.endswith("\na line\n\nThe rest is in the summary of the job.\n")
