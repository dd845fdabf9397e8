"""What a chat does not want: hidden affirmations, and themes that are left out. For `handlers` and `reminders`."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.rules import ThemesFor
from bot.database.models import Chat, HiddenAffirmation, QueuedMessage
from bot.database.values import MessageState
from bot.domain.ids import ChatId
from bot.domain.rotation import BEFORE_FIRST, Choice, Rotation, next_affirmation


async def hidden_in(session: AsyncSession, chat_ids: Collection[ChatId]) -> Mapping[ChatId, set[str]]:
    """Returns the ids of hidden affirmations by chat; a chat that hides nothing is missing."""
    if not chat_ids:
        return {}
    query = select(HiddenAffirmation.chat_id, HiddenAffirmation.affirmation_id)
    found: dict[ChatId, set[str]] = {}
    for chat_id, affirmation_id in await session.execute(query.where(HiddenAffirmation.chat_id.in_(chat_ids))):
        found.setdefault(chat_id, set()).add(affirmation_id)
    return found


async def wanted_in(session: AsyncSession, chat: Chat, choice: Choice) -> Choice:
    """Returns `choice`, which leaves out the chat's themes, without what is hidden here."""
    return choice.without((await hidden_in(session, (chat.id,))).get(chat.id, ()))


async def take_next(session: AsyncSession, chat: Chat, choice: Choice) -> str | None:
    """Returns the chat's next affirmation and moves on in its order: all others come before it comes again.

    None if none is wanted.
    """
    wanted = await wanted_in(session, chat, choice)
    if not wanted.wanted:
        return None
    chosen, rotation = next_affirmation(wanted, Rotation(chat.seed, chat.rotation_cycle, chat.rotation_cursor))
    chat.rotation_cycle, chat.rotation_cursor = rotation.cycle, rotation.cursor
    return chosen


async def take_now(session: AsyncSession, chat: Chat, choice: Choice, update_id: int) -> str | None:
    """Returns the next affirmation for an update that asks for one; the same one if Telegram delivers it twice."""
    await session.refresh(chat, ["affirmed_by", "rotation_cycle", "rotation_cursor"], with_for_update=True)
    if chat.affirmed_by == update_id:
        chat.rotation_cursor = max(BEFORE_FIRST, chat.rotation_cursor - 1)  # the one at the cursor is above that
    chat.affirmed_by = update_id
    return await take_next(session, chat, choice)


async def peek(session: AsyncSession, chat: Chat, choice: Choice) -> str | None:
    """Returns the affirmation that would come next, without moving on; None if none is wanted."""
    wanted = await wanted_in(session, chat, choice)
    if not wanted.wanted:
        return None
    return next_affirmation(wanted, Rotation(chat.seed, chat.rotation_cycle, chat.rotation_cursor))[0]


async def hide(session: AsyncSession, chat: Chat, affirmation_id: str, choice: Choice, now: datetime) -> bool:
    """Hides an affirmation, also where it is queued already. Returns False if it is the last one that is wanted."""
    if await session.get(HiddenAffirmation, (chat.id, affirmation_id)):
        return True
    wanted = await wanted_in(session, chat, choice)
    if set(wanted.wanted) <= {affirmation_id}:
        return False
    session.add(HiddenAffirmation(chat_id=chat.id, affirmation_id=affirmation_id, hidden_at=now))
    await session.flush()
    await replace_queued(session, chat, choice, {affirmation_id})
    return True


async def bring_back(session: AsyncSession, chat: Chat, affirmation_id: str) -> None:
    """Ends the hiding of one affirmation."""
    await session.execute(
        delete(HiddenAffirmation).where(
            HiddenAffirmation.chat_id == chat.id, HiddenAffirmation.affirmation_id == affirmation_id
        )
    )


async def bring_all_back(session: AsyncSession, chat: Chat) -> None:
    """Ends the hiding of all affirmations."""
    await session.execute(delete(HiddenAffirmation).where(HiddenAffirmation.chat_id == chat.id))


async def leave_out(session: AsyncSession, chat: Chat, themes: Collection[str], choice: Choice) -> bool:
    """Leaves these themes out; `choice` is what remains. Returns False, and changes nothing, if nothing does."""
    if not (await wanted_in(session, chat, choice)).wanted:
        return False
    chat.left_out = ",".join(sorted(themes))
    await replace_queued(session, chat, choice, choice.unwanted)
    return True


async def hold_themes(session: AsyncSession, chat: Chat) -> None:
    """Reads the themes under a lock: of two who choose at once in a group, the second sees the first's choice."""
    await session.refresh(chat, ["left_out"], with_for_update=True)


async def choose_practice(
    session: AsyncSession, chat: Chat, practice: str | None, before: ThemesFor, after: ThemesFor
) -> None:
    """Takes the words of a practice; None: the bot's own. Under a lock, as `hold_themes`.

    Where the former words left out all that is for people in therapy, or in a group, the new ones do as well.
    """
    await hold_themes(session, chat)
    left_out = themes_left_out(chat)
    for old, new in ((before.therapy, after.therapy), (before.group, after.group)):
        if old and left_out.issuperset(old):
            left_out = left_out.difference(old).union(new)
    chat.practice, chat.left_out = practice, ",".join(sorted(left_out))


def themes_left_out(chat: Chat) -> set[str]:
    """Returns the themes that the chat leaves out."""
    return set(filter(None, chat.left_out.split(",")))


async def replace_queued(session: AsyncSession, chat: Chat, choice: Choice, unwanted: Collection[str]) -> None:
    """Chooses others for queued messages that hold what is not wanted any more."""
    query = select(QueuedMessage.id).where(
        QueuedMessage.chat_id == chat.id,
        QueuedMessage.state == MessageState.QUEUED,
        QueuedMessage.affirmation_id.in_(unwanted),
    )
    for message_id in (await session.scalars(query)).all():
        chosen = await take_next(session, chat, choice)
        await session.execute(update(QueuedMessage).where(QueuedMessage.id == message_id).values(affirmation_id=chosen))
