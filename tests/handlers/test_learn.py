"""/learn: all explainers can be read by tapping, in private and in groups, and nothing about it is stored."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from telegram.ext import CommandHandler

from bot.app import App
from bot.content.interface import LearnTexts
from bot.content.load import Catalogue
from bot.database.models import Chat
from bot.delivery.keyboards import keyboard
from bot.handlers import all_handlers
from bot.screens.learn import answer, question_list, theme_list
from bot.screens.outgoing import OutgoingMessage
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

FORGED = [
    "l:",
    "l:t:",
    "l:e:",
    "l:t:nowhere",
    "l:e:nothing",
    "l:t:saying-sorry",
    "l:e:normal",
    "l:x:body",
    "l:t:body:1",
]
FORGED += ["l:::", "l:T:body", f"l:e:{'x' * 60}", "l:t:\u0000", "l:e:🫧"]


@pytest.fixture
def texts(catalogue: Catalogue) -> LearnTexts:
    return catalogue.interface.learn


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday circle", owner=ana, is_forum=True)
    await group.add(ana.bot, by=ana)
    return group


def every_message(catalogue: Catalogue) -> Iterator[OutgoingMessage]:
    yield theme_list(catalogue)
    for theme in catalogue.explainers.themes:
        yield question_list(catalogue, theme)
    for explainer in catalogue.explainers.explainers:
        yield answer(catalogue, explainer)


def data_of(message: dict[str, Any]) -> list[str]:  # Any: Bot API JSON
    return [button["callback_data"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def test_every_theme_and_every_answer_is_read_by_tapping(
    ana: Person, catalogue: Catalogue, texts: LearnTexts
) -> None:
    await ana.says("/learn")
    explainers = catalogue.explainers
    assert [label for row in ana.labels() for label in row] == [theme.name for theme in explainers.themes]
    for theme in explainers.themes:
        await ana.taps(theme.name)
        within = explainers.within(theme.id)
        assert ana.labels() == [*([explainer.question] for explainer in within), [texts.back]]
        for explainer in within:
            await ana.taps(explainer.question)
            shown = ana.hears()[-1]
            assert shown.startswith(f"{explainer.question}\n\n{explainer.text}\n\n")
            assert explainers.sources[explainer.source].title in shown
            assert all(paper in shown for paper in explainer.also)
            assert (texts.contested in shown) == explainer.contested
            await ana.taps(texts.back_to_theme)
        await ana.taps(texts.back)
    assert len(ana.hears()) == 1  # one message, edited in place


async def test_next_goes_through_a_theme_and_ends_with_it(ana: Person, catalogue: Catalogue, texts: LearnTexts) -> None:
    await ana.says("/learn")
    for theme in catalogue.explainers.themes:
        first, *others = catalogue.explainers.within(theme.id)
        await ana.taps(theme.name)
        await ana.taps(first.question)
        for explainer in others:
            await ana.taps(texts.next)
            assert ana.hears()[-1].startswith(explainer.question)
        assert ana.labels() == [[texts.back_to_theme, texts.themes]]
        await ana.taps(texts.themes)
        assert ana.hears()[-1] == texts.title


async def test_every_button_in_reach_of_the_command_is_answered(ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/learn")
    message_id, seen, waiting = ana.last()["message_id"], set[str](), data_of(ana.last())
    while waiting:
        data = waiting.pop()
        if data in seen:
            continue
        seen.add(data)
        await ana.taps_data(message_id, data)
        assert ana.toasts[-1].text == ""
        waiting += data_of(ana.last())
    explainers = catalogue.explainers
    themes, answers = (
        {f"l:t:{theme.id}" for theme in explainers.themes},
        {f"l:e:{explainer.id}" for explainer in explainers.explainers},
    )
    assert seen == {"l:"} | themes | answers


@pytest.mark.parametrize("data", FORGED[1:])
async def test_a_button_that_leads_nowhere_shows_the_themes(
    ana: Person, catalogue: Catalogue, texts: LearnTexts, data: str
) -> None:
    await ana.says("/learn")
    message = ana.last()["message_id"]
    await ana.taps(catalogue.explainers.themes[0].name)
    await ana.taps_data(message, data)
    assert ana.hears() == [texts.title]
    assert ana.toasts[-1].text == catalogue.interface.replies.stale


async def test_a_group_reads_together_in_its_topic(circle: Group, ana: Person, catalogue: Catalogue) -> None:
    robin = add_person(ana.telegram, "Robin")
    await circle.add(robin)
    topic = await circle.open_topic("Questions", by=ana)
    explainer = catalogue.explainers.explainers[0]
    await ana.says("/learn@gentle_tears_bot", circle, topic)
    await robin.taps(catalogue.explainers.themes[0].name, circle)
    await ana.taps(explainer.question, circle)
    assert circle.last()["message_thread_id"] == topic.id
    assert ana.hears(circle)[1:] == [answer(catalogue, explainer).text]  # after the hello


async def test_reading_keeps_nothing(app: App, ana: Person, circle: Group, catalogue: Catalogue) -> None:
    for chat in (None, circle):
        await ana.says("/learn@gentle_tears_bot", chat)
        await ana.taps(catalogue.explainers.themes[0].name, chat)
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Chat)) == 0


async def test_the_way_back_into_a_flow_stays_in_sight(ana: Person, catalogue: Catalogue) -> None:
    go_on = catalogue.interface.flows.go_on
    await ana.says("/ground")
    await ana.says("/learn")
    assert ana.labels()[-1] == [go_on]
    for label in (catalogue.explainers.themes[0].name, catalogue.explainers.explainers[0].question):
        await ana.taps(label)
        assert ana.labels()[-1] == [go_on]
        assert ana.labels().count([go_on]) == 1


async def test_a_tap_under_a_message_that_is_gone_is_answered_anew(ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/learn")
    gone, explainer = ana.last()["message_id"], catalogue.explainers.explainers[0]
    ana.deletes(gone)
    await ana.taps_data(gone, f"l:e:{explainer.id}")
    assert ana.hears() == [answer(catalogue, explainer).text]


def test_every_message_is_within_telegrams_limits(catalogue: Catalogue) -> None:
    for message in every_message(catalogue):
        assert len(message.text) <= 4096
        assert keyboard(message.rows)
        buttons = [button for row in message.rows for button in row]
        assert all(1 <= len(button.data.encode()) <= 64 for button in buttons)
        assert all(1 <= len(button.label) <= 64 for button in buttons)
        assert all(len(row) <= 2 for row in message.rows)


def test_every_command_that_an_answer_names_is_there(catalogue: Catalogue) -> None:
    texts = [explainer.text for explainer in catalogue.explainers.explainers]
    named = {name for text in texts for name in re.findall(r"(?<![\w/])/([a-z]+)\b", text)}
    handled = {name for handler in all_handlers() if isinstance(handler, CommandHandler) for name in handler.commands}
    assert named
    assert named <= handled
