"""What the program keeps of itself, about nobody: who sends, and what has to be known at the next start."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import Base


class LeadRow(Base):
    """Who holds a lead, on PostgreSQL, and until when; it ends by itself (database.lead)."""

    __tablename__ = "leads"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(16))  # a random name of a process
    term: Mapped[int]  # counts whenever another process takes over
    ends_at: Mapped[datetime]


class ChatTurnRow(Base):
    """Which process handles a chat's updates now, on PostgreSQL; it ends by itself (database.chat_turns)."""

    __tablename__ = "chat_turns"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # made of a chat's number
    holder: Mapped[str] = mapped_column(String(16))  # random, for each time that it is taken
    ends_at: Mapped[datetime]


class Memory(Base):
    """A key and its value: one thing that the program has to know at its next start."""

    __tablename__ = "memories"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
