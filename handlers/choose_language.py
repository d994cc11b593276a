"""Choose the language of the replies one person gets; commands work in both always."""

from bot.merchants.roles import language_of
from bot.routing import Context, Reply, Role, Router, Word

router = Router(section="account")


@router.command("language", "语言", role=Role.VIEWER, example="语言 English")
async def choose_language(ctx: Context, language: Word | None = None) -> Reply:
    """Without a language: which one it is now."""
    if language is None:
        return Reply("choose_language.current", language=ctx.operator.language or ctx.account.language)
    chosen = language_of(language)
    if chosen is None:
        return Reply("choose_language.unknown", found=language)
    await ctx.people.change(ctx.operator.openid, by=ctx.operator.openid, language=chosen)
    return Reply("choose_language.changed", language=chosen)
