"""Two web processes and two workers, one of the four killed whenever all stand: one answer and one effect to each
command.

Ten people each change a voucher of their own twenty times, by a preview and a yes; each of their messages comes in
three copies, each to whichever web process the load balancer picks.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.simulator import Fault
from tests.scenarios.answers import Said, said_in
from tests.scenarios.processes import Program, running, web, worker
from tests.scenarios.relay import relay
from tests.scenarios.street import Street, Writer, open_street, slowest_answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WRITERS = 10
CHANGES = 20
"""Of each: two hundred commands that change something, and as many that say what would be changed."""
KILLS = 30
COPIES_APART = 0.3
"""Seconds between the copies of a push."""
WECHAT_TAKES = 0.2
"""Seconds for each call about a voucher, so that kills meet commands half done."""
HTTP_WITHIN = 4.9
ANSWERED_WITHIN = 60.0
"""Seconds an answer may be late before the person writes again to see whether it waits for that.

A push whose copies all met processes that died is looked after twenty seconds later, by workers that die as well.
"""
ASKS = 8
SENDS = 3
"""How often a message is sent that nobody accepted."""
PREVIEWED = re.compile(r"→ 0571-(\d{7})")
RECORDED = re.compile(r"记录号 (\d+)")
WHO_I_AM = "回复语言："
IN_DOUBT = re.compile("不确定这条有没有执行")
"""What is reported as in doubt is answered: so is a command whose process was killed twice in the middle of it."""

NOTHING_LEFT = re.compile("现在没有等待确认的操作|已经是这样")


class Mortals:
    """Four programs, of which one dies whenever all stand."""

    def __init__(self, programs: Sequence[Program], chance: random.Random) -> None:
        self.kills: Counter[str] = Counter()
        self._programs = programs
        self._chance = chance
        self._killed = asyncio.Condition()

    async def die_for_ever(self) -> None:
        """Kill one, start it again, and so on until cancelled."""
        while True:
            victim = self._chance.choice(self._programs)
            await victim.kill()
            self.kills[victim.name] += 1
            async with self._killed:
                self._killed.notify_all()
            await victim.start()

    async def reach(self, kills: int) -> None:
        """Returns when so many have been killed."""
        async with self._killed:
            await self._killed.wait_for(lambda: self.kills.total() >= kills)


@dataclass
class Diary:
    """What one person sent and got."""

    writer: Writer
    unheard: int = 0
    """Messages that no live web process accepted: the person read WeChat's failure line, and sent them again."""
    unanswered: list[str] = field(default_factory=list)

    async def tells(self, text: str, answered: re.Pattern[str]) -> bool:
        """Send ``text`` until it is accepted; whether an answer comes that ``answered`` finds."""
        for _ in range(SENDS):
            before = self.found(answered)
            delivery = await self.writer.writes(text)
            if await self.hears(answered, before):
                return True
            if not delivery.failure:
                break
            self.unheard += 1
        self.unanswered.append(text)
        return False

    async def hears(self, answered: re.Pattern[str], before: set[str]) -> bool:
        """Whether an answer comes: at once, by itself, or with the answers to further messages."""
        doubts = self.doubts
        if self.found(answered) == before:
            await self.reads(answered, before)
        for _ in range(ASKS):
            if self.found(answered) != before or self.doubts > doubts:
                return True
            await self.writer.writes("我")
        return False

    @property
    def doubts(self) -> int:
        """How often something was reported as in doubt."""
        return sum(bool(IN_DOUBT.search(each.text)) for each in self.said())

    async def reads(self, answered: re.Pattern[str], before: set[str]) -> None:
        """Wait for something new; up to :data:`ANSWERED_WITHIN`."""
        seen = len(self.writer.read())
        while await self.writer.reads(seen + 1, ANSWERED_WITHIN):
            seen = len(self.writer.read())
            if self.found(answered) != before:
                return

    def said(self) -> list[Said]:
        """Everything this person read, but for their own card."""
        return [each for each in said_in(self.writer.read()) if WHO_I_AM not in each.text]

    def found(self, pattern: re.Pattern[str]) -> set[str]:
        """What ``pattern`` found so far."""
        return {match for each in self.said() for match in pattern.findall(each.text)}


def value(writer: int, change: int) -> str:
    """The end of the telephone number that this change sets: no other sets it."""
    return str(1_000_000 + writer * 1000 + change)


async def write_all(number: int, diary: Diary, mortals: Mortals, chance: random.Random) -> None:
    """Twenty previews and yeses, spread over the kills."""
    card_id = diary.writer.card_id
    for change in range(CHANGES):
        await mortals.reach(change * KILLS // CHANGES)
        await asyncio.sleep(chance.uniform(0, 1))  # people do not write all at once
        wanted = value(number, change)
        if await diary.tells(f"修改 {card_id} 客服电话=0571-{wanted}", PREVIEWED) and wanted in diary.found(PREVIEWED):
            await diary.tells("确认", RECORDED)


@pytest.fixture
async def street(tmp_path: Path, redis_server: str, store: object) -> AsyncIterator[Street]:
    """One shop with ten managers, and a WeChat that takes its time and sends everything in three copies."""
    async with open_street(tmp_path, redis_server, {"湖畔面馆": {}}, writers=WRITERS) as opened:
        for path in ("card/get", "card/update"):
            opened.simulator.fault(path, Fault(delay=WECHAT_TAKES), times=None)
        opened.simulator.delivery_faults.duplicate(10_000, copies=3, apart=COPIES_APART)
        yield opened


@pytest.mark.parametrize("seed", [1])
async def test_two_hundred_answers_and_two_hundred_effects(street: Street, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    (web1, address1), (web2, address2) = (web(name, street.config, "--no-worker") for name in ("web1", "web2"))
    programs = [web1, web2, worker("worker1", street.config), worker("worker2", street.config)]
    mortals = Mortals(programs, chance)
    diaries = [Diary(writer) for writer in street.writers]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(*programs))
        balancer = await stack.enter_async_context(relay(address1, address2, chance=chance))
        street.pushes_go_to(f"127.0.0.1:{balancer.port}")
        dying = asyncio.create_task(mortals.die_for_ever())
        stack.callback(dying.cancel)
        await asyncio.gather(*(write_all(*each, mortals, chance) for each in enumerate(diaries)))
        await mortals.reach(KILLS)
        dying.cancel()

    kills = mortals.kills.total()
    effects = effects_of(street)
    wanted = {value(writer, change) for writer in range(WRITERS) for change in range(CHANGES)}
    answers = [tally(diary) for diary in diaries]
    report(mortals, diaries, effects, wanted)
    assert kills >= KILLS
    assert [diary.unanswered for diary in diaries] == [[]] * WRITERS
    assert {each for each in wanted if effects[each] > 1} == set(), "no change was sent to WeChat twice"
    assert sum(not effects[each] for each in wanted) <= sum(diary.doubts for diary in diaries)
    assert [odd for diary in diaries for odd in odd_ones(diary)] == []
    for number, (diary, (previews, records)) in enumerate(zip(diaries, answers, strict=True)):
        missing = {value(number, change) for change in range(CHANGES)} - set(previews)
        assert max(len(missing), CHANGES - len(records)) <= diary.doubts
        assert [key for key, told in (previews | records).items() if told.count(False) > 1] == []
    assert sum(len(told) - 1 for both in answers for kind in both for told in kind.values()) <= kills
    assert sum(diary.unheard for diary in diaries) <= kills
    assert slowest_answer([each for diary in diaries for each in diary.writer.deliveries]) < HTTP_WITHIN


def effects_of(street: Street) -> Counter[str]:
    """How often WeChat was made to set each telephone number."""
    done = [str(call.body) for call in street.simulator.calls("card/update") if call.errcode == 0]
    return Counter(match for body in done for match in re.findall(r"0571-(\d{7})", body))


Told = dict[str, list[bool]]
"""By what names an answer: for each time it was shown, whether it was marked as shown again."""


def tally(diary: Diary) -> tuple[Told, Told]:
    """Previews by the value they show, results by their record's number."""
    previews: Told = {}
    records: Told = {}
    for each in diary.said():
        for kind, pattern in ((previews, PREVIEWED), (records, RECORDED)):
            for match in pattern.findall(each.text):
                kind.setdefault(match, []).append(each.again)
    return previews, records


def odd_ones(diary: Diary) -> list[str]:
    """Whatever else was answered; a message sent again because nobody seemed to hear it may have been heard."""
    known = (PREVIEWED, RECORDED, IN_DOUBT)
    odd = [each.text for each in diary.said() if not any(pattern.search(each.text) for pattern in known)]
    heard_after_all = [text for text in odd if NOTHING_LEFT.search(text)]
    return [text for text in odd if text not in heard_after_all] + heard_after_all[2 * diary.unheard :]


def report(mortals: Mortals, diaries: Sequence[Diary], effects: Counter[str], wanted: set[str]) -> None:
    """The figures, for whoever looks."""
    said = [each for diary in diaries for each in diary.said()]
    deliveries = [each for diary in diaries for each in diary.writer.deliveries]
    print(f"kills {mortals.kills.total()}: {dict(mortals.kills)}")
    twice, lost = ([each for each in wanted if effects[each] in counts] for counts in (range(2, 999), (0,)))
    print(f"commands {len(wanted)}, effects {len(wanted) - len(lost)}, twice {twice}, lost {lost}")
    print(f"answers {dict(Counter(each.way for each in said))}, marked again {sum(each.again for each in said)}")
    print(f"reported as in doubt {sum(diary.doubts for diary in diaries)}", end=", ")
    print(f"unanswered {sum(len(diary.unanswered) for diary in diaries)}", end=", ")
    print(f"not accepted by any web {sum(diary.unheard for diary in diaries)}")
    print(f"slowest HTTP answer {slowest_answer(deliveries):.2f} s, messages {len(deliveries)}")
    for diary in diaries:
        for kind in tally(diary):
            for key, told in kind.items():
                if len(told) > 1:
                    print(f"  said more than once to {diary.writer.name}: {key} marked {told}")
        for odd in odd_ones(diary):
            print(f"  odd: {odd!r}")
