"""What is shipped: the wheel carries all the product needs and nothing else, and the lock files lock everything."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _shipped(*patterns: str) -> set[str]:
    return {
        path.relative_to(HOME).as_posix()
        for pattern in patterns
        for path in HOME.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_templates_seeds_and_settings_lie_inside_the_package(names: set[str]) -> None:
    outside = _shipped("templates/**/*", "seeds/**/*", "config.py")
    assert any(path.startswith("seeds/") for path in outside)
    assert {f"directory/{path}" for path in outside} <= names


def test_the_whole_package_is_in_the_wheel(names: set[str]) -> None:
    assert _shipped("directory/**/*") <= names


def test_the_wheel_puts_one_name_into_everybodys_environment(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names} == {"directory", "stillpoint-0.1.0.dist-info"}


def test_the_wheel_says_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_string(archive.read("stillpoint-0.1.0.dist-info/METADATA").decode())
        commands = archive.read("stillpoint-0.1.0.dist-info/entry_points.txt").decode()
        assert "stillpoint-0.1.0.dist-info/licenses/LICENSE" in archive.namelist()
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert "stillpoint = directory.cli:main" in commands


def _pins(lock: str) -> dict[str, str]:
    text = (HOME / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


def _asked_for(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {match.group().lower().replace("_", "-") for match in found if match is not None}


def test_what_the_product_asks_for_is_locked() -> None:
    assert _asked_for(PROJECT["project"]["dependencies"]) <= set(_pins("requirements.txt"))


def test_whoever_works_on_it_runs_the_very_versions_that_are_shipped() -> None:
    assert _pins("requirements.txt").items() <= _pins("requirements-dev.txt").items()


def test_tools_and_the_build_backend_are_locked_too() -> None:
    asked = _asked_for(PROJECT["build-system"]["requires"])
    for name, group in PROJECT["dependency-groups"].items():
        if name != "bench":
            asked |= _asked_for([entry for entry in group if isinstance(entry, str)])
    assert asked <= set(_pins("requirements-dev.txt"))


def test_what_only_the_benchmarks_need_is_locked_apart_and_at_no_other_version() -> None:
    pins, others = _pins("requirements-bench.txt"), _pins("requirements-dev.txt")
    assert _asked_for(PROJECT["dependency-groups"]["bench"]) <= set(pins)
    assert all(others.get(name, version) == version for name, version in pins.items())
    assert not _asked_for(PROJECT["dependency-groups"]["bench"]) & set(others)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_registry_is_named(lock: str) -> None:
    lines = (HOME / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert all(re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin) for pin in pins)
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_every_target_of_make_that_people_type_is_explained() -> None:
    makefile = (HOME / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    explained = set(re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE))
    assert set(phony.group(1).replace("\\", " ").split()) - {"chromium"} == explained
