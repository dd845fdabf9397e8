"""Own sentences of a person, encrypted, and what their reminders draw from. Private chats only.

Called by `handlers.own_sentences`, `reminders.due` and `queued_messages`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import ERASES
from bot.database.models import Chat, Favourite, Mix, OwnSentence
from bot.database.writes import changed
from bot.domain.encryption import Cipher, EncryptedKind, Owner
from bot.domain.ids import ChatId
from bot.domain.own_sentences import MOST_SENTENCES, Mixture, Share, ref_of
from bot.domain.rotation import Choice
from bot.usecases.preferences import replace_queued


class TooManySentencesError(Exception):
    """The chat has MOST_SENTENCES already."""


def owner(chat_id: ChatId) -> Owner:
    """Returns what the sentences of this chat are bound to."""
    return Owner(EncryptedKind.OWN_SENTENCE, chat_id)


def decrypt(sentence: OwnSentence, cipher: Cipher) -> str:
    """Returns the words. Raises DecryptionError when no key decrypts them."""
    return cipher.decrypt(sentence.encrypted, owner(sentence.chat_id))


async def add(session: AsyncSession, chat: Chat, cipher: Cipher, message_id: int, text: str, now: datetime) -> None:
    """Adds a sentence; the first one comes now and then. One message is kept once. Raises TooManySentencesError."""
    # Of two at once the second waits here, and sees the first; the unique key on chat and message holds it, too.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    known = await list_kept(session, chat)
    if any(sentence.message_id == message_id for sentence in known):
        return
    if len(known) >= MOST_SENTENCES:
        raise TooManySentencesError
    encrypted = cipher.encrypt(text, owner(chat.id))
    session.add(OwnSentence(chat_id=chat.id, message_id=message_id, encrypted=encrypted, added_at=now))
    await mix_of(session, chat)
    await session.flush()


async def list_kept(session: AsyncSession, chat: Chat) -> Sequence[OwnSentence]:
    """Returns the sentences, the newest first, still encrypted."""
    query = select(OwnSentence).where(OwnSentence.chat_id == chat.id).order_by(OwnSentence.id.desc())
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, chat_id: ChatId, sentence_id: int) -> OwnSentence | None:
    """Returns the sentence if it is the chat's own: a forged id finds nothing."""
    query = select(OwnSentence).where(OwnSentence.chat_id == chat_id, OwnSentence.id == sentence_id)
    return (await session.scalars(query)).one_or_none()


async def remove(session: AsyncSession, chat: Chat, sentence_id: int, choice: Choice) -> bool:
    """Removes a sentence; where it is queued, an affirmation of `choice` takes its place.

    Returns False if it is gone: of two taps at once the second finds nothing.
    """
    session.info[ERASES] = True
    statement = delete(OwnSentence).where(OwnSentence.chat_id == chat.id, OwnSentence.id == sentence_id)
    if not await changed(session, statement):
        return False
    await replace_queued(session, chat, choice, {ref_of(sentence_id)})
    return True


async def mix_of(session: AsyncSession, chat: Chat) -> Mix:
    """Returns what the reminders of this chat draw from: made when it is first asked for."""
    mix = await session.get(Mix, chat.id)
    if mix is None:
        mix = Mix(chat_id=chat.id, share=Share.SOMETIMES, only_kept=False)
        session.add(mix)
        await session.flush()
    return mix


async def mixtures_in(session: AsyncSession, chat_ids: Collection[ChatId]) -> Mapping[ChatId, Mixture]:
    """Returns what these chats draw from; one that draws from all affirmations alone is missing, and costs nothing."""
    if not chat_ids:
        return {}
    wanted = or_(Mix.share != Share.OFF, Mix.only_kept)
    mixes = (await session.scalars(select(Mix).where(Mix.chat_id.in_(chat_ids), wanted))).all()
    if not mixes:
        return {}
    ids = [mix.chat_id for mix in mixes]
    sentences: dict[ChatId, list[int]] = {}
    found = select(OwnSentence.chat_id, OwnSentence.id).where(OwnSentence.chat_id.in_(ids)).order_by(OwnSentence.id)
    for chat_id, sentence_id in await session.execute(found):
        sentences.setdefault(chat_id, []).append(sentence_id)
    only_kept = [mix.chat_id for mix in mixes if mix.only_kept]
    kept: dict[ChatId, set[str]] = {}
    marked = select(Favourite.chat_id, Favourite.affirmation_id).where(Favourite.chat_id.in_(only_kept))
    for chat_id, affirmation_id in await session.execute(marked) if only_kept else ():
        kept.setdefault(chat_id, set()).add(affirmation_id)
    return {
        mix.chat_id: Mixture(
            Share(mix.share),
            tuple(sentences.get(mix.chat_id, ())),
            frozenset(kept.get(mix.chat_id, ())) if mix.only_kept else None,
            mix.cycle,
            mix.cursor,
            mix.others,
        )
        for mix in mixes
    }


async def write_mixtures(session: AsyncSession, mixtures: Mapping[ChatId, Mixture]) -> None:
    """Writes how far each order has come."""
    rows = [
        {"_id": chat_id, "_cycle": mixture.cycle, "_cursor": mixture.cursor, "_others": mixture.others}
        for chat_id, mixture in mixtures.items()
    ]
    if not rows:
        return
    statement = (
        update(Mix)
        .where(Mix.chat_id == bindparam("_id"))
        .values(cycle=bindparam("_cycle"), cursor=bindparam("_cursor"), others=bindparam("_others"))
    )
    await (await session.connection()).execute(statement, rows)
