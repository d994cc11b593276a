"""Wrong options and settings: one sentence, exit code 2, nothing else."""

from pathlib import Path

import pytest

from bot import __version__
from bot.cli import main
from tests.cli.program import settings, voucherbot


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the commands run in, with settings in shop.toml."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VOUCHERBOT_CONFIG", raising=False)
    settings(tmp_path)
    return tmp_path


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as caught:
        main([*arguments])
    said = capsys.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("nonsense", "No such command 'nonsense', expected what voucherbot --help lists."),
        ("operators", "Missing command, expected what voucherbot operators --help lists."),
        ("jobs", "Missing command, expected what voucherbot jobs --help lists."),
        ("operators merge", "No such command 'merge', expected what voucherbot operators --help lists."),
        ("serve --config shop.toml --host=", "Invalid value for '--host': expected an address of this machine."),
        ("serve", "no settings are given, expected --config FILE or VOUCHERBOT_CONFIG"),
        (
            "serve --config none.toml",
            "none.toml cannot be read (No such file or directory), expected a TOML file",
        ),
        ("serve --port x", "Invalid value for '--port': x, expected a whole number from 0 to 65535."),
        ("serve --port 65536", "Invalid value for '--port': 65536, expected a whole number from 0 to 65535."),
        ("serve --processes 0", "Invalid value for '--processes': 0, expected a whole number from 1 to 64."),
        ("serve --no-wroker", "No such option '--no-wroker'. Did you mean '--no-worker'?"),
        ("serve extra", "Got unexpected extra argument (extra), expected what voucherbot serve --help lists."),
        ("demo --port -1", "Invalid value for '--port': -1, expected a whole number from 0 to 65535."),
        ("commands --language fr", "Invalid value for '--language': 'fr' is not one of 'en', 'zh_CN'."),
        ("say", "Missing argument 'TEXT'."),
        ("say help", "no demo runs in this folder, expected one, or --config FILE"),
        ("operators add --config shop.toml", "Missing option '--openid'."),
        (
            "operators add --config shop.toml --openid o --role cashier --name N",
            "Invalid value for '--role': \"cashier\", expected viewer, clerk, manager or owner.",
        ),
        (
            "operators add --config shop.toml --openid 王 --role owner --name N",
            "Invalid value for '--openid': expected the person's openid, about 28 letters and digits.",
        ),
        (
            "operators list --config shop.toml --account wx1",
            "--account is wx1, expected wx0123456789abcdef",
        ),
        ("operators remove --config shop.toml", "expected either --openid or --name"),
        (
            "operators add --config shop.toml --openid o --role owner --name=",
            "Invalid value for '--name': expected 1 to 20 characters, not a number, without quotes, # and =.",
        ),
        (
            "invite --config shop.toml --role clerk --name 5",
            "Invalid value for '--name': expected 1 to 20 characters, not a number, without quotes, # and =.",
        ),
        ("invite --config shop.toml", "Missing option '--role'."),
    ],
)
def test_a_mistake_is_one_sentence(capsys: pytest.CaptureFixture[str], arguments: str, sentence: str) -> None:
    code, out, err = ended(capsys, *arguments.split())

    assert (out, err) == ("", f"{sentence}\n")
    assert code == (1 if arguments == "say help" else 2)


def test_broken_toml_is_told_by_file_and_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "broken.toml").write_text("[server]\nport = = 1\n")

    assert ended(capsys, "serve", "--config", "broken.toml") == (
        2,
        "",
        "broken.toml: line 2, column 8: invalid value, expected TOML\n",
    )


def test_without_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(capsys)

    assert (code, err) == (0, "")
    for command in ("commands", "demo", "invite", "operators", "say", "serve", "simulator"):
        assert f"\n  {command} " in out


@pytest.mark.parametrize("command", ["commands", "demo", "invite", "operators add", "say", "serve", "simulator"])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, err = ended(capsys, *command.split(), "--help")

    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: voucherbot {command} [OPTIONS]")


def test_python_m_bot_is_the_same_program(folder: Path) -> None:
    told = voucherbot("--version", cwd=folder)
    assert (told.code, told.out, told.err) == (0, f"{__version__}\n", "")

    refused = voucherbot("serve", "--config", "none.toml", cwd=folder, env={"LC_ALL": "C"})
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "none.toml cannot be read (No such file or directory), expected a TOML file\n"
