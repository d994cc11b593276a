"""Settings: where values come from, and that every mistake is one sentence saying where, what and what instead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import SettingsError
from config import load

KEY = "k" * 43
ACCOUNT = f"""
[[accounts]]
appid = "wx0123456789abcdef"
original_id = "gh_0123456789ab"
secret = "first secret"
token = "lakeside"
encoding_aes_key = "{KEY}"
"""
SECOND = ACCOUNT.replace("0123456789abcdef", "fedcba9876543210").replace("gh_0", "gh_1")

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes ``shop.toml`` into the folder the test runs in."""
    monkeypatch.chdir(tmp_path)

    def shop_toml(text: str) -> Path:
        Path("shop.toml").write_text(text, "utf-8")
        return Path("shop.toml")

    return shop_toml


def said(path: Path | None, **environ: str) -> str:
    """The sentence ``load`` ends with."""
    with pytest.raises(SettingsError) as caught:
        load(path, {f"VOUCHERBOT_{name}": text for name, text in environ.items()})
    return str(caught.value)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[server]\nport = \n", "line 2, column 8: invalid value, expected TOML"),
        ("[server\n", "line 1, column 8: expected ']' at the end of a table declaration, expected TOML"),
        ("server = 3", "server is 3, expected a section"),
        ("component = 1", "component is 1, expected a section"),
        ("[accounts]\nappid = 1", "accounts is a section, expected a list"),
        ("[server]\nport = '8888'", 'server.port is "8888", expected a whole number'),
        ("[server]\nport = 8.5", "server.port is 8.5, expected a whole number"),
        ("[server]\nport = 65536", "server.port is 65536, expected at most 65535"),
        ("[server]\nport = true", "server.port is true, expected a whole number"),
        ("[server]\nprocesses = 0", "server.processes is 0, expected at least 1"),
        ("[server]\nhost = ''", "server.host is empty, expected a value"),
        ("[server]\nhots = 'x'", 'server.hots is not an option, did you mean "host"?'),
        ("[sever]\nhost = 'x'", 'sever is not an option, did you mean "server"?'),
        (
            "[server]\npublic_url = 'bot.example.com'",
            'server.public_url is "bot.example.com", expected an address that begins with https:// or http://',
        ),
        (
            "[server]\npublic_url = 'https://bot.example.com:port'",
            'server.public_url is "https://bot.example.com:port", '
            "expected an address that begins with https:// or http://",
        ),
        (
            "[server]\ntrusted_proxies = ['10.0.0.1', 'proxy']",
            'server.trusted_proxies[1] is "proxy", expected an IP address or network such as "10.0.0.0/8"',
        ),
        ("[server]\nmetrics_token = 5", "server.metrics_token is a number, expected text in quotes"),
        ("[data]\ndir = ''", "data.dir is empty, expected a folder"),
        ("[data]\ndir = 3", "data.dir is 3, expected a folder in quotes"),
        (
            "[redis]\nurl = 'http://:password@h'",
            'redis.url begins with "http", expected "" or one of '
            "redis://, rediss://, unix://, redis+sentinel://, redis+cluster://",
        ),
        (
            "[redis]\nurl = 'redis://h:70000'",
            "redis.url has a port that is no port, expected a number from 1 to 65535",
        ),
        (
            "[redis]\nurl = 'redis+sentinel://:password@a,b'",
            "redis.url has no name of the master, expected redis+sentinel://host:port,host:port/master/0",
        ),
        (
            "[redis]\nwait_for_replicas = 1",
            "redis.wait_for_replicas is 1, expected 0: the embedded Redis has no replica",
        ),
        ("[wechat]\nmax_age = 0", "wechat.max_age is 0, expected at least 1"),
        ("[wechat]\nconnect_timeout = nan", "wechat.connect_timeout is nan, expected a finite number"),
        ("[reply]\ndeadline = 5.0", "reply.deadline is 5.0, expected less than 5"),
        ("[reply]\ndeadline = 0", "reply.deadline is 0, expected more than 0"),
        ("[limits]\nmessages_per_minute = -1", "limits.messages_per_minute is -1, expected at least 0"),
        ("[limits.stock_per_day]\nmanagr = 1", 'limits.stock_per_day.managr is not an option, did you mean "manager"?'),
        ("[limits.stock_per_day]\nmanager = -1", "limits.stock_per_day.manager is -1, expected at least 0"),
        ("[four_eyes]\ncommands = 'topup'", 'four_eyes.commands is "topup", expected a list'),
        ("[[accounts]]\nappid = 'wx1'", 'accounts[0].appid is "wx1", expected "wx" and 16 letters or digits'),
        ("[[accounts]]\nappidd = 'wx1'", 'accounts[0].appidd is not an option, did you mean "appid"?'),
        ("", "neither [[accounts]] nor [component] is there, expected at least one account"),
        (ACCOUNT.replace(KEY, KEY[1:]), "accounts[0].encoding_aes_key has 42 characters, expected 43"),
        (
            ACCOUNT.replace(KEY, KEY[1:] + "+"),
            "accounts[0].encoding_aes_key has characters other than letters and digits, expected 43 letters and digits",
        ),
        (
            ACCOUNT.replace(KEY, ""),
            'accounts[0].encoding_aes_key is missing, expected 43 characters for mode = "safe"',
        ),
        (ACCOUNT.replace('"first secret"', "17"), "accounts[0].secret is a number, expected text in quotes"),
        (ACCOUNT.replace('secret = "first secret"', ""), "accounts[0].secret is missing, expected a value"),
        (ACCOUNT.replace('"lakeside"', '" "'), "accounts[0].token is empty, expected a value"),
        (
            ACCOUNT.replace("gh_", "hg_"),
            'accounts[0].original_id is "hg_0123456789ab", '
            'expected "gh_" and letters or digits, as the console shows it',
        ),
        (ACCOUNT + "mode = 'save'", 'accounts[0].mode is "save", expected "plain", "compatible" or "safe"'),
        (ACCOUNT + "language = 'zh'", 'accounts[0].language is "zh", expected "zh_CN" or "en"'),
        (
            ACCOUNT + "timezone = 'CST+8'",
            'accounts[0].timezone is "CST+8", expected a time zone such as "Asia/Shanghai"',
        ),
        (ACCOUNT + "timezone = '../x'", 'accounts[0].timezone is "../x", expected a time zone such as "Asia/Shanghai"'),
        (ACCOUNT + "customer_service = 'no'", 'accounts[0].customer_service is "no", expected true or false'),
        (
            ACCOUNT + "customers = 'ignore'",
            'accounts[0].customers is "ignore", expected "nothing", "text" or "transfer"',
        ),
        (
            ACCOUNT + "customers = 'text'",
            'accounts[0].customers_text is empty, expected the text that customers = "text" sends',
        ),
        (
            ACCOUNT + f"customers_text = '{'字' * 667}'",
            "accounts[0].customers_text has 2001 UTF-8 bytes, expected at most 2000",
        ),
        (
            ACCOUNT + SECOND.replace("fedcba9876543210", "0123456789abcdef"),
            'accounts[1].appid is "wx0123456789abcdef", which accounts[0] has already, expected one entry per account',
        ),
        (
            ACCOUNT + SECOND.replace("gh_1", "gh_0"),
            'accounts[1].original_id is "gh_0123456789ab", which accounts[0] has already, '
            "expected one entry per account",
        ),
        (ACCOUNT + "[component]\nappid = 'wx0123456789abcdef'", "component.secret is missing, expected a value"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(write: Write, toml: str, sentence: str) -> None:
    assert said(write(toml)) == f"shop.toml: {sentence}"


def test_a_mistake_of_the_file_stands_though_the_environment_reaches_into_it(write: Write) -> None:
    assert said(write("server = 3"), SERVER__PORT="1") == "shop.toml: server is 3, expected a section"
    assert said(write("[accounts]"), ACCOUNTS__0__SECRET="s") == "shop.toml: accounts is a section, expected a list"


def test_a_file_that_cannot_be_read_is_named(write: Write, tmp_path: Path) -> None:
    assert said(Path("none.toml")) == "none.toml cannot be read (No such file or directory), expected a TOML file"
    assert said(tmp_path) == f"{tmp_path} cannot be read (Is a directory), expected a TOML file"
    Path("gbk.toml").write_bytes("[server]\n# 面馆\n".encode("gbk"))
    assert said(Path("gbk.toml")) == "gbk.toml: line 2 is not UTF-8, expected a TOML file in UTF-8"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("SERVER__PORT", "x", 'VOUCHERBOT_SERVER__PORT is "x", expected a whole number'),
        ("SERVR__PORT", "1", 'VOUCHERBOT_SERVR__PORT is not an option, did you mean "SERVER"?'),
        ("SERVER__PROT", "1", 'VOUCHERBOT_SERVER__PROT is not an option, did you mean "PORT"?'),
        ("SERVER", "1", "VOUCHERBOT_SERVER is a whole section, expected one option such as VOUCHERBOT_SERVER__HOST"),
        ("SERVER__PORT__X", "1", "VOUCHERBOT_SERVER__PORT__X is not an option, expected VOUCHERBOT_SERVER__PORT"),
        (
            "ACCOUNTS",
            "1",
            "VOUCHERBOT_ACCOUNTS is a whole section, expected one option such as VOUCHERBOT_ACCOUNTS__0__APPID",
        ),
        (
            "ACCOUNTS__SECRET",
            "s",
            "VOUCHERBOT_ACCOUNTS__SECRET is not an option, expected a number such as 0 where SECRET stands",
        ),
        (
            "ACCOUNTS__2__SECRET",
            "s",
            "VOUCHERBOT_ACCOUNTS__2__SECRET names entry 2 of a list of 1, expected 1 as the next",
        ),
        ("ACCOUNTS__1__SECRET", "s", "shop.toml: accounts[1].appid is missing, expected a value"),
        (
            "ACCOUNTS__0__ENCODING_AES_KEY",
            "short",
            "VOUCHERBOT_ACCOUNTS__0__ENCODING_AES_KEY has 5 characters, expected 43",
        ),
        (
            "SERVER__TRUSTED_PROXIES",
            "10.0.0.1,b",
            'VOUCHERBOT_SERVER__TRUSTED_PROXIES is "b", expected an IP address or network such as "10.0.0.0/8"',
        ),
        (
            "LIMITS__STOCK_PER_DAY__CASHIER",
            "5",
            "VOUCHERBOT_LIMITS__STOCK_PER_DAY__CASHIER is not an option, expected one of VIEWER, CLERK, MANAGER, OWNER",
        ),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(write: Write, name: str, text: str, sentence: str) -> None:
    assert said(write(ACCOUNT), **{name: text}) == sentence


def test_secrets_are_never_shown(write: Write) -> None:
    assert "hush" not in said(write(ACCOUNT.replace("lakeside", "hush") + "secret_ = 'hush'"))
    assert "hush" not in said(write(ACCOUNT), ACCOUNTS__0__ENCODING_AES_KEY="hush")
    settings = load(write(ACCOUNT.replace("lakeside", "hush").replace("first secret", "hush")), {})
    assert "hush" not in repr(settings)


def test_the_environment_overrides_the_file(write: Write) -> None:
    settings = load(
        write(ACCOUNT + SECOND),
        {
            "VOUCHERBOT_SERVER__PORT": "9000",
            "VOUCHERBOT_WECHAT__TOTAL_TIMEOUT": "2.5",
            "VOUCHERBOT_SERVER__TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
            "VOUCHERBOT_FOUR_EYES__COMMANDS__0": "topup",
            "VOUCHERBOT_LIMITS__STOCK_PER_DAY__CLERK": "20",
            "VOUCHERBOT_ACCOUNTS__1__SECRET": "from the environment",
            "VOUCHERBOT_ACCOUNTS__1__CUSTOMER_SERVICE": "false",
            "VOUCHERBOT_DATA__DIR": "/srv/voucherbot",
            "PATH": "/bin",
        },
    )

    assert settings.server.port == 9000
    assert settings.wechat.total_timeout == 2.5
    assert settings.server.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.four_eyes.commands == ("topup",)
    assert settings.limits.stock_per_day == {"clerk": 20}
    assert [account.secret for account in settings.accounts] == ["first secret", "from the environment"]
    assert [account.customer_service for account in settings.accounts] == [True, False]
    assert settings.data.dir == Path("/srv/voucherbot")


def test_everything_may_come_from_the_environment() -> None:
    names = {"appid": "wx0123456789abcdef", "original_id": "gh_1", "secret": "s", "token": "t", "mode": "plain"}
    environ = {f"VOUCHERBOT_ACCOUNTS__{n}__{key.upper()}": text for n in range(12) for key, text in names.items()}
    for n in range(12):
        environ[f"VOUCHERBOT_ACCOUNTS__{n}__APPID"] = f"wx{n:016}"
        environ[f"VOUCHERBOT_ACCOUNTS__{n}__ORIGINAL_ID"] = f"gh_{n}"
    settings = load(None, environ)

    assert [account.original_id for account in settings.accounts] == [f"gh_{n}" for n in range(12)]
    assert said(None) == "no settings are given, expected --config FILE or VOUCHERBOT_CONFIG"
    assert (
        said(None, SERVER__PORT="1")
        == "the environment: neither [[accounts]] nor [component] is there, expected at least one account"
    )


def test_the_environment_names_the_file_unless_an_option_does(write: Write) -> None:
    path = write(ACCOUNT)
    assert load(None, {"VOUCHERBOT_CONFIG": str(path)}).accounts[0].secret == "first secret"
    assert load(path, {"VOUCHERBOT_CONFIG": "another.toml"}).accounts[0].secret == "first secret"


def test_a_byte_order_mark_does_not_matter(write: Write) -> None:
    assert load(write("\ufeff" + ACCOUNT), {}).accounts[0].token == "lakeside"


def test_an_account_without_a_name_is_called_by_its_appid(write: Write) -> None:
    assert load(write(ACCOUNT), {}).accounts[0].name == "wx0123456789abcdef"
