"""The house rules of ``handlers/`` and ``templates/``: what a new command must bring, and what it must not."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from bot.app import discover
from bot.clock import WECHAT_ZONE
from bot.render import LANGUAGES, Renderer
from bot.routing import signature
from bot.routing.router import Command

ROOT = Path(__file__).parent.parent
HANDLERS = sorted(path.stem for path in (ROOT / "handlers").glob("*.py") if path.stem != "__init__")
COMMANDS = {command.name: command for command in discover().commands}
ONLY_ENGLISH = re.compile(r"example_|a_role$")
MACRO_USE = re.compile(r"""(?:Reply|Explained|BadArgument|NotAllowed|with_picture)\(\s*f?["']([\w.]+)["']""")


def macros(language: str, file: str) -> dict[str, list[str]]:
    """The macros of a template with the names of their arguments; private ones (``_x``) are nobody's business."""
    environment = Environment(  # noqa: S701 - read, never rendered
        loader=FileSystemLoader(ROOT / "templates" / language),
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    source, _, _ = environment.loader.get_source(environment, f"{file}.txt.j2")  # type: ignore[union-attr]  # set above
    found = environment.parse(source).find_all(nodes.Macro)
    return {macro.name: [str(argument.name) for argument in macro.args] for macro in found if macro.name[0] != "_"}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_has_its_templates_and_its_test(name: str) -> None:
    for language in LANGUAGES:
        assert (ROOT / "templates" / language / f"{name}.txt.j2").is_file(), language
    assert (ROOT / "tests" / "handlers" / f"test_{name}.py").is_file()


@pytest.mark.parametrize(
    "file", sorted(path.name[: -len(".txt.j2")] for path in (ROOT / "templates" / "en").glob("*.txt.j2"))
)
def test_both_languages_have_the_same_macros_with_the_same_arguments(file: str) -> None:
    english, chinese = macros("en", file), macros("zh_CN", file)
    for name in [name for name in {**english, **chinese} if not ONLY_ENGLISH.match(name)]:
        assert english.get(name) == chinese.get(name), name


def test_no_two_commands_share_a_word() -> None:
    words = [word for command in discover().commands for word in (command.name, command.chinese)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_how_it_is_written_and_its_examples_parse(name: str) -> None:
    command: Command = COMMANDS[name]
    renderer = Renderer()
    for language in LANGUAGES:
        for macro in ("usage", "about"):
            assert renderer.has(f"{command.template}.{macro}_{name}", language), f"{language}: {macro}_{name}"
    assert renderer.has(f"{command.template}.example_{name}", "en"), f"en: example_{name}"
    english = renderer.render(f"{command.template}.example_{name}", {}, "en", WECHAT_ZONE)
    for example in (command.example, english):
        match = discover().match(example)
        assert match is not None, example
        signature.bind(match.command.grammar, match.line)


@pytest.mark.parametrize("name", HANDLERS)
def test_every_reply_of_a_handler_names_a_macro_that_exists(name: str) -> None:
    source = (ROOT / "handlers" / f"{name}.py").read_text(encoding="utf-8")
    for used in MACRO_USE.findall(source):
        template = used if "." in used else f"errors.{used}"
        for language in LANGUAGES:
            assert Renderer().has(template, language), f"{language}: {template}"


@pytest.mark.parametrize("name", HANDLERS)
def test_what_a_yes_does_belongs_to_one_command(name: str) -> None:
    """Whose role is asked for again, and whether a second person has to agree."""
    router = importlib.import_module(f"handlers.{name}").router
    assert not router.confirmations or len(router.commands) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_to_say_yes_is_the_last_line_of_a_preview(language: str) -> None:
    """A second person reads all of it but that."""
    how = re.compile({"zh_CN": "回复「确认」.*「取消」", "en": 'Send "yes" .*"no"'}[language])
    for path in sorted((ROOT / "templates" / language).glob("*.j2")):
        for body in re.findall(r"\{% macro \w+\(.*?%\}(.*?)\{% endmacro %\}", path.read_text(encoding="utf-8"), re.S):
            if how.search(body):
                lines = [line for line in body.splitlines() if line.strip() and not line.strip().startswith("{%")]
                assert how.search(lines[-1]), path.name


def test_words_stand_in_templates_only() -> None:
    """No handler and no step of dispatch hands a Chinese sentence to a reply: what people type may stand in code."""
    for path in [*(ROOT / "handlers").glob("*.py"), *(ROOT / "bot" / "dispatch").glob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Reply", "Notice", "text"):
                strings = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
                assert not any(isinstance(text, str) and re.search("[\u4e00-\u9fff]", text) for text in strings), path


def test_pages_escape_all_but_what_is_ours() -> None:
    """The style sheet, the script, and charts, which are escaped where they are drawn."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2")}
    unescaped = {(name, use) for name, source in sources.items() for use in re.findall(r"(\w+) *\| *safe", source)}
    assert unescaped == {("page.html.j2", "style"), ("export.html.j2", "script"), ("report.html.j2", "chart")}
    assert not any("autoescape" in source for source in sources.values())
