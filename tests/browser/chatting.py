"""What a person does on the page, in words."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


async def says(page: Page, words: str) -> Locator:
    """Type and press Enter; the bubble that answers."""
    before = await page.locator(".theirs").count()
    field = page.locator("#say")
    await field.fill(words)
    await field.press("Enter")
    return await answer(page, before)


async def answer(page: Page, before: int) -> Locator:
    """The next bubble of the account, once nothing is under way."""
    await expect(page.locator(".theirs")).not_to_have_count(before)
    await expect(page.locator("#phone")).not_to_have_class("phone waiting")
    return page.locator(".theirs .bubble").last


async def speaks_as(page: Page, name: str) -> None:
    """Choose another person."""
    await page.get_by_role("tab", name=name).click()
    await expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
