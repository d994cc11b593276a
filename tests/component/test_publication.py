"""The full-network publication check, played by WeChat against the bot."""

from __future__ import annotations

from tests.component.conftest import NOODLES, Hall


async def test_every_case_of_all_five_groups_passes(hall: Hall) -> None:
    findings = await hall.simulator.check_publication(publish=True)

    assert [(each.case, each.expected, each.came) for each in findings if not each.passed] == []
    assert {each.group for each in findings} == {0, 1, 2, 3, 4, 5}


async def test_the_checks_texts_are_texts_to_everybody_else(hall: Hall) -> None:
    await hall.joins()

    said = await hall.says("TESTCOMPONENT_MSG_TYPE_TEXT")
    assert "_callback" not in said
    hall.simulator.clear_calls()
    await hall.says("QUERY_AUTH_CODE:queryauthcode@@@x")
    assert hall.simulator.calls("api_query_auth") == []
    assert hall.simulator.calls("custom/send", NOODLES) == []
