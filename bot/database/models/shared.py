"""What is shared in groups and channels: taps and circles."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import NEW_NUMBERS, Base, partial_index
from bot.database.values import (
    CircleStage,
    PostKind,
)
from bot.domain.ids import ChatId


class Post(Base):
    """A message of the bot in a group or a channel under which someone has tapped; made at the first tap."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        # Those whose number on the screen is not the right one yet: few, and looked for often.
        partial_index("ix_posts_unshown", "id", where="count <> shown"),
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
