"""The tables. Facts only: no name, no text that was sent, and what people write only encrypted."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import NEW_NUMBERS, Base
from bot.database.values import (
    BackFrom,
    CircleStage,
    FailedWork,
    MessageKind,
    MessageState,
    OffReason,
    PostKind,
    Subject,
)
from bot.domain.ids import ChatId, TelegramId
from bot.domain.own_sentences import Share


class Chat(Base):
    """A place the bot talks in: a private chat, a group, a topic of one, a channel."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("telegram_id", "thread_id"), NEW_NUMBERS)

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
    shows_pictures: Mapped[bool] = mapped_column(default=False)  # affirmations come as cards
    left_out: Mapped[str] = mapped_column(Text, default="")  # themes that are not wanted, with commas between
    paused_until: Mapped[datetime | None] = mapped_column(index=True)
    clock: Mapped[int | None]  # 12 or 24 hours, if chosen; otherwise as in the person's region
    hushed_until: Mapped[datetime | None]  # nothing speaks there by itself until then (usecases.hush)
    quiet_until: Mapped[datetime | None]  # around a session; what is ordinary waits until then
    off_reason: Mapped[OffReason | None] = mapped_column(String(16))
    off_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None] = mapped_column(index=True)  # blocked or gone since then, stopped before or not
    last_notice: Mapped[str | None] = mapped_column(String(16))  # the last Notice about it; None when all is well
    seed: Mapped[int] = mapped_column(Integer)  # makes this chat's order and varied times its own
    rotation_cycle: Mapped[int] = mapped_column(default=0)
    rotation_cursor: Mapped[int] = mapped_column(BigInteger, default=-1)
    caught_up_at: Mapped[datetime | None]  # when it last got one message for all that was missed
    home_zone: Mapped[str | None] = mapped_column(String(64))  # while someone travels: the zone to go back to,
    travels_until: Mapped[datetime | None] = mapped_column(index=True)  # and when
    last_seen_at: Mapped[
        datetime | None
    ]  # when its person last tapped or typed, to the day, or their pause ended (presence)
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


class Reminder(Base):
    """A recurring rule in one chat. `due_at` is None while it is paused or done."""

    __tablename__ = "reminders"
    __table_args__ = (NEW_NUMBERS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(Text)  # schedule.write_rule
    themes: Mapped[str | None] = mapped_column(Text)  # of its messages, with commas between; None: any
    themes_cycle: Mapped[int] = mapped_column(default=0)  # its place in their order, as a chat's rotation
    themes_cursor: Mapped[int] = mapped_column(BigInteger, default=-1)
    encrypted_text: Mapped[str | None] = mapped_column(Text)  # Cipher.encrypt; what it says in place of a message
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    is_paused: Mapped[bool] = mapped_column(default=False)
    skip_until: Mapped[datetime | None]  # no occurrence counts up to this one: "skip the next"
    is_paired: Mapped[bool] = mapped_column(default=False, server_default=false())  # one theme a day (domain.pairs)
    created_at: Mapped[datetime]


class QueuedMessage(Base):
    """One occurrence on its way to a chat. Which words, not the words themselves."""

    __tablename__ = "queued_messages"
    __table_args__ = (
        # One occurrence of a reminder is queued once, whoever queues it.
        UniqueConstraint("reminder_id", "occurrence_at"),
        # A message that was put off comes again once, however often and in how many processes it was tapped.
        Index(None, "chat_id", "again_of", unique=True),
        Index(None, "state", "send_after", "id"),
        # What comes around one session comes once, whoever queues it, also when the person travels meanwhile.
        Index(
            "uq_queued_messages_appointment",
            "chat_id",
            "notice_ref",
            unique=True,
            sqlite_where=text("kind = 'appointment'"),  # on PostgreSQL as well: see the migration
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminders.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(String(16))
    affirmation_id: Mapped[str | None] = mapped_column(String(64))
    # <Notice>:<id of the chat that it is about>; of an affirmation: ends:<local time of its reminder's last one>,
    # back:<BackFrom>, or of one that comes again: again:<its reminder>:<local time, if one was chosen>;
    # of an appointment: <Prompt>:<when the session begins, in UTC>; of /look: day:<local day>
    notice_ref: Mapped[str | None] = mapped_column(String(40))
    again_of: Mapped[int | None] = mapped_column(BigInteger)  # the message in Telegram that was put off
    occurrence_at: Mapped[datetime]
    send_after: Mapped[datetime]
    send_before: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(String(16), default=MessageState.QUEUED)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))


class AppointmentPlan(Base):
    """When a person's therapy sessions are, and what they chose to get around them. Rules and dates, no words."""

    __tablename__ = "appointments"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)  # domain.appointments.Appointments as JSON
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when something is due next; None while it is off
    updated_at: Mapped[datetime]


class Conversation(Base):
    """Where one person is in a conversation: the step that waits for an answer, and what was chosen so far."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("chat_id", "person_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    person_id: Mapped[TelegramId]  # Telegram's number of the person, as in every tap
    subject: Mapped[Subject] = mapped_column(String(16))
    token: Mapped[str] = mapped_column(String(16))  # stands in the buttons of this conversation, and of no other
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


class SafetyPlan(Base):
    """What helps a person in a very hard moment (`domain.safety_plan`), encrypted. The key is not in the database."""

    __tablename__ = "safety_plans"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    encrypted: Mapped[str] = mapped_column(Text)  # Cipher.encrypt
    updated_at: Mapped[datetime]


class Note(Base):
    """A thought that a person keeps for a session, encrypted. Gone by itself."""

    __tablename__ = "notes"
    # One message is kept once, though Telegram may deliver it, or a tap on its button, twice.
    __table_args__ = (UniqueConstraint("chat_id", "message_id"), NEW_NUMBERS)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # of the person's; None: brought in by /bring
    encrypted: Mapped[str] = mapped_column(Text)  # Cipher.encrypt
    kept_at: Mapped[datetime]
    gone_at: Mapped[datetime] = mapped_column(index=True)


class OwnSentence(Base):
    """A sentence of a person's own that may come among their reminders, encrypted."""

    __tablename__ = "own_sentences"
    # One message is kept once, though Telegram may deliver it twice.
    __table_args__ = (UniqueConstraint("chat_id", "message_id"), NEW_NUMBERS)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # of the person's; None: brought in by /bring
    encrypted: Mapped[str] = mapped_column(Text)  # Cipher.encrypt
    added_at: Mapped[datetime]


class Mix(Base):
    """What a chat's reminders draw from, where that is not all affirmations alone (`domain.own_sentences.Mixture`)."""

    __tablename__ = "mixes"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    share: Mapped[Share] = mapped_column(String(16))  # of own sentences
    only_kept: Mapped[bool] = mapped_column(default=False)  # of affirmations only favourites
    cycle: Mapped[int] = mapped_column(default=0)  # the place in the order of own sentences
    cursor: Mapped[int] = mapped_column(BigInteger, default=-1)
    others: Mapped[int] = mapped_column(default=0)  # messages since the last own sentence


class LookEntry(Base):
    """A word or a colour for a day (`domain.look_back`), encrypted; one for each local day."""

    __tablename__ = "look_entries"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    encrypted: Mapped[str] = mapped_column(Text)  # Cipher.encrypt


class LookAsking(Base):
    """When a person wants to be asked for it. `next_at` is None while the chat is switched off."""

    __tablename__ = "look_askings"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[str] = mapped_column(Text)  # schedule.write_rule
    next_at: Mapped[datetime | None] = mapped_column(index=True)


class Favourite(Base):
    """An affirmation that someone marked to find it again. Which one, not its words."""

    __tablename__ = "favourites"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    affirmation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    added_at: Mapped[datetime]


class HiddenAffirmation(Base):
    """A sentence that is not to come in this chat any more."""

    __tablename__ = "hidden_affirmations"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    affirmation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    hidden_at: Mapped[datetime]


class Upload(Base):
    """A picture that Telegram has already: sent again by its file_id."""

    __tablename__ = "uploads"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the picture and of the bot's number
    file_id: Mapped[str] = mapped_column(Text)


class Invitation(Base):
    """What a link suggests to whoever opens it. Nothing of who did, or how many."""

    __tablename__ = "invitations"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    practice: Mapped[str | None] = mapped_column(String(40))  # whose words; None: everyone's
    language: Mapped[str | None] = mapped_column(String(2))
    rule: Mapped[str | None] = mapped_column(Text)  # schedule.write_rule
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Post(Base):
    """A message of the bot in a group or a channel under which someone has tapped; made at the first tap."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        # Those whose number on the screen is not the right one yet: few, and looked for often.
        # PostgreSQL's condition is in the migration alone: named here, it would load that dialect's 3 MB for everyone.
        Index("ix_posts_unshown", "id", sqlite_where=text("count <> shown")),
        NEW_NUMBERS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[PostKind] = mapped_column(String(16))
    count: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)  # what stands on the button
    shown_at: Mapped[datetime | None]  # when the button was changed last
    tapped_at: Mapped[datetime]  # the last tap, whoever's
    posted_at: Mapped[datetime] = mapped_column(index=True)


class PostTap(Base):
    """Someone's tap under a post. Who it was only the bot's token tells, and for each post anew (taps.hash_person)."""

    __tablename__ = "post_taps"

    person_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_counted: Mapped[bool]  # False: taken back, and erased within a day or two
    update_id: Mapped[int] = mapped_column(BigInteger)  # Telegram may deliver a tap twice


class Circle(Base):
    """The circle that is open in a chat: what was said last, or is to be said now."""

    __tablename__ = "circles"

    chat_id: Mapped[ChatId] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[CircleStage] = mapped_column(String(16))
    part: Mapped[int] = mapped_column(default=0)  # of the arriving exercise
    update_id: Mapped[int] = mapped_column(BigInteger)  # what opened or ended it: Telegram may deliver it twice
    variant: Mapped[int]  # circles take turns in how things are said
    message_id: Mapped[int] = mapped_column(BigInteger, default=0)  # the one with the buttons; 0: none yet
    undelivered_since: Mapped[datetime | None]  # what is to be said now has waited since then
    wake_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime]


class Failure(Base):
    """One row whose work failed with an unexpected error, so that `doctor` can show it. Gone by itself after days."""

    __tablename__ = "failures"

    work: Mapped[FailedWork] = mapped_column(String(16), primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int]
    is_set_aside: Mapped[bool]  # it is not tried again
    failed_at: Mapped[datetime]
