"""The sender: what each of Telegram's refusals means. The error texts are those of the server's source."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.database.values import OffReason
from bot.delivery.keyboards import keyboard
from bot.delivery.outcomes import ChatLost, Moved, Refused, RetryLater, TopicClosed, classify_error
from bot.domain.ids import TelegramId
from bot.screens.outgoing import Button, in_rows

OFF = {
    Forbidden("Forbidden: bot was blocked by the user"): OffReason.BLOCKED,
    Forbidden("Forbidden: bot was kicked from the group chat"): OffReason.BLOCKED,
    Forbidden("Forbidden: bot was kicked from the supergroup chat"): OffReason.BLOCKED,
    Forbidden("Forbidden: bot was kicked from the channel chat"): OffReason.BLOCKED,
    Forbidden("Forbidden: bot is not a member of the channel chat"): OffReason.BLOCKED,
    BadRequest("Have no write access to the chat"): OffReason.BLOCKED,
    Forbidden("Forbidden: user is deactivated"): OffReason.GONE,
    Forbidden("Forbidden: the group chat was deleted"): OffReason.GONE,
    BadRequest("INPUT_USER_DEACTIVATED"): OffReason.GONE,
    Forbidden("Forbidden: bot can't initiate conversation with a user"): OffReason.GONE,
    Forbidden("Forbidden: the bot can't send messages to the bot"): OffReason.GONE,
    BadRequest("Chat not found"): OffReason.GONE,
    BadRequest("Need administrator rights in the channel chat"): OffReason.NO_RIGHTS,
    BadRequest("Not enough rights to send text messages to the chat"): OffReason.NO_RIGHTS,
    BadRequest("CHAT_WRITE_FORBIDDEN"): OffReason.NO_RIGHTS,
    BadRequest("Have no rights to send a message"): OffReason.NO_RIGHTS,
    BadRequest("CHAT_RESTRICTED"): OffReason.NO_RIGHTS,
    BadRequest("USER_BANNED_IN_CHANNEL"): OffReason.NO_RIGHTS,
}

ABOUT_A_MESSAGE = (
    "Message text is empty",
    "Text must be non-empty",
    "Message is too long",
    "Text is too long",
    "Message caption is too long",
    "Can't parse entities: unclosed start tag",
    "Unsupported parse_mode",
    "BUTTON_DATA_INVALID",
    "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    "Inline keyboard button URL 'x' is invalid: wrong host",
    "Object expected as reply markup",
    "Reply markup is too long",
    "Inline keyboard expected",
    "Message to be replied not found",
    "Failed to get HTTP URL content",
    "Wrong type of the web page content",
    "Wrong file identifier/HTTP URL specified",
    "PHOTO_INVALID_DIMENSIONS",
    "IMAGE_PROCESS_FAILED",
    "File must be non-empty",
    "There is no photo in the request",
    "MEDIA_CAPTION_TOO_LONG",
)
ABOUT_A_CHAT = (
    BadRequest("PEER_ID_INVALID"),
    BadRequest("User not found"),
    BadRequest("CHANNEL_PRIVATE"),
    BadRequest("CHAT_FORBIDDEN"),
    BadRequest("ALLOW_PAYMENT_REQUIRED"),
    Forbidden("Forbidden: a text that is new"),
    BadRequest("A text that is new"),
)


@pytest.mark.parametrize(("error", "reason"), OFF.items(), ids=str)
def test_a_chat_that_cannot_be_written_to_is_switched_off(error: TelegramError, reason: OffReason) -> None:
    assert classify_error(error) == ChatLost(reason, error.message)


@pytest.mark.parametrize(
    "error",
    [
        TimedOut(),
        NetworkError("Bad Gateway (502)"),
        NetworkError("Internal Server Error: restart"),
        TelegramError("Invalid server response"),
    ],
)
def test_a_temporary_error_is_tried_again(error: TelegramError) -> None:
    assert classify_error(error) == RetryLater(0.0, is_asked=False, error=error.message)


def test_an_error_is_kept_as_every_database_can_store_it() -> None:
    assert classify_error(BadRequest("no\ud83d\0 " + "x" * 300)) == Refused("no? " + "x" * 195)


def test_retry_after_is_at_least_what_was_asked() -> None:
    outcome = classify_error(RetryAfter(timedelta(seconds=7)))
    assert isinstance(outcome, RetryLater)
    assert outcome.is_asked
    assert 7 <= outcome.seconds < 8.1


def test_a_group_that_moved_names_its_new_number() -> None:
    assert classify_error(ChatMigrated(-1001)) == Moved(TelegramId(-1001))
    assert isinstance(classify_error(ChatMigrated(-1001), is_person=True), Refused)


@pytest.mark.parametrize("text", ABOUT_A_MESSAGE)
def test_an_error_about_a_message_tells_nothing_about_its_chat(text: str) -> None:
    assert classify_error(BadRequest(text)) == Refused(text, is_about_message=True)


def test_a_file_that_is_too_big_is_not_sent_again() -> None:
    text = "Request Entity Too Large (413)"
    assert classify_error(NetworkError(text)) == Refused(text, is_about_message=True)


@pytest.mark.parametrize("error", ABOUT_A_CHAT, ids=str)
def test_whatever_else_is_refused_counts_for_the_chat(error: TelegramError) -> None:
    assert classify_error(error) == Refused(error.message)


def test_a_closed_topic_lets_the_message_wait() -> None:
    assert classify_error(BadRequest("TOPIC_CLOSED")) == TopicClosed("TOPIC_CLOSED")


@pytest.mark.parametrize("text", ["Message thread not found", "TOPIC_DELETED"])
def test_a_topic_that_is_gone_is_switched_off(text: str) -> None:
    assert classify_error(BadRequest(text)) == ChatLost(OffReason.TOPIC_GONE, text)


def test_buttons_take_telegrams_form() -> None:
    rows = in_rows([Button("a", "data"), Button("b", url="https://example.org"), Button("c", copy="words")], 2)
    markup = keyboard(rows)
    assert markup
    assert markup.to_dict() == {
        "inline_keyboard": [
            [{"text": "a", "callback_data": "data"}, {"text": "b", "url": "https://example.org"}],
            [{"text": "c", "copy_text": {"text": "words"}}],
        ]
    }
    assert keyboard(()) is None
