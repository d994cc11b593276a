"""The account's stores with the ids that a voucher's list of stores is made of."""

from typing import Final

from bot.routing import Context, Reply, Role, Router, Text

router = Router(section="vouchers")

PAGE: Final = 9


@router.command("stores", "门店", role=Role.VIEWER, example="门店")
async def list_stores(ctx: Context, words: Text = "") -> Reply:
    """One page; a number is a page, anything else a piece of a name."""
    pieces = words.split()
    number = next((int(each) for each in pieces if _is_page(each)), 1)
    name = " ".join(each for each in pieces if not _is_page(each))
    everything = await ctx.vouchers.stores.all()
    chosen = [store for store in everything if store.fits(name)]
    if not chosen:
        return Reply("list_stores.nothing", words=name[:20], total=len(everything))
    pages = -(-len(chosen) // PAGE)
    number = min(number, pages)
    return Reply(
        "list_stores.page", stores=chosen[(number - 1) * PAGE : number * PAGE], words=name, total=len(chosen),
        number=number, pages=pages, manages=ctx.operator.role >= Role.MANAGER,
    )  # fmt: skip


def _is_page(word: str) -> bool:
    """Ids have more digits."""
    return word.isascii() and word.isdigit() and 0 < int(word) < 1000
