"""The tables. Facts only: no name, no text that was sent, and what people write only encrypted."""

from bot.database.models.chats import Chat, Conversation, Facilitator, Invitation, Visit
from bot.database.models.kept import (
    Favourite,
    HiddenAffirmation,
    LookAsking,
    LookEntry,
    Mix,
    Note,
    OwnSentence,
    SafetyPlan,
)
from bot.database.models.program import ChatTurnRow, LeadRow, Memory
from bot.database.models.sending import AppointmentPlan, Failure, HandledUpdate, QueuedMessage, Reminder, Upload
from bot.database.models.shared import Circle, Post, PostTap

__all__ = [
    "AppointmentPlan",
    "Chat",
    "ChatTurnRow",
    "Circle",
    "Conversation",
    "Facilitator",
    "Failure",
    "Favourite",
    "HandledUpdate",
    "HiddenAffirmation",
    "Invitation",
    "LeadRow",
    "LookAsking",
    "LookEntry",
    "Memory",
    "Mix",
    "Note",
    "OwnSentence",
    "Post",
    "PostTap",
    "QueuedMessage",
    "Reminder",
    "SafetyPlan",
    "Upload",
    "Visit",
]
