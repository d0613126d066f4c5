"""What a wheel and an sdist hold, and that the wheel works where nothing of the checkout can be seen."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _build(kind: str, folder: Path, out: Path) -> Path:
    """Build without a network: the back end is a dependency of the tests."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(out)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def _contents(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if not name.endswith("/RECORD")
        }


def _tracked(folder: str) -> set[str]:
    """Files of a folder that are sources, by path relative to it."""
    inside = ROOT / folder
    return {p.relative_to(inside).as_posix() for p in inside.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_a_wheel_holds_the_package_and_the_templates_and_nothing_else(wheel: Path) -> None:
    found = {name for name in _contents(wheel) if not name.startswith("schedc-")}
    wanted = {f"schedc/{p}" for p in _tracked("compiler/schedc")} | {
        f"schedc/templates/{p}" for p in _tracked("templates")
    }
    assert found == wanted
    assert "schedc/py.typed" in found
    assert any(name.startswith("schedc/diagnostics/explain/SC") for name in found)


def test_a_wheel_holds_its_licence(wheel: Path) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in _contents(wheel))
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4"


def test_an_sdist_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    assert _contents(_build("wheel", unpacked, tmp_path / "out")) == _contents(wheel)


def test_an_sdist_can_be_tested(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for wanted in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "tests/test_packaging.py", "scripts/demo.py"):
        assert wanted in names


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs schedc from the unpacked wheel, in a folder of its own."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    here = tmp_path_factory.mktemp("here")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(site)}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=here, capture_output=True, text=True, env=env, check=False)

    return run


def test_an_installed_wheel_compiles(installed: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    place = installed("-c", "import schedc; print(schedc.__file__)").stdout
    assert "site" in place
    assert str(ROOT) not in place
    for arguments in (["init"], ["compile"], ["compile", "--check"], ["verify", "compiled"], ["explain", "SC301"]):
        done = installed("-m", "schedc", *arguments)
        assert done.returncode == 0, done.stderr


def test_versions_agree(installed: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert installed("-m", "schedc", "--version").stdout == f"schedc {version}\n"


def test_the_base_install_is_small() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert sorted(one.split(">")[0].split("=")[0] for one in project["dependencies"]) == ["jinja2", "pyyaml", "tzdata"]


def test_the_zones_are_those_that_are_pinned() -> None:
    import tzdata

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"tzdata=={tzdata.__version__}" in project["dependencies"]
