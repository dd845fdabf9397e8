"""Chats and people in them: who is talked to, and what is open there."""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import NEW_NUMBERS, Base, partial_index
from bot.database.values import (
    BackFrom,
    OffReason,
    Subject,
)
from bot.domain.ids import ChatId, TelegramId

RARELY_SET = ("hushed_until", "quiet_until", "off_reason", "paused_until", "left_at", "travels_until")


class Chat(Base):
    """A place the bot talks in: a private chat, a group, a topic of one, a channel."""

    __tablename__ = "chats"
    __table_args__ = (
        UniqueConstraint("telegram_id", "thread_id"),
        # Few chats are in these, so that the few are found among all, and the rest cost nothing there.
        *(partial_index(f"ix_chats_{name}", name, where=f"{name} IS NOT NULL") for name in RARELY_SET),
        partial_index("ix_chats_unseen", "telegram_id", where="last_seen_at IS NULL"),
        NEW_NUMBERS,
    )

    id: Mapped[ChatId] = mapped_column(primary_key=True)
    telegram_id: Mapped[TelegramId]
    thread_id: Mapped[int] = mapped_column(default=0)  # 0: no topic
    kind: Mapped[str] = mapped_column(String(16), default="private")
    language: Mapped[str | None] = mapped_column(String(2))  # None: the default one
    practice: Mapped[str | None] = mapped_column(String(40))  # whose words were chosen; None: everyone's
    zone: Mapped[str | None] = mapped_column(String(64))
    country: Mapped[str | None] = mapped_column(String(2))  # chosen on the support card
    quiet_start: Mapped[time | None]
    quiet_end: Mapped[time | None]
    is_silent: Mapped[bool] = mapped_column(default=False)
    shows_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())  # affirmations come as cards
    left_out: Mapped[str] = mapped_column(Text, default="", server_default="")  # unwanted themes, commas between
    paused_until: Mapped[datetime | None]
    clock: Mapped[int | None]  # 12 or 24 hours, if chosen; otherwise as in the person's region
    hushed_until: Mapped[datetime | None]  # nothing speaks there by itself until then (usecases.hush)
    quiet_until: Mapped[datetime | None]  # around a session; what is ordinary waits until then
    off_reason: Mapped[OffReason | None] = mapped_column(String(16))
    off_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # blocked or gone since then, stopped before or not
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")  # in a row (usecases.refusals)
    last_notice: Mapped[str | None] = mapped_column(String(16))  # the last Notice about it; None when all is well
    seed: Mapped[int] = mapped_column(Integer)  # makes this chat's order and varied times its own
    rotation_cycle: Mapped[int] = mapped_column(default=0)
    rotation_cursor: Mapped[int] = mapped_column(BigInteger, default=-1)
    # The update that took the last affirmation: it takes none more when Telegram delivers it twice.
    affirmed_by: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    caught_up_at: Mapped[datetime | None]  # when it last got one message for all that was missed
    home_zone: Mapped[str | None] = mapped_column(String(64))  # while someone travels: the zone to go back to,
    travels_until: Mapped[datetime | None]  # and when
    # When the day began on which its person last tapped or typed; or when their pause ended (presence).
    last_seen_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # when they were asked whether it should go on, until they are seen again
    is_asked: Mapped[bool] = mapped_column(default=True, server_default=true())  # whether they may be
    back_from: Mapped[BackFrom | None] = mapped_column(String(16))  # the next message says one line about it
    created_at: Mapped[datetime]


class Facilitator(Base):
    """Someone who has set up what is shared in a group or a channel, and is told when something is wrong there.

    Whether they still look after it is asked of Telegram whenever it matters.
    """

    __tablename__ = "facilitators"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False, index=True)
    since: Mapped[datetime]


class Conversation(Base):
    """Where one person is in a conversation: the step that waits for an answer, and what was chosen so far."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("chat_id", "person_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    person_id: Mapped[TelegramId] = mapped_column(index=True)  # Telegram's number of the person, as in every tap
    subject: Mapped[Subject] = mapped_column(String(16))
    token: Mapped[str] = mapped_column(String(16), index=True)  # in the buttons of this conversation, and of no other
    step: Mapped[str] = mapped_column(String(32))
    draft: Mapped[str] = mapped_column(Text, default="{}")  # JSON
    wake_at: Mapped[datetime | None] = mapped_column(index=True)  # when it goes on, or closes, by itself
    updated_at: Mapped[datetime]


class Visit(Base):
    """How often a person began a flow, so that it does not read the same again, and what they chose in it last."""

    __tablename__ = "visits"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    flow: Mapped[str] = mapped_column(String(60), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[str | None] = mapped_column(String(16))  # the key of a button


class Invitation(Base):
    """What a link suggests to whoever opens it. Nothing of who did, or how many."""

    __tablename__ = "invitations"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    practice: Mapped[str | None] = mapped_column(String(40))  # whose words; None: everyone's
    language: Mapped[str | None] = mapped_column(String(2))
    rule: Mapped[str | None] = mapped_column(Text)  # schedule.write_rule
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
