"""Invitations: the code of a link, and what it suggests to a person who opens it."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Invitation
from bot.database.writes import changed
from bot.domain.schedule import Daily, read_rule, write_rule
from bot.screens.deep_links import deep_link

# No other payload of a deep link begins so. A code must not begin with a dash: a command line would misread it.
PREFIX = "i-"
# Without characters that look alike in print. Thirteen of them: 64 bits.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 13
CODE = re.compile(rf"{PREFIX}[{SIGNS}]{{{LENGTH}}}")


class Suggestion(BaseModel):
    """What an invitation suggests. `practice`: its folder's name; None for the bot's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    practice: str | None = None
    language: str | None = None
    rule: Daily | None = None


def new_code() -> str:
    """Returns a random code, which says nothing about whom it was made for."""
    return PREFIX + "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def link_of(username: str, code: str) -> str:
    """Returns the deep link that opens this invitation."""
    return deep_link(username, code)


async def make(database: Database, session: AsyncSession, code: str, suggestion: Suggestion, now: datetime) -> bool:
    """Creates an invitation. Returns False if there is one with this code: two taps at once create one."""
    values = {
        "code": code,
        "practice": suggestion.practice,
        "language": suggestion.language,
        "rule": write_rule(suggestion.rule) if suggestion.rule else None,
        "created_at": now,
    }
    return await changed(session, database.insert_new(Invitation).values(values)) == 1


async def find_open(session: AsyncSession, code: str) -> Invitation | None:
    """Returns the invitation; None if it has ended, or there is none with this code."""
    if not CODE.fullmatch(code):
        return None
    return await session.scalar(select(Invitation).where(Invitation.code == code, Invitation.ended_at.is_(None)))


async def list_open(session: AsyncSession) -> Sequence[Invitation]:
    """Returns the open invitations, the newest first."""
    query = select(Invitation).where(Invitation.ended_at.is_(None))
    return (await session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.code))).all()


async def end(session: AsyncSession, code: str, now: datetime) -> bool:
    """Ends an invitation: its link suggests nothing any more. Returns False if there is no open one."""
    statement = update(Invitation).where(Invitation.code == code, Invitation.ended_at.is_(None)).values(ended_at=now)
    return await changed(session, statement) > 0


def suggestion_of(invitation: Invitation) -> Suggestion:
    """Returns what it suggests, without a rule that is not Daily."""
    rule = read_rule(invitation.rule) if invitation.rule else None
    daily = rule if isinstance(rule, Daily) else None
    return Suggestion(practice=invitation.practice, language=invitation.language, rule=daily)
