"""What this sender may do, and how one command is written."""

from dataclasses import dataclass

from bot.routing import Command, Context, Reply, Role, Router, Text

router = Router(section="account")

# The empty one is a text of signs alone: ？
_GREETINGS = ("你好", "您好", "在吗", "菜单", "hi", "hello", "menu", "help me", "")

MOST_LINES = 10
"""What a phone shows at once, without the first line and the last."""


@dataclass
class Group:
    """The commands of one section: a line each, or all of them in one line."""

    section: str
    commands: list[Command]
    folded: bool = False

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return 1 if self.folded else len(self.commands)


@router.command("help", "帮助", role=Role.VIEWER, example="帮助 统计", also=_GREETINGS)
async def help_sender(ctx: Context, word: Text | None = None) -> Reply:
    """List the sender's commands, or explain the one called ``word``.

    A command the sender may not use is not explained, and not said to exist.
    """
    if word is None:
        able = [command for command in ctx.commands() if command.role is not None and command.name != "help"]
        return Reply(
            "help.overview",
            operator=ctx.operator,
            shop=ctx.account.name,
            groups=_groups([command for command in able if command.section != "account"]),
            others=[command for command in able if command.section == "account"],
            example=next(command for command in able if command.details),
        )
    command = ctx.routes.named(word)
    if command is None or not command.open_to(ctx.sender):
        return Reply("help.nothing", found=word[:20])
    details = command.details(ctx) if command.details else None
    return Reply("help.command", command=command, details=details)


def _groups(commands: list[Command]) -> list[Group]:
    """``commands`` by section, so many of them folded, from the last on, that a phone shows all."""
    sections = dict.fromkeys(command.section for command in commands)
    groups = [Group(section, [each for each in commands if each.section == section]) for section in sections]
    for group in reversed(groups):
        group.folded = sum(each.lines for each in groups) > MOST_LINES
    return groups
