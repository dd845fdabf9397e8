"""What comes by itself: reminders, sessions, what is queued, and what failed or was uploaded."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import NEW_NUMBERS, Base, partial_index
from bot.database.values import (
    FailedWork,
    MessageKind,
    MessageState,
)
from bot.domain.ids import ChatId


class Reminder(Base):
    """A recurring rule in one chat. `due_at` is None while it is paused or done."""

    __tablename__ = "reminders"
    __table_args__ = (NEW_NUMBERS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(Text)  # schedule.write_rule
    themes: Mapped[str | None] = mapped_column(Text)  # of its messages, with commas between; None: any
    # Its place in their order, as a chat's rotation.
    themes_cycle: Mapped[int] = mapped_column(default=0, server_default="0")
    themes_cursor: Mapped[int] = mapped_column(BigInteger, default=-1, server_default="-1")
    encrypted_text: Mapped[str | None] = mapped_column(Text)  # Cipher.encrypt; what it says in place of a message
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    is_paused: Mapped[bool] = mapped_column(default=False)
    skip_until: Mapped[datetime | None]  # no occurrence counts up to this one: "skip the next"
    is_paired: Mapped[bool] = mapped_column(default=False, server_default=false())  # one theme a day (domain.pairs)
    created_at: Mapped[datetime]


class AppointmentPlan(Base):
    """When a person's therapy sessions are, and what they chose to get around them. Rules and dates, no words."""

    __tablename__ = "appointments"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)  # domain.appointments.Appointments as JSON
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when something is due next; None while it is off
    updated_at: Mapped[datetime]


class QueuedMessage(Base):
    """One occurrence on its way to a chat. Which words, not the words themselves."""

    __tablename__ = "queued_messages"
    __table_args__ = (
        # One occurrence of a reminder is queued once, whoever queues it.
        UniqueConstraint("reminder_id", "occurrence_at"),
        # A message that was put off comes again once, however often and in how many processes it was tapped.
        Index(None, "chat_id", "again_of", unique=True),
        # In the next ones is only what waits, or what is claimed: what is queued, claimed and sent at once, as in a
        # rush, costs next to nothing there.
        partial_index("ix_queued_messages_waiting", "send_after", where="state = 'queued'"),
        partial_index("ix_queued_messages_claimed", "claimed_until", where="claimed_until IS NOT NULL"),
        partial_index("ix_queued_messages_asking", "chat_id", where="kind = 'asking'"),
        # What will soonest be too late goes first (usecases.claims).
        partial_index(
            "ix_queued_messages_earliest_deadline",
            "send_before",
            "send_after",
            "id",
            where="state || '' = 'queued'",
        ),
        # What comes around one session comes once, whoever queues it, also when the person travels meanwhile.
        partial_index(
            "uq_queued_messages_appointment", "chat_id", "notice_ref", where="kind = 'appointment'", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminders.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(String(16))
    affirmation_id: Mapped[str | None] = mapped_column(String(64))
    # <Notice>:<id of the chat that it is about>; of an affirmation: ends:<local time of its reminder's last one>,
    # back:<BackFrom>, or of one that comes again: again:<its reminder>:<local time, if one was chosen>;
    # of an appointment: <Prompt>:<when the session begins, in UTC>; of /look: day:<local day>
    notice_ref: Mapped[str | None] = mapped_column(String(40))
    again_of: Mapped[int | None] = mapped_column(BigInteger)  # the message in Telegram that was put off
    occurrence_at: Mapped[datetime]
    send_after: Mapped[datetime] = mapped_column(index=True)  # what was done long ago is found by it
    send_before: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(String(16), default=MessageState.QUEUED)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))


class Upload(Base):
    """A picture that Telegram has already: sent again by its file_id."""

    __tablename__ = "uploads"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the picture and of the bot's number
    file_id: Mapped[str] = mapped_column(Text)


class Failure(Base):
    """One row whose work failed with an unexpected error, so that `doctor` can show it. Gone by itself after days."""

    __tablename__ = "failures"

    work: Mapped[FailedWork] = mapped_column(String(16), primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int]
    is_set_aside: Mapped[bool]  # it is tried once a day, or not any more (`usecases.failures`)
    failed_at: Mapped[datetime]


class HandledUpdate(Base):
    """An update that has had its effect and its answer: Telegram may deliver it again after a restart."""

    __tablename__ = "handled_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    handled_at: Mapped[datetime]
