"""What a chat does not want: single sentences, whole themes. Called by `handlers` and `reminders`."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, HiddenAffirmation, QueuedMessage
from bot.database.values import MessageState
from bot.domain.ids import ChatId
from bot.domain.rotation import Choice, Rotation, next_affirmation


async def hidden_in(session: AsyncSession, chat_ids: Collection[ChatId]) -> Mapping[ChatId, set[str]]:
    """What is hidden in each of these chats; nothing stands for a chat that hides nothing."""
    query = select(HiddenAffirmation.chat_id, HiddenAffirmation.affirmation_id)
    found: dict[ChatId, set[str]] = {}
    for chat_id, affirmation_id in await session.execute(query.where(HiddenAffirmation.chat_id.in_(chat_ids))):
        found.setdefault(chat_id, set()).add(affirmation_id)
    return found


async def wanted_in(session: AsyncSession, chat: Chat, choice: Choice) -> Choice:
    """`choice` without what is hidden here; `choice` leaves out the chat's themes already."""
    return choice.without((await hidden_in(session, (chat.id,))).get(chat.id, ()))


async def take_next(session: AsyncSession, chat: Chat, choice: Choice) -> str | None:
    """The chat's next affirmation; it will not come again until all others have. None where none is wanted."""
    wanted = await wanted_in(session, chat, choice)
    if not wanted.wanted:
        return None
    chosen, rotation = next_affirmation(wanted, Rotation(chat.seed, chat.rotation_cycle, chat.rotation_cursor))
    chat.rotation_cycle, chat.rotation_cursor = rotation.cycle, rotation.cursor
    return chosen


async def peek(session: AsyncSession, chat: Chat, choice: Choice) -> str | None:
    """The one that would come next; it stays the next one."""
    wanted = await wanted_in(session, chat, choice)
    if not wanted.wanted:
        return None
    return next_affirmation(wanted, Rotation(chat.seed, chat.rotation_cycle, chat.rotation_cursor))[0]


async def hide(session: AsyncSession, chat: Chat, affirmation_id: str, choice: Choice, now: datetime) -> bool:
    """It never comes here again; also what is queued already. False if it is the last one that is wanted here."""
    if await session.get(HiddenAffirmation, (chat.id, affirmation_id)):
        return True
    wanted = await wanted_in(session, chat, choice)
    if set(wanted.wanted) <= {affirmation_id}:
        return False
    session.add(HiddenAffirmation(chat_id=chat.id, affirmation_id=affirmation_id, hidden_at=now))
    await session.flush()
    await _replace_queued(session, chat, choice, {affirmation_id})
    return True


async def bring_back(session: AsyncSession, chat: Chat, affirmation_id: str) -> None:
    """It may come again."""
    await session.execute(
        delete(HiddenAffirmation).where(
            HiddenAffirmation.chat_id == chat.id, HiddenAffirmation.affirmation_id == affirmation_id
        )
    )


async def bring_all_back(session: AsyncSession, chat: Chat) -> None:
    await session.execute(delete(HiddenAffirmation).where(HiddenAffirmation.chat_id == chat.id))


async def leave_out(session: AsyncSession, chat: Chat, themes: Collection[str], choice: Choice) -> bool:
    """Nothing of these themes comes here; `choice` is what remains. False, and nothing changed, if that is none."""
    if not (await wanted_in(session, chat, choice)).wanted:
        return False
    chat.left_out = ",".join(sorted(themes))
    await _replace_queued(session, chat, choice, choice.unwanted)
    return True


async def hold_themes(session: AsyncSession, chat: Chat) -> None:
    """Read them anew under a lock: of two who choose at once in a group, the second goes on from the first."""
    await session.refresh(chat, ["left_out"], with_for_update=True)


def themes_left_out(chat: Chat) -> set[str]:
    return set(filter(None, chat.left_out.split(",")))


async def _replace_queued(session: AsyncSession, chat: Chat, choice: Choice, unwanted: Collection[str]) -> None:
    """What waits to be sent is not to be what they have just said no to."""
    query = select(QueuedMessage.id).where(
        QueuedMessage.chat_id == chat.id,
        QueuedMessage.state == MessageState.QUEUED,
        QueuedMessage.affirmation_id.in_(unwanted),
    )
    for number in (await session.scalars(query)).all():
        chosen = await take_next(session, chat, choice)
        await session.execute(update(QueuedMessage).where(QueuedMessage.id == number).values(affirmation_id=chosen))
