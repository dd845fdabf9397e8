"""Texts as Telegram stores them: trimmed, with the entities that Telegram finds by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localtelegram.answers import Json, NotPlayed
from localtelegram.methods.message_text import MessageText, find_entities, read_text
from localtelegram.people.person import Person

from .asking import Ask


def entity(kind: str, offset: int, length: int) -> Json:
    return {"offset": offset, "length": length, "type": kind}


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start @ada_l #tag https://x.org", [
            entity("bot_command", 0, 6), entity("mention", 7, 6), entity("hashtag", 14, 4), entity("url", 19, 13)
        ]),
        ("🕊 /help@echo_bot", [entity("bot_command", 3, 14)]),
        ("ada@x.org and/or https://x.org/@ada_l.", [entity("email", 0, 9), entity("url", 17, 20)]),
        ("*b* _i_ <b>", []),
    ],
)  # fmt: skip
def test_entities_that_telegram_finds_by_itself(text: str, entities: list[Json]) -> None:
    assert find_entities(text) == entities


def test_entities_move_with_the_trimmed_text() -> None:
    assert read_text("  \t/help\x01 ") == MessageText("/help", [entity("bot_command", 0, 5)])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_entities_stand_in_order_within_the_text(text: str) -> None:
    ends = [0]
    for found in find_entities(text):
        assert ends[-1] <= found["offset"]
        ends.append(found["offset"] + found["length"])

    assert ends[-1] <= len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": 1, "text": "<b>a</b>", "parse_mode": "HTML"}),
        ("sendPhoto", {"chat_id": 1, "photo": "AgAC", "caption": "*a*", "parse_mode": "MarkdownV2"}),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [
            {"type": "article", "id": "1", "title": "One",
             "input_message_content": {"message_text": "*One*", "parse_mode": "Markdown"}}
        ]}),
    ],
)  # fmt: skip
async def test_parse_mode_is_refused_wherever_it_stands(ask: Ask, method: str, params: Json) -> None:
    body = await ask(method, **params)

    assert body == {
        "ok": False,
        "error_code": 501,
        "description": "Not Implemented: the local Telegram does not play parse_mode; "
        "add it in localtelegram/methods/message_text.py",
    }


async def test_given_entities_are_refused_but_for_bold_ones_and_spoilers(ask: Ask) -> None:
    body = await ask("sendMessage", chat_id=1, text="a", entities=[entity("italic", 0, 1)])

    assert "does not play entities" in body["description"]


def test_bold_parts_stand_among_what_telegram_finds() -> None:
    given = [entity("bold", 14, 3)]

    assert read_text("/help 🕊: call 988", given).entities == [entity("bot_command", 0, 5), *given]


@pytest.mark.parametrize("given", [entity("bold", 3, 4), entity("bold", 0, 3)])
def test_bold_parts_that_overlap_or_go_beyond_the_text_are_not_played(given: Json) -> None:
    with pytest.raises(NotPlayed):
        read_text("/help", [given])


def test_a_spoiler_may_hold_what_telegram_finds() -> None:
    given = [entity("spoiler", 0, 8)]

    assert read_text("a /help!", given).entities == [*given, entity("bot_command", 2, 5)]


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_bold_is_kept_in_new_and_in_edited_messages(ask: Ask, ada: Person, method: str) -> None:
    await ada.starts()
    sent = await ask("sendMessage", chat_id=ada.id, text="before")
    more = {"message_id": sent["result"]["message_id"]} if method == "editMessageText" else {}

    body = await ask(method, chat_id=ada.id, text="call 988", entities=[entity("bold", 5, 3)], **more)

    assert body["result"]["entities"] == [entity("bold", 5, 3)]
