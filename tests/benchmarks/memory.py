"""Megabytes of an idle process: ``python -m tests.benchmarks.memory``.

Resident set a few looks after it is ready: a web process alone, one with its worker inside, a worker alone; beside them
a Python that has imported Tornado and nothing else, so that machines can be compared.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.redis import running_server

CONFIG = """
[redis]
url = "{redis}"
[server]
port = 0
[[accounts]]
appid = "wx0123456789abcdef"
original_id = "gh_0123456789ab"
name = "Lakeside Noodles"
secret = "0123456789abcdef0123456789abcdef"
token = "lakeside"
encoding_aes_key = "LakesideNoodles0test0key0for0the0simulator8"
"""
PROGRAMS = {
    "web alone": ("serve", "--no-worker"),
    "web with worker": ("serve",),
    "worker": ("worker",),
}
STEADY = 3
"""Looks in a row that must not differ by more than a megabyte."""


def resident(pid: int) -> float:
    """Megabytes of a process now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def settled(pid: int) -> float:
    """Megabytes once they no longer grow."""
    seen = [resident(pid)]
    while len(seen) < STEADY or max(seen[-STEADY:]) - min(seen[-STEADY:]) > 1:
        time.sleep(1)
        seen.append(resident(pid))
    return seen[-1]


def measured(config: Path, *arguments: str) -> float:
    """Megabytes of ``voucherbot ARGUMENTS``."""
    command = [sys.executable, "-m", "bot", *arguments, "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Voucherbot ")
        return settled(process.pid)
    finally:
        process.terminate()
        process.wait()


async def main() -> None:
    """Measure all of them."""
    bare = subprocess.run(
        [sys.executable, "-c", "import tornado.web; print(open('/proc/self/statm').read().split()[1])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    baseline = int(bare.stdout) * 4096 / 1e6
    print(f"{'Tornado imported':16} {baseline:4.0f} MB")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder, running_server() as redis:
        config = Path(folder) / "bot.toml"
        config.write_text(CONFIG.format(redis=redis), encoding="utf-8")
        for name, arguments in PROGRAMS.items():
            megabytes = await asyncio.to_thread(measured, config, *arguments)
            print(f"{name:16} {megabytes:4.0f} MB, {megabytes / baseline:.1f} × Tornado")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
