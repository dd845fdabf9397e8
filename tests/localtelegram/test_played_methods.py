"""The local Telegram plays each Bot API method that the bot calls, and no other."""

from pathlib import Path

import pytest

from localtelegram.methods.definition import METHODS
from localtelegram.telegram import PLAYED_METHODS

from .bot_calls import called_methods

BOT = Path(__file__).parents[2] / "bot"


def test_every_method_that_the_bot_calls_is_played_and_no_other() -> None:
    called = {name for file in BOT.rglob("*.py") for name in called_methods(file.read_text(encoding="utf-8"))}

    not_played, not_called = sorted(called - PLAYED_METHODS.keys()), sorted(PLAYED_METHODS.keys() - called)
    assert not_played == [], "the bot calls them: play them in localtelegram/methods"
    assert not_called == [], "the bot does not call them (any more): delete them from localtelegram/methods"


def test_played_parameters_are_those_of_the_definition() -> None:
    unknown = {name: method.parameters - METHODS[name]["parameters"].keys() for name, method in PLAYED_METHODS.items()}

    assert {name: parameters for name, parameters in unknown.items() if parameters} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("await context.bot.send_dice(1)", {"sendDice"}),
        ("send = bot.send_photo if still else self._bot.send_animation", {"sendPhoto", "sendAnimation"}),
        ("partial(message.get_bot().pin_chat_message, 1)", {"pinChatMessage"}),
        ("await app.bot.initialize()", {"getMe"}),
        ("await update.effective_message.reply_venue()", {"sendVenue"}),
        ("await post.reply_dice()", {"sendDice"}),
        ("def f(query: CallbackQuery | None): query.answer()", {"answerCallbackQuery"}),
        ("def f(update):\n    asked = update.inline_query\n    asked.answer([])", {"answerInlineQuery"}),
        ("def f(update):\n    asked, kit = update.inline_query, None\n    asked.answer([])", {"answerInlineQuery"}),
        ("def f(update):\n    if tap := update.callback_query:\n        tap.answer()", {"answerCallbackQuery"}),
        ("def f(query: CallbackQuery): query.edit_message_caption('a')", {"editMessageCaption"}),
        ("await _post(bot, 'sendPoll', {})", {"sendPoll"}),
        ("url = f'{bot.base_url}/getUpdates'", {"getUpdates"}),
        ("session.close(); path.copy(); book.answer(); bot.first_name; 'close'", set()),
    ],
)
def test_calls_are_found_in_source(source: str, found: set[str]) -> None:
    assert called_methods(source) == found
