"""Handlers: each turns a Telegram update into a use case and a reply. One module for each subject."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.handlers import (
    affirmations,
    appointments,
    circles,
    exports,
    favourites,
    flows,
    forget,
    groups,
    help,  # noqa: A004 - named after its command
    imports,
    inline,
    invitations_admin,
    language,
    later,
    learn,
    look_back,
    membership,
    notes,
    own_sentences,
    pause,
    preferences,
    presence,
    questions,
    reminders,
    safety_plan,
    settings,
    start,
    support,
    taps,
    typed,
)
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context

SUBJECTS = (
    start,
    support,
    safety_plan,
    notes,
    appointments,
    flows,
    affirmations,
    later,
    favourites,
    own_sentences,
    look_back,
    preferences,
    learn,
    reminders,
    groups,
    pause,
    presence,
    settings,
    language,
    exports,
    imports,
    forget,
    help,
    inline,
    invitations_admin,
    taps,
    circles,
    membership,
    questions,
)


def all_handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns all handlers in the order in which PTB asks them; the last ones take what no other has taken."""
    anything = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    return [
        _PlacelessTap(refuse),
        *(handler for subject in SUBJECTS for handler in subject.handlers()),
        help.unknown(),
        MessageHandler(anything, typed.typed),
        CallbackQueryHandler(refuse),
    ]


class _PlacelessTap(CallbackQueryHandler[Context, None]):
    """A tap that belongs to no chat, as under a message shared inline: there is nothing to act on."""

    def check_update(self, update: object) -> bool | None:
        return isinstance(update, Update) and update.callback_query is not None and update.effective_chat is None


async def refuse(update: Update, context: Context) -> None:
    """Answers a button that no handler knows: it is outdated or forged."""
    await show(update, context, Answer(toast=context.voice.interface.replies.stale))
