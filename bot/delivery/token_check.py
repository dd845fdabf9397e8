"""Makes sure that Telegram refuses the bot's token before the program ends. Called by `scheduler` and `polling`."""

import asyncio
import logging

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

log = logging.getLogger(__name__)

PAUSES = (0.0, 3.0, 7.0)  # seconds before each question


def says_unauthorized(error: InvalidToken) -> bool:
    """Whether Telegram refuses the token. "Not Found" is said by a Bot API server that has just been restarted."""
    return "not found" not in error.message.lower()


async def is_refused(bot: Bot) -> bool:
    """Asks who the bot is, several times. Returns False at the first answer that is no refusal."""
    for pause in PAUSES:
        await asyncio.sleep(pause)
        try:
            await bot.get_me()
        except InvalidToken as error:
            if not says_unauthorized(error):
                return False
            log.warning("Telegram does not accept the token; asking again")
        except TelegramError:
            return False  # that is no answer about the token
        else:
            return False
    return True
