"""Artifacts on disk: inside the output folder, whole, and through no link."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedc.output import Drift, OutputError, compare, existing, write

FILES = {"a.yaml": "a\n", "deep/b.yaml": "ü\n"}


def test_what_is_written_is_what_is_there_and_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "kubernetes"
    assert write(folder, FILES) == 2
    assert existing(folder) == {name: text.encode() for name, text in FILES.items()}
    assert write(folder, FILES) == 0
    assert write(folder, {**FILES, "a.yaml": "b\n"}) == 1
    assert not compare(folder, {**FILES, "a.yaml": "b\n"})


def test_a_difference_is_missing_changed_or_an_orphan(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert compare(tmp_path, {"a.yaml": "b\n", "c.yaml": ""}) == Drift(("c.yaml",), ("a.yaml",), ("deep/b.yaml",))


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "a\\x", ""])
def test_nothing_is_written_outside(path: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write(tmp_path / "out", {path: "x"})
    assert not (tmp_path / "out").exists()


# Where below out/prod/kubernetes/deep/b.yaml a link stands.
@pytest.mark.parametrize("link", ["prod", "prod/kubernetes", "prod/kubernetes/deep", "prod/kubernetes/deep/b.yaml"])
def test_nothing_below_the_output_folder_may_be_a_link(link: str, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    place = root / link
    place.parent.mkdir(parents=True)
    if link.endswith(".yaml"):
        elsewhere.write_text("kept", "utf-8")
    else:
        elsewhere.mkdir()
    place.symlink_to(elsewhere)
    with pytest.raises(OutputError, match="symbolic link") as raised:
        write(root / "prod" / "kubernetes", {"deep/b.yaml": "x"}, root)
    assert raised.value.written == 0
    assert (elsewhere.read_text("utf-8") == "kept") if elsewhere.is_file() else (list(elsewhere.iterdir()) == [])


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert write(tmp_path / "out" / "airflow", {"a.py": "x"}, tmp_path / "out") == 1
    assert existing(tmp_path / "real") == {"airflow/a.py": b"x"}


def test_what_cannot_be_written_says_why_and_what_was_written_before(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file", "utf-8")
    with pytest.raises(OutputError, match="cannot be written: ") as raised:
        write(tmp_path, {"a.yaml": "x", "b/c.yaml": "y"})
    assert raised.value.written == 1
    assert not list(tmp_path.glob(".schedc-*"))
