"""Circles: opens, continues and ends them; one in a chat. Called by `handlers` and `timed_messages`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import ARRIVING, Flows
from bot.content.library import Library
from bot.database.engine import Database
from bot.database.models import Chat, Circle, Post
from bot.database.values import CircleStage, FailedWork, OffReason, PostKind
from bot.domain.ids import ChatId, TelegramId
from bot.screens.circles import arriving, closing, invitation, stopped
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.chats import find_chat, get_or_create_chat
from bot.usecases.conversations.turns import REPEATED, count_visit
from bot.usecases.taps import TappedMessage
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER, FlowsOf, take_batch

PART = timedelta(seconds=30)  # of the arriving exercise, if its file names no wait
MAX_CIRCLE = timedelta(hours=3)  # then it closes by itself
REMEMBERED = timedelta(days=1)  # as long as Telegram keeps an update
AT_ONCE = timedelta(seconds=3)
ENDING = (CircleStage.CLOSING, CircleStage.STOPPING)


@dataclass(frozen=True, slots=True)
class CircleMessage:
    """What a circle says next. `message_id` has the buttons until then; a wordless one only removes them."""

    chat_id: ChatId
    telegram_id: TelegramId
    thread_id: int
    language: str | None
    practice: str | None
    opened_at: datetime
    stage: CircleStage
    part: int
    variant: int
    message_id: int
    count: int = 0
    is_wordless: bool = False

    @property
    def row_id(self) -> int:
        """The id of a circle's row is its chat's."""
        return self.chat_id


class CircleMessages:
    """The circles' TimedSource."""

    work = FailedWork.CIRCLE

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def take_due(self, now: datetime) -> list[CircleMessage]:
        """Returns one batch of circles whose time has come, saved as undelivered."""
        return await take_due(self._database, self._flows_of, now)

    def messages_of(self, line: CircleMessage) -> tuple[OutgoingMessage, ...]:
        """Returns what the circle says at this stage, in the chat's language and practice."""
        if line.is_wordless:
            return ()
        catalogue = self._library.of_practice(line.practice).of(line.language)
        interface = catalogue.interface
        match line.stage:
            case CircleStage.ARRIVING:
                return (arriving(interface, catalogue.flows[ARRIVING], line.part, line.variant),)
            case CircleStage.HERE:
                return (invitation(interface, line.variant),)
            case CircleStage.CLOSING:
                return (closing(interface, line.variant, line.count),)
            case _:  # it was stopped while arriving
                return (stopped(interface, line.variant),)

    def files_of(self, line: CircleMessage) -> Mapping[str, bytes]:
        """Returns nothing: a circle shows no pictures."""
        return {}

    async def confirm(self, line: CircleMessage, message_id: int, now: datetime) -> bool:
        """Saves that Telegram has taken it. Returns False if the circle has gone on since, or it is saved already."""
        return await confirm(self._database, line, message_id, self._flows_of, now)

    async def drop(self, line: CircleMessage) -> None:
        """Ends a circle in a chat where nothing can be posted any more."""
        await drop(self._database, line)

    def _flows_of(self, practice: str | None, language: str | None) -> Flows:
        return self._library.of_practice(practice).of(language).flows


async def open_or_end(
    database: Database,
    telegram_id: TelegramId,
    thread_id: int,
    kind: str,
    *,
    update_id: int,
    now: datetime,
    left_out: Collection[str] = (),
) -> CircleMessage | None:
    """Opens a circle here, or ends the one that is open. Returns None if that is under way already.

    `left_out`: the themes that the chat does not get if it is new.
    """
    async with database.write() as session:
        chat = await get_or_create_chat(session, telegram_id, kind, now, thread_id=thread_id, left_out=left_out)
        circle = await _find(session, chat)
        if circle and 0 <= circle.update_id - update_id < REPEATED:
            return None
        if circle and circle.stage != CircleStage.OVER and now - circle.opened_at < AT_ONCE:
            return None  # two have opened it in the same moment
        if circle and circle.stage != CircleStage.OVER:
            circle.update_id = update_id
            return await _end(session, chat, circle, now)
        if circle:
            await _forget(session, chat.id)
        row = {
            "chat_id": chat.id,
            "stage": CircleStage.ARRIVING,
            "update_id": update_id,
            "variant": await count_visit(session, chat, ARRIVING),
            "undelivered_since": now,
            "wake_at": now + UNDELIVERED_AFTER,
            "opened_at": now,
        }
        await session.execute(database.insert_new(Circle), [row])
        circle = await _find(session, chat)
        # Of two who open at once the second changes nothing: unique on the chat.
        return await _message(session, chat, circle) if circle and circle.update_id == update_id else None


async def end_by_tap(database: Database, place: TappedMessage, now: datetime) -> CircleMessage | None:
    """Ends the circle of this message. Returns None if it is over, or ending."""
    async with database.write() as session:
        chat = await find_chat(session, place.telegram_id, place.thread_id)
        circle = await _find(session, chat) if chat else None
        if chat is None or circle is None:
            return None
        # The id of a message that has just been sent, or was sent twice, is not known.
        is_new = place.posted_at is not None and place.posted_at >= circle.opened_at.replace(microsecond=0)
        is_its_own = circle.message_id == place.message_id or is_new
        return await _end(session, chat, circle, now) if is_its_own else None


async def take_due(database: Database, flows_of: FlowsOf, now: datetime) -> list[CircleMessage]:
    """Returns what to say in one batch of circles whose time has come. Call again until there are none."""

    async def wake(session: AsyncSession, circle: Circle, chat: Chat) -> CircleMessage | None:
        return await _wake(session, flows_of(chat.practice, chat.language), chat, circle, now)

    is_open = Circle.stage != CircleStage.OVER
    return await take_batch(database, Circle, wake, _put_off, work=FailedWork.CIRCLE, now=now, where=is_open)


async def confirm(
    database: Database,
    message: CircleMessage,
    message_id: int,
    flows_of: FlowsOf,
    now: datetime,
) -> bool:
    """Saves which message said it. Returns False if the circle has gone on since, or it was confirmed already."""
    async with database.write() as session:
        circle = await session.get(Circle, message.chat_id, with_for_update=True)
        if circle is None or circle.undelivered_since is None:
            return False
        if (circle.opened_at, circle.stage, circle.part) != (message.opened_at, message.stage, message.part):
            return False
        if circle.stage in ENDING:
            await _forget_taps(session, circle.chat_id)
            circle.stage, circle.undelivered_since, circle.wake_at = CircleStage.OVER, None, now + REMEMBERED
            return True
        circle.message_id, circle.undelivered_since = message_id, None
        chat = await session.get(Chat, circle.chat_id)
        if chat is None or chat.hushed_until != circle.wake_at:
            circle.wake_at = now + _wait(flows_of(message.practice, message.language), circle)
        return True


async def drop(database: Database, message: CircleMessage) -> None:
    """Ends a circle in a chat where nothing can be posted any more."""
    async with database.write() as session:
        circle = await session.get(Circle, message.chat_id, with_for_update=True)
        if circle and circle.opened_at == message.opened_at:
            await _forget(session, message.chat_id)


async def clear_over(session: AsyncSession, now: datetime) -> None:
    """Deletes circles that were over a day ago."""
    await session.execute(delete(Circle).where(Circle.stage == CircleStage.OVER, Circle.wake_at <= now))


async def clear_due(session: AsyncSession, now: datetime) -> None:
    """Ends circles whose time has come without a word; for an old copy of the database."""
    due = select(Circle.chat_id).where(Circle.wake_at <= now)
    for chat_id in (await session.scalars(due)).all():
        await _forget(session, chat_id)


async def _put_off(session: AsyncSession, chat_id: int, until: datetime | None) -> None:
    """A circle that is set aside (None) is over."""
    if until is None:
        await _forget(session, ChatId(chat_id))
    else:
        await session.execute(update(Circle).where(Circle.chat_id == chat_id).values(wake_at=until))


async def _wake(session: AsyncSession, book: Flows, chat: Chat, circle: Circle, now: datetime) -> CircleMessage | None:
    if chat.off_reason not in (None, OffReason.STOPPED):
        await _forget(session, chat.id)
        return None
    was_held = circle.stage == CircleStage.ARRIVING and circle.wake_at == chat.hushed_until
    if was_held or now - (circle.undelivered_since or circle.wake_at) > TOO_LATE:
        message = await _message(session, chat, circle, is_wordless=True)
        await _forget(session, chat.id)
        return message
    if circle.undelivered_since is None:
        _go_on(book, circle)
        circle.undelivered_since = now
    circle.wake_at = now + UNDELIVERED_AFTER
    return await _message(session, chat, circle)


def _go_on(book: Flows, circle: Circle) -> None:
    if circle.stage == CircleStage.HERE:
        circle.stage = CircleStage.CLOSING
    elif circle.part + 1 < len(book[ARRIVING].course):
        circle.part += 1
    else:
        circle.stage = CircleStage.HERE


def _wait(book: Flows, circle: Circle) -> timedelta:
    if circle.stage == CircleStage.HERE:
        return MAX_CIRCLE
    seconds = [step.wait for step in book[ARRIVING].course][circle.part : circle.part + 1]
    return timedelta(seconds=seconds[0]) if seconds and seconds[0] else PART


async def _end(session: AsyncSession, chat: Chat, circle: Circle, now: datetime) -> CircleMessage | None:
    if circle.stage in (*ENDING, CircleStage.OVER):
        return None
    circle.stage = CircleStage.CLOSING if circle.stage == CircleStage.HERE else CircleStage.STOPPING
    circle.undelivered_since, circle.wake_at = now, now + UNDELIVERED_AFTER
    return await _message(session, chat, circle)


async def _message(session: AsyncSession, chat: Chat, circle: Circle, *, is_wordless: bool = False) -> CircleMessage:
    count = 0
    if circle.stage == CircleStage.CLOSING:
        here = select(func.sum(Post.count)).where(Post.chat_id == chat.id, Post.kind == PostKind.HERE)
        count = await session.scalar(here) or 0
    return CircleMessage(
        chat_id=chat.id,
        telegram_id=chat.telegram_id,
        thread_id=chat.thread_id,
        language=chat.language,
        practice=chat.practice,
        opened_at=circle.opened_at,
        stage=circle.stage,
        part=circle.part,
        variant=circle.variant,
        message_id=circle.message_id,
        count=count,
        is_wordless=is_wordless,
    )


async def _find(session: AsyncSession, chat: Chat) -> Circle | None:
    """Returns the circle, locked, so that it ends only once."""
    return await session.get(Circle, chat.id, with_for_update=True)


async def _forget(session: AsyncSession, chat_id: ChatId) -> None:
    """Deletes the circle and the taps of who was in it."""
    await _forget_taps(session, chat_id)
    await session.execute(delete(Circle).where(Circle.chat_id == chat_id))


async def _forget_taps(session: AsyncSession, chat_id: ChatId) -> None:
    await session.execute(delete(Post).where(Post.chat_id == chat_id, Post.kind == PostKind.HERE))
