"""Addresses of Redis, five forms of them: one server (``redis://``, ``rediss://``, ``unix://``), Sentinels, a cluster.

``redis+sentinel://[user:password@]host[:port],host[:port]/master[/database][?option=value]`` names the Sentinels, the
name they know the master by, and how to log in to the master. ``redis+cluster://[user:password@]host[:port],host[:port]``
names some nodes of a cluster. ``rediss+…`` is the same over TLS. Whatever stands for a sign of the address itself is
percent-encoded in user and password; IPv6 addresses stand in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "redis+cluster")
"""Those told to people; ``rediss+sentinel`` and ``rediss+cluster`` are understood, too."""
_TLS = {"rediss+sentinel": "redis+sentinel", "rediss+cluster": "redis+cluster"}
_PORTS = {"redis+sentinel": 26379, "redis+cluster": 6379}
_SENTINEL_LOGIN = ("sentinel_username", "sentinel_password")


class Kind(StrEnum):
    """What stands behind an address."""

    ONE = "one"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """An address, taken apart. Of :attr:`Kind.ONE` nothing but ``url``, which redis-py reads itself."""

    kind: Kind
    url: str = field(repr=False)
    hosts: tuple[tuple[str, int], ...] = ()
    master: str = ""
    database: int = 0
    tls: bool = False
    login: dict[str, str] = field(default_factory=dict, repr=False)
    """``username`` and ``password``, as far as given."""
    sentinel_login: dict[str, str] = field(default_factory=dict, repr=False)
    tls_options: dict[str, str] = field(default_factory=dict)
    """``ssl_ca_certs`` and the like, as redis-py names them."""


def parse(url: str) -> RedisAddress:
    """The parts of ``url``.

    Raises ValueError with the end of a sentence ("has no host, expected …") which repeats no password.
    """
    scheme, there, rest = url.partition("://")
    plain = _TLS.get(scheme, scheme)
    if not there or plain not in SCHEMES:
        told = ", ".join(f"{each}://" for each in SCHEMES)
        raise ValueError(f'begins with "{scheme if there else ""}", expected "" or one of {told}')
    if plain not in _PORTS:
        _check_port(url)
        return RedisAddress(Kind.ONE, url)
    place, path, query = _split(rest)
    login, _, hosts = place.rpartition("@")
    kind = Kind(plain.removeprefix("redis+"))
    master, database = _master(path) if kind is Kind.SENTINEL else _no_master(path)
    sentinel_login, tls_options = _options(query, kind, tls=scheme in _TLS)
    return RedisAddress(
        kind,
        url,
        hosts=tuple(_hosts(hosts, _PORTS[plain])),
        master=master,
        database=database,
        tls=scheme in _TLS,
        login=_login(login),
        sentinel_login=sentinel_login,
        tls_options=tls_options,
    )


def _split(rest: str) -> tuple[str, list[str], str]:
    """Hosts with the login, the parts of the path, the options. (urlsplit takes no list of hosts with IPv6 in it.)"""
    place, path, query = re.fullmatch(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?.*", rest, re.DOTALL).groups("")  # type: ignore[union-attr]  # matches anything
    return place, [unquote(part) for part in path.split("/") if part], query


def _hosts(text: str, port: int) -> Iterator[tuple[str, int]]:
    for each in text.split(","):
        _check_port(f"//{each.strip()}")
        parts = urlsplit(f"//{each.strip()}")
        if not parts.hostname:
            raise ValueError("has no host at one place, expected host:port,host:port")
        yield parts.hostname, parts.port or port


def _check_port(address: str) -> None:
    try:
        port = urlsplit(address).port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that is no port, expected a number from 1 to 65535")


def _login(text: str) -> dict[str, str]:
    username, _, password = (unquote(part) for part in text.partition(":"))
    return {name: value for name, value in (("username", username), ("password", password)) if value}


def _master(path: list[str]) -> tuple[str, int]:
    if not path:
        raise ValueError("has no name of the master, expected redis+sentinel://host:port,host:port/master/0")
    if len(path) > 2 or not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in path[1:]):
        raise ValueError("has a database that is no number, expected redis+sentinel://host:port,host:port/master/0")
    return path[0], int(path[1]) if len(path) == 2 else 0


def _no_master(path: list[str]) -> tuple[str, int]:
    if path not in ([], ["0"]):
        raise ValueError("has a database, expected none, since a cluster has but one")
    return "", 0


def _options(query: str, kind: Kind, *, tls: bool) -> tuple[dict[str, str], dict[str, str]]:
    sentinel_login, tls_options = {}, {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in _SENTINEL_LOGIN and kind is Kind.SENTINEL:
            sentinel_login[name.removeprefix("sentinel_")] = value
        elif name.startswith("ssl_") and tls:
            tls_options[name] = value
        else:
            raise ValueError(f'has the option "{name}", expected {_known(kind, tls)}')
    return sentinel_login, tls_options


def _known(kind: Kind, tls: bool) -> str:
    known = [*(_SENTINEL_LOGIN if kind is Kind.SENTINEL else ()), *(("ssl_ca_certs or another ssl_…",) if tls else ())]
    return " or ".join(known) or "none"
