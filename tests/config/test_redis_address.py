"""Addresses of Redis, taken apart; a mistake is told without the password."""

from __future__ import annotations

import pytest

from config.redis_address import Kind, parse


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("host:6379", 'begins with "", expected "" or one of redis://, rediss://, unix://, '),
        ("http://:hidden@h", 'begins with "http", expected'),
        ("redis+sentinels://h/m", 'begins with "redis+sentinels", expected'),
        ("redis+sentinel://:hidden@/m", "has no host at one place"),
        ("redis+sentinel://a,,b/m", "has no host at one place"),
        ("redis+sentinel://a:0/m", "has a port that is no port"),
        ("redis+sentinel://a,b:65536/m", "has a port that is no port"),
        ("redis+sentinel://a:b:1/m", "has a port that is no port"),
        ("redis+sentinel://:hidden@a", "has no name of the master"),
        ("redis+sentinel://a/m/first", "has a database that is no number"),
        ("redis+sentinel://a/m/0/1", "has a database that is no number"),
        ("redis+sentinel://a/m?db=1", 'has the option "db", expected sentinel_username or sentinel_password'),
        ("redis+sentinel://a/m?ssl_ca_certs=f", 'has the option "ssl_ca_certs", expected sentinel_username or'),
        ("redis+cluster://", "has no host at one place"),
        ("redis+cluster://[::1", "has a port that is no port"),
        ("redis+cluster://a/1", "has a database, expected none"),
        ("redis+cluster://a?sentinel_password=hidden", 'has the option "sentinel_password", expected none'),
        ("redis://h:70000", "has a port that is no port"),
    ],
)
def test_mistakes(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^(has|begins) ") as caught:
        parse(url)
    assert str(caught.value).startswith(told)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("url", ["redis://:p@h:1/2", "rediss://h?ssl_ca_certs=f", "unix:///var/s:x?db=1"])
def test_one_server_is_left_to_the_client(url: str) -> None:
    address = parse(url)
    assert (address.kind, address.url) == (Kind.ONE, url)


def test_sentinels() -> None:
    address = parse("redis+sentinel://us%40er:p%2F%3A@h1:1,h2,[::1],[fe80::2]:4/shop/3?sentinel_password=s%26")
    assert address.kind is Kind.SENTINEL
    assert address.hosts == (("h1", 1), ("h2", 26379), ("::1", 26379), ("fe80::2", 4))
    assert (address.master, address.database, address.tls) == ("shop", 3, False)
    assert address.login == {"username": "us@er", "password": "p/:"}
    assert address.sentinel_login == {"password": "s&"}


def test_a_cluster() -> None:
    address = parse("redis+cluster://:p@h1:1,h2/0")
    assert (address.kind, address.hosts) == (Kind.CLUSTER, (("h1", 1), ("h2", 6379)))
    assert address.login == {"password": "p"}


def test_tls() -> None:
    address = parse("rediss+cluster://h1?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=false")
    assert address.tls
    assert address.tls_options == {"ssl_ca_certs": "/etc/ca.pem", "ssl_check_hostname": "false"}
    assert parse("rediss+sentinel://h1/m").tls


def test_no_secret_in_a_repr() -> None:
    shown = repr(parse("redis+sentinel://u:hidden@h/m?sentinel_password=hidden"))
    assert "hidden" not in shown
