"""What this sender may do, and how one command is written."""

from bot.routing import Context, Reply, Role, Router, Text

router = Router(section="account")

_GREETINGS = ("你好", "您好", "在吗", "菜单", "hi", "hello", "menu", "help me")


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
            commands=[command for command in able if command.section != "account"],
            others=[command for command in able if command.section == "account"],
            example=next(command for command in able if command.details),
        )
    command = ctx.routes.named(word)
    if command is None or not command.open_to(ctx.sender):
        return Reply("help.nothing", found=word[:20])
    details = command.details(ctx) if command.details else None
    return Reply("help.command", command=command, details=details)
