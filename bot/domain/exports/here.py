"""The parts of an export that are of use on one server only: shown, and not brought along. See `exports`."""

from typing import Any

from bot.domain.exports.fields import (
    Moment,
)
from bot.domain.exports.parts import Part


class Chat(Part):
    """What only this server can use of the chat itself."""

    telegram_id: int
    kind: str
    created_at: Moment
    last_seen_at: Moment | None
    asked_at: Moment | None
    hushed_until: Moment | None
    caught_up_at: Moment | None


class NextTime(Part):
    """When a reminder is due next; `reminder` counts them from 1."""

    reminder: int
    due_at: Moment


class Message(Part):
    """What was due in the last days, and what became of it."""

    kind: str
    affirmation_id: str | None
    notice_ref: str | None
    occurrence_at: Moment
    send_after: Moment
    send_before: Moment
    state: str
    claimed_until: Moment | None
    attempts: int
    sent_at: Moment | None
    error: str | None


class Conversation(Part):
    """A question or a flow that is open: the step, and what was chosen so far."""

    json_fields = frozenset({"draft"})

    subject: str
    step: str
    draft: Any  # whatever JSON the subject keeps
    wake_at: Moment | None
    updated_at: Moment


class Facilitator(Part):
    """A group or channel that this person set up."""

    telegram_id: int  # of the group or channel
    thread_id: int
    since: Moment


class Tap(Part):
    """A tap under a message in a group or channel."""

    telegram_id: int  # of the group or channel
    message_id: int
    kind: str
    is_counted: bool
    posted_at: Moment


class Here(Part):
    """What is of use on this server only: shown, and not brought along."""

    chat: Chat | None = None
    next_times: tuple[NextTime, ...] = ()
    messages: tuple[Message, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    facilitators: tuple[Facilitator, ...] = ()
    taps: tuple[Tap, ...] = ()
