"""What only the set-up of a group or a channel does: what is known there, its themes and looks, its next post.

Called by `reminder_setup`.
"""

from dataclasses import replace

from bot.database.engine import Session
from bot.database.models import Chat
from bot.dialogues.reminder_draft import ReminderDraft
from bot.domain.ids import TelegramId
from bot.handlers.context import Context
from bot.screens.affirmations import affirmation
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import preferences
from bot.usecases.chats import find_chat
from bot.usecases.groups import list_facilitated
from bot.usecases.reminders.edit import list_reminders


async def draft_for_group(session: Session, chat: Chat, person_id: TelegramId, draft: ReminderDraft) -> ReminderDraft:
    """The draft for a group or a channel: skips what is set there, and takes a facilitator's own time zone."""
    zone = None
    if chat.zone is None and person_id:
        own = await find_chat(session, person_id)
        others = await list_facilitated(session, person_id)
        zone = next((known.zone for known in (own, *others) if known and known.zone), None)
    is_set = bool(await list_reminders(session, chat))
    return draft.model_copy(
        update={
            "is_shared": True,
            "zone": zone,
            "is_first": not is_set,
            "left_out": tuple(sorted(preferences.themes_left_out(chat))),
            "has_themes": is_set,
            "shows_pictures": chat.shows_pictures if is_set else None,
        }
    )


async def leaves_one(session: Session, context: Context, chat: Chat, draft: ReminderDraft) -> bool:
    """Whether any message is left without the themes that are off."""
    return bool((await preferences.wanted_in(session, chat, context.voice.choice_of(chat, draft.left_out))).wanted)


async def take_looks(session: Session, context: Context, chat: Chat, draft: ReminderDraft) -> None:
    """Stores the chosen themes, and whether pictures are shown."""
    await preferences.leave_out(session, chat, draft.left_out, context.voice.choice_of(chat, draft.left_out))
    chat.shows_pictures = bool(draft.shows_pictures)


async def next_post(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    """The next post as it will look. Shown in private; the group sees it when it comes."""
    coming = await preferences.peek(session, chat, context.voice.choice_of(chat))
    shown = affirmation(context.voice.catalogue_of(chat), coming, "", is_private=False, as_picture=chat.shows_pictures)
    return replace(shown, rows=())
