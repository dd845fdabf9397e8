"""Taps under posts in groups and channels: counts one for each person, takes it back, forgets it.

Only a keyed hash of the person is stored, a different one for each post: from the database alone nobody can tell who it
was, nor that the same person tapped two posts. The key is made from the bot's token, which is not in the database.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, Circle, Post, PostTap
from bot.database.prepared import Prepared
from bot.database.values import CircleStage, PostKind
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat, get_or_create_chat
from bot.usecases.conversations.turns import REPEATED

KEEP_POSTS = timedelta(days=30)  # from when it was posted; later taps are not counted
# A tap that was taken back is kept as long as Telegram may deliver it once more.
TAKEN_BACK_KEPT = timedelta(days=1)
SHOWN_EVERY = timedelta(seconds=5)  # in one chat, whichever post it is: edits count against its 20 messages a minute
CHUNK = 400  # posts in a statement


@dataclass(frozen=True, slots=True)
class TappedMessage:
    """The message that was tapped. `posted_at` is None if Telegram does not show it to bots any more."""

    telegram_id: TelegramId
    thread_id: int
    chat_kind: str
    message_id: int
    posted_at: datetime | None


class Tapped(Enum):
    """The result of a tap."""

    COUNTED = auto()
    TAKEN_BACK = auto()
    TOO_OLD = auto()
    GONE = auto()  # nothing is counted there, or not any more


@dataclass(frozen=True, slots=True)
class Unshown:
    """A post whose button does not show its count yet."""

    post_id: int
    message_id: int
    kind: PostKind
    count: int
    language: str | None
    practice: str | None


def hash_person(key: bytes, post_id: int, person_id: TelegramId) -> str:
    """Returns what stands for this person under this post and no other (HMAC-SHA256, RFC 2104)."""
    return hmac.new(key, f"{post_id}:{person_id}".encode(), hashlib.sha256).hexdigest()


async def take_tap(
    database: Database,
    place: TappedMessage,
    kind: PostKind,
    person_id: TelegramId,
    *,
    key: bytes,
    update_id: int,
    now: datetime,
    left_out: Collection[str] = (),
) -> Tapped:
    """Counts a tap; the same person's next one takes it back. A tap that Telegram delivers again changes nothing.

    `left_out`: the themes that the chat does not get if it is new.
    """
    if place.posted_at and now - place.posted_at > KEEP_POSTS:
        return Tapped.TOO_OLD
    async with database.write() as session:
        if kind == PostKind.HERE and not await _is_open(session, place):
            return Tapped.GONE
        post = await _find_post(session, place) or await _begin_post(database, session, place, kind, now, left_out)
        if post is None or post.kind != kind:
            return Tapped.GONE
        return await _turn_over(session, post, hash_person(key, post.id, person_id), update_id, now)


async def take_unshown(session: AsyncSession, telegram_id: TelegramId, now: datetime) -> Unshown | timedelta | None:
    """Returns the post of this chat whose button has waited longest, marked as shown now; or how long it has to wait.

    None if every button shows its count. Safe for several processes: the rows are locked, and hold the last edit.
    """
    query = (
        select(Post, Chat.language, Chat.practice)
        .join(Chat, Chat.id == Post.chat_id)
        .outerjoin(Circle, Circle.chat_id == Post.chat_id)
        .where(Chat.telegram_id == telegram_id, or_(Post.count != Post.shown, Post.shown_at > now - SHOWN_EVERY))
        # A circle that is closing loses its buttons: they must not come back.
        .where(or_(Post.kind != PostKind.HERE, Circle.stage == CircleStage.HERE))
        .order_by(Post.shown_at.is_not(None), Post.shown_at, Post.id)
        .with_for_update(of=Post)
    )
    rows = (await session.execute(query)).all()
    waiting = [row for row in rows if row.Post.count != row.Post.shown]
    if not waiting:
        return None
    moments = [row.Post.shown_at for row in rows if row.Post.shown_at and row.Post.shown_at <= now]
    last: datetime | None = max(moments, default=None)
    if last and now - last < SHOWN_EVERY:
        return last + SHOWN_EVERY - now
    first, post = waiting[0], waiting[0].Post
    post.shown_at = now
    return Unshown(
        post_id=post.id,
        message_id=post.message_id,
        kind=post.kind,
        count=post.count,
        language=first.language,
        practice=first.practice,
    )


async def mark_shown(session: AsyncSession, unshown: Unshown) -> None:
    """Saves the count that the button shows."""
    await session.execute(update(Post).where(Post.id == unshown.post_id).values(shown=unshown.count))


_UNSHOWN = Prepared(
    lambda _database: (
        select(Chat.telegram_id).join(Post, Post.chat_id == Chat.id).where(Post.count != Post.shown).distinct()
    )
)


async def chats_with_unshown(database: Database) -> list[TelegramId]:
    """Returns the Telegram ids of the chats in which a button does not show its count."""
    rows = await database.read_at_once(lambda connection: _UNSHOWN.rows(connection, database))
    return [telegram_id for (telegram_id,) in rows]


async def clear_old(session: AsyncSession, now: datetime) -> None:
    """Deletes posts after KEEP_POSTS, and taps that were taken back after TAKEN_BACK_KEPT."""
    await session.execute(delete(Post).where(Post.posted_at < now - KEEP_POSTS))
    long_untapped = select(Post.id).where(Post.tapped_at < now - TAKEN_BACK_KEPT)
    await session.execute(delete(PostTap).where(~PostTap.is_counted, PostTap.post_id.in_(long_untapped)))


async def hashes_of(session: AsyncSession, key: bytes, person_id: TelegramId) -> AsyncIterator[list[str]]:
    """Yields what would stand for this person under each post, CHUNK posts at a time."""
    last = 0
    while post_ids := (
        await session.scalars(select(Post.id).where(Post.id > last).order_by(Post.id).limit(CHUNK))
    ).all():
        last = post_ids[-1]
        yield [hash_person(key, post_id, person_id) for post_id in post_ids]


async def forget_person(session: AsyncSession, key: bytes, person_id: TelegramId) -> set[TelegramId]:
    """Deletes this person's taps in all chats. Returns the Telegram ids of the chats whose counts have changed."""
    changed = set[TelegramId]()
    async for hashes in hashes_of(session, key, person_id):
        own = PostTap.person_hash.in_(hashes)
        tapped = (await session.scalars(select(PostTap.post_id).where(own))).all()
        # Locked first: a tap at this moment is counted before or after.
        await session.execute(select(Post.id).where(Post.id.in_(tapped)).order_by(Post.id).with_for_update())
        erased = await session.execute(delete(PostTap).where(own).returning(PostTap.post_id, PostTap.is_counted))
        counted = [post_id for post_id, is_counted in erased.all() if is_counted]
        await session.execute(
            update(Post)
            .where(Post.id.in_(counted))
            .values(count=Post.count - 1)
            .execution_options(synchronize_session=False)
        )
        chats = select(Chat.telegram_id).join(Post, Post.chat_id == Chat.id).where(Post.id.in_(counted))
        changed.update(await session.scalars(chats))
    return changed


async def _find_post(session: AsyncSession, place: TappedMessage) -> Post | None:
    """Returns the post, locked: of two taps at once the second waits for the first."""
    query = (
        select(Post)
        .join(Chat, Chat.id == Post.chat_id)
        .where(Chat.telegram_id == place.telegram_id, Post.message_id == place.message_id)
        .with_for_update(of=Post)
    )
    return (await session.scalars(query)).first()


async def _begin_post(
    database: Database,
    session: AsyncSession,
    place: TappedMessage,
    kind: PostKind,
    now: datetime,
    left_out: Collection[str],
) -> Post | None:
    """In the row of its topic, else in any of the group's. Safe to call twice at once: unique on chat and message."""
    if place.posted_at is None:
        return None
    query = (
        select(Chat)
        .where(Chat.telegram_id == place.telegram_id)
        .order_by(Chat.thread_id != place.thread_id, Chat.thread_id)
        .limit(1)
    )
    chat = (await session.scalars(query)).first()
    if chat is None:
        chat = await get_or_create_chat(session, place.telegram_id, place.chat_kind, now, left_out=left_out)
    row = {"chat_id": chat.id, "message_id": place.message_id, "kind": kind, "tapped_at": now}
    await session.execute(database.insert_new(Post), [row | {"posted_at": place.posted_at}])
    return await _find_post(session, place)


async def _is_open(session: AsyncSession, place: TappedMessage) -> bool:
    """Whether this is the message of an open circle; the id of one that has just been sent is not known yet."""
    chat = await find_chat(session, place.telegram_id, place.thread_id)
    # Locked in the same order as when a circle ends: it cannot end before this tap is counted.
    circle = await session.get(Circle, chat.id, with_for_update={"read": True}) if chat else None
    return (
        circle is not None
        and circle.stage == CircleStage.HERE
        and (circle.undelivered_since is not None or circle.message_id == place.message_id)
    )


async def _turn_over(session: AsyncSession, post: Post, person_hash: str, update_id: int, now: datetime) -> Tapped:
    tap = await session.get(PostTap, (person_hash, post.id))
    if tap is None:
        tap = PostTap(post_id=post.id, person_hash=person_hash, is_counted=True, update_id=update_id)
        session.add(tap)
    elif not 0 <= tap.update_id - update_id < REPEATED:
        tap.is_counted, tap.update_id = not tap.is_counted, update_id
    else:
        return Tapped.COUNTED if tap.is_counted else Tapped.TAKEN_BACK
    post.count += 1 if tap.is_counted else -1
    post.tapped_at = now
    return Tapped.COUNTED if tap.is_counted else Tapped.TAKEN_BACK
