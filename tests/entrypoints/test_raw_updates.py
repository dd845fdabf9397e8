"""Raw updates: what Telegram never gives is no update, and texts that nothing can store are made storable."""

import json
from typing import Any

import pytest
from telegram import Bot

from bot.entrypoints.raw_updates import UnreadableUpdateError, read_update

BOT = Bot("123456:a-token-that-nobody-uses-for-anything")


def message(**more: object) -> dict[str, Any]:  # Any: JSON
    ana = {"id": 101, "is_bot": False, "first_name": "Ana"}
    chat = {"id": 101, "type": "private", "first_name": "Ana"}
    return {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "from": ana, "text": "Hi", **more}}


def test_what_telegram_sends_is_read() -> None:
    update = read_update(message(text="Hi 🫧"), BOT)
    assert update
    assert (update.effective_user and update.effective_user.id, update.message and update.message.text) == (
        101,
        "Hi 🫧",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": 2**31},
        {"message_id": -1},
        {"message_thread_id": 2**40},
        {"date": 2**63},
        {"edit_date": -1},
        {"from": {"id": 2**52 + 1, "is_bot": False, "first_name": "A"}},
        {"from": {"id": 0, "is_bot": False, "first_name": "A"}},
        {"from": {"id": "101", "is_bot": False, "first_name": "A"}},
        {"from": None},
        {"chat": {"id": -5, "type": "private"}},
        {"chat": {"id": 5, "type": "supergroup"}},
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 10**30, "height": 1}]},
        {"photo": 7},
    ],
)
def test_what_telegram_never_gives_is_no_update(wrong: dict[str, object]) -> None:
    with pytest.raises(UnreadableUpdateError):
        read_update(message(**wrong), BOT)


def test_a_kind_that_nobody_asked_for_is_left_alone() -> None:
    assert read_update({"update_id": 1, "guest_message": message()["message"]}, BOT) is None
    assert read_update({"update_id": 1, "something_new": 7}, BOT) is None


def test_an_update_without_an_end_is_no_update() -> None:
    deep: object = "x"
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(UnreadableUpdateError):
        read_update(message(entities=deep), BOT)


def test_what_nothing_can_store_is_replaced_and_entities_stay_in_place() -> None:
    update = read_update(message(text=json.loads('"a\\u0000b\\ud800c"')), BOT)
    assert update
    assert update.message
    assert update.message.text == "a\ufffdb\ufffdc"
