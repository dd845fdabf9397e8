"""What a person keeps: words of their own, encrypted, and messages that they marked."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import NEW_NUMBERS, Base
from bot.domain.ids import ChatId
from bot.domain.own_sentences import Share


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
