"""The process that keeps an embedded Redis for as long as anybody uses it.

Run as a program of its own, with the standard library only, so that it starts in milliseconds::

    python -I -S embedded_supervisor.py FOLDER LOCK_FD PROGRAM [ARGUMENT …]

It detaches itself, runs PROGRAM in FOLDER, and prints ``ready`` or what PROGRAM said last. Users hold a shared lock on
FOLDER/users.lock; the kernel drops it however they end. Once this process gets that lock for itself nobody is left: it
ends PROGRAM and then itself. LOCK_FD is the lock that says a supervisor is there; it is inherited locked, so there is
no moment without it. PROGRAM dies with this process, and is started again should it die alone.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import threading
import time

LOG_SIZE = 1_000_000
PR_SET_PDEATHSIG = 1
ENDS_AT_ONCE = 1.0
"""Seconds. A server that lives no longer after it was ready is not started again."""


class Supervisor:
    """One server after another, until the last user has gone."""

    def __init__(self, command: list[str], socket_path: str) -> None:
        self._command = command
        self._socket_path = socket_path
        self._turn = threading.Lock()
        self._pid = 0
        self._unused = False
        self._ended = threading.Event()

    def run(self) -> None:
        """Keep a server running; returns when nobody uses it, or when it cannot be kept."""
        # The thread that forks the server must be the one that lives longest: PR_SET_PDEATHSIG means the thread.
        threading.Thread(target=self._end_with_the_last_user, daemon=True).start()
        while (output := self._start()) is not None:
            ready_at, last_words = self._watch(output)
            with self._turn:
                os.waitpid(self._pid, 0)
                self._pid = 0
            if ready_at is None:
                report(last_words)
            if ready_at is None or time.monotonic() - ready_at < ENDS_AT_ONCE:
                break
        self._ended.set()

    def _start(self) -> int | None:
        """Run the server; the reading end of its output, or None when it is not wanted any more."""
        with self._turn:
            if self._unused:
                return None
            output, inlet = os.pipe()
            parent = os.getpid()
            self._pid = os.fork()
            if self._pid == 0:
                become(self._command, inlet, parent)
            os.close(inlet)
            return output

    def _watch(self, output: int) -> tuple[float | None, str]:
        """Read the server's output to its end: when it was ready, and what it said last."""
        ready_at, line = None, b""
        with os.fdopen(output, "rb") as lines:
            for line in lines:  # noqa: B007  # the last one is used below
                log(line)
                if ready_at is None and answers(self._socket_path):
                    ready_at = time.monotonic()
                    report("ready")
        return ready_at, line.decode(errors="replace").strip()

    def _end_with_the_last_user(self) -> None:
        users = os.open("users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_EX)
        self._unused = True
        while not self._ended.is_set():
            with self._turn:
                # The command ends it at once, the signal within 100 ms but also while it loads.
                if self._pid and not asked(self._socket_path, b"SHUTDOWN"):
                    os.kill(self._pid, signal.SIGTERM)
            # Redis may put a shutdown off while it writes; then it is asked again.
            self._ended.wait(10)


def become(command: list[str], output: int, parent: int) -> None:
    """In the child: turn into the server, to be ended when the supervisor ends."""
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        if sys.platform == "linux":
            import ctypes  # noqa: PLC0415  # 5 ms that only the child pays

            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == parent:
            os.execv(command[0], command)  # noqa: S606  # no shell wanted
    finally:
        os._exit(127)


def answers(path: str) -> bool:
    """True once the server behind ``path`` has loaded its data."""
    return asked(path, b"PING", b"+PONG")


def asked(path: str, command: bytes, answer: bytes = b"") -> bool:
    """Send ``command`` to the server behind ``path``; True if it says ``answer`` (at the beginning; empty: nothing)."""
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(path)
            caller.sendall(command + b"\r\n")
            said = caller.recv(64)
        except ConnectionResetError:
            said = b""
        except OSError:
            return False
    return said.startswith(answer) if answer else not said


def log(line: bytes) -> None:
    """Add ``line`` to FOLDER/redis.log, which has one predecessor."""
    with open("redis.log", "ab", buffering=0) as file:  # noqa: PTH123  # pathlib doubles the start-up time
        file.write(line)
        full = file.tell() > LOG_SIZE
    if full:
        os.replace("redis.log", "redis.log.1")  # noqa: PTH105  # as above


def report(words: str) -> None:
    """Tell whoever started us, if it still listens; only the first word counts."""
    try:
        os.write(1, words.encode() + b"\n")
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
    except OSError:
        pass


def detach() -> None:
    """Belong to no terminal and to nobody who would have to reap us."""
    if os.fork():
        os._exit(0)
    os.setsid()


def main() -> None:
    """See the module's docstring. FOLDER's socket path comes from PROGRAM's own ``--unixsocket``."""
    folder, lock, *command = sys.argv[1:]
    os.chdir(folder)
    os.set_inheritable(int(lock), False)
    detach()
    Supervisor(command, command[command.index("--unixsocket") + 1]).run()
    # Given back before users.lock, which ends with the process: who gets that one must find this one free.
    os.close(int(lock))


if __name__ == "__main__":
    main()
