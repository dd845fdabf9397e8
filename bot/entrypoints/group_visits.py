"""Asks for groups that refuse the bot whether it may write there again. Started by `scheduler`."""

import logging
from datetime import datetime

from telegram import Bot
from telegram.error import TelegramError

from bot.database.engine import DATABASE_ERRORS, Database
from bot.delivery.chat_admins import may_write
from bot.domain.ids import TelegramId
from bot.usecases import groups

log = logging.getLogger(__name__)


async def visit_groups(bot: Bot, database: Database, now: datetime) -> None:
    """Asks for groups that refuse the bot: Telegram sends no update when their members may write again."""
    try:
        async with database.read() as session:
            telegram_ids = await groups.list_without_rights(session)
    except DATABASE_ERRORS:
        log.exception("groups are asked about later: the database cannot be used")
        return
    for telegram_id in telegram_ids:
        try:
            await _ask_for_rights(bot, database, telegram_id, now)
        except TelegramError as error:
            log.info("a group cannot be asked about", extra={"error": error.message})
        except Exception:  # one group's own; the others are asked
            log.exception("a group could not be asked about")


async def _ask_for_rights(bot: Bot, database: Database, telegram_id: TelegramId, now: datetime) -> None:
    if not await may_write(bot, telegram_id):
        return
    async with database.write() as session:
        rows = await groups.chat_regained(session, telegram_id, now)
    log.info("the bot may write again", extra={"chats": rows})
