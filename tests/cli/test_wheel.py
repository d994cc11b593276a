"""The program as a wheel: installed, it needs no checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE, voucherbot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """What ``command`` prints; it must not fail."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VOUCHERBOT_"))}
    return subprocess.run(
        [*command], cwd=cwd, env=kept, capture_output=True, text=True, timeout=2 * PATIENCE, check=True
    ).stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with the wheel; it sees our dependencies, not our checkout."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    source.mkdir()
    for name in ("bot", "handlers", "templates", "config"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", place, source, cwd=place)
    [wheel] = place.glob("voucherbot-*.whl")

    venv.create(place / "venv", with_pip=False)
    python = place / "venv" / "bin" / "python"
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip()
    Path(packages, "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=place)
    return python.parent


def test_it_runs_in_any_folder(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import bot; print(bot.__file__)", cwd=tmp_path)
    assert where.startswith(str(installed.parent))

    assert run(installed / "voucherbot", "--help", cwd=tmp_path).startswith("Usage: voucherbot")
    assert run(installed / "voucherbot", "commands", cwd=tmp_path) == voucherbot("commands", cwd=tmp_path).out


def test_its_demo_has_its_page_and_settings(installed: Path, tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [installed / "voucherbot", "demo", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert demo.stdout
    try:
        assert demo.stdout.readline().startswith("The chat page is at http://127.0.0.1:")
        assert run(installed / "voucherbot", "say", "帮助", cwd=tmp_path).startswith("你是「湖畔面馆」的老板")
    finally:
        demo.terminate()
        demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0


def test_its_pictures_have_their_letters(installed: Path, tmp_path: Path) -> None:
    drawn = (
        "from bot.pictures.pen import draw\nfrom bot.pictures.poster import Poster\n"
        "print(*(len(draw(Poster(title, 'x').svg(), 800)) for title in ('春节券', ' ')))"
    )
    lettered, blank = map(int, run(installed / "python", "-c", drawn, cwd=tmp_path).split())
    assert lettered > blank + 1_000


def test_it_contains_every_file_of_the_packages(installed: Path) -> None:
    packages = Path(run(installed / "python", "-c", "import bot; print(bot.__path__[0])", cwd=installed).strip()).parent
    for name in ("bot", "handlers", "templates", "config"):
        ours = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file()}
        theirs = {path.relative_to(packages) for path in (packages / name).rglob("*") if path.is_file()}
        assert {path for path in ours - theirs if "__pycache__" not in path.parts} == set()
