"""What is stored about people, table by table: how it is exported, and which lines of /privacy name it.

One line for each table. The tests walk all tables and all columns: what is neither in the export nor left out with a
reason fails, and so does a table that /forget leaves behind. Called by `exports` and `imports`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.database import models
from bot.database.columns import Base
from bot.domain import exports
from bot.domain.exports import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One table.

    `name` and `part`: where the export holds its rows, and as what; the fields of the part are named as the columns.
    `is_brought`: they are brought in on another server; else they stand under `here`. Without a name the rows are not
    exported, for the reason `why_not`. `left_out`: columns that are not exported, with the reason. `privacy`: the keys
    of the lines of `privacy.about_chat` or `privacy.about_group` that name it; none for what is about nobody.
    """

    model: type[Base]
    privacy: tuple[str, ...] = ()
    name: str = ""
    part: type[Part] | None = None
    is_brought: bool = False
    why_not: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)


OWNER = {"chat_id": "the export is this chat's", "person_id": "the export is this person's"}
TWICE = "tells a message that Telegram delivers twice"
NUMBER = {"id": "the number of a row says nothing outside of the database"}

STORED = (
    Stored(
        model=models.Chat,
        privacy=("identity", "settings", "order", "course", "marked", "country", "hush"),
        name="settings",
        part=exports.Settings,
        left_out={
            "telegram_id": "stands under here.chat",
            "kind": "stands under here.chat",
            "created_at": "stands under here.chat",
            "last_seen_at": "stands under here.chat",
            "asked_at": "stands under here.chat",
            "back_from": "what the next message says it comes after; of use for that one alone",
            "hushed_until": "stands under here.chat",
            "caught_up_at": "stands under here.chat",
            "thread_id": "a private chat has no topics",
            "off_reason": "a stop stands as settings.stopped_at; whoever has blocked the bot exports nothing",
            "off_at": "the same",
            "left_at": "the same",
            "refusals": "the same",
            "quiet_until": "follows from the appointments, and is computed anew",
            "affirmed_by": "tells a request that Telegram delivers twice",
            "last_notice": "is about a group, and never set for a person",
            **NUMBER,
        },
    ),
    Stored(
        model=models.Reminder,
        privacy=("settings", "own_text"),
        name="reminders",
        part=exports.Reminder,
        is_brought=True,
        left_out={"due_at": "stands under here.next_times; another server computes it anew", **NUMBER, **OWNER},
    ),
    Stored(
        model=models.SafetyPlan,
        privacy=("safety_plan",),
        name="safety_plan",
        part=exports.SafetyPlan,
        is_brought=True,
        left_out=OWNER,
    ),
    Stored(
        model=models.Note,
        privacy=("notes",),
        name="notes",
        part=exports.Note,
        is_brought=True,
        left_out={"message_id": TWICE, **NUMBER, **OWNER},
    ),
    Stored(
        model=models.OwnSentence,
        privacy=("own_sentences",),
        name="own_sentences",
        part=exports.OwnSentence,
        is_brought=True,
        left_out={"message_id": TWICE, **NUMBER, **OWNER},
    ),
    Stored(
        model=models.Mix,
        privacy=("own_sentences",),
        name="mix",
        part=exports.Mix,
        is_brought=True,
        left_out=OWNER,
    ),
    Stored(
        model=models.LookEntry,
        privacy=("look_back",),
        name="look_back",
        part=exports.LookEntry,
        is_brought=True,
        left_out=OWNER,
    ),
    Stored(
        model=models.LookAsking,
        privacy=("look_back",),
        name="look_asking",
        part=exports.LookAsking,
        is_brought=True,
        left_out={"next_at": "another server computes it anew", **OWNER},
    ),
    Stored(
        model=models.AppointmentPlan,
        privacy=("appointments",),
        name="appointments",
        part=exports.AppointmentPlan,
        is_brought=True,
        left_out={"next_at": "another server computes it anew", **OWNER},
    ),
    Stored(
        model=models.Favourite,
        privacy=("marked",),
        name="favourites",
        part=exports.Favourite,
        is_brought=True,
        left_out=OWNER,
    ),
    Stored(
        model=models.HiddenAffirmation,
        privacy=("marked",),
        name="hidden",
        part=exports.HiddenAffirmation,
        is_brought=True,
        left_out=OWNER,
    ),
    Stored(model=models.Visit, privacy=("flows",), name="visits", part=exports.Visit, is_brought=True, left_out=OWNER),
    Stored(
        model=models.QueuedMessage,
        privacy=("messages",),
        name="messages",
        part=exports.Message,
        left_out={"reminder_id": NUMBER["id"], "again_of": TWICE, **NUMBER, **OWNER},
    ),
    Stored(
        model=models.Conversation,
        privacy=("questions", "flows"),
        name="conversations",
        part=exports.Conversation,
        left_out={"token": "a random number in the buttons of a question", **NUMBER, **OWNER},
    ),
    Stored(
        model=models.Facilitator,
        privacy=("facilitators",),
        name="facilitators",
        part=exports.Facilitator,
        left_out=OWNER,
    ),
    Stored(
        model=models.PostTap,
        privacy=("taps",),
        name="taps",
        part=exports.Tap,
        left_out={
            "person_hash": "says nothing without the key",
            "post_id": NUMBER["id"],
            "update_id": "tells a tap that Telegram delivers twice",
        },
    ),
    Stored(model=models.Post, privacy=("posts",), why_not="a group's, and the same for everyone in it"),
    Stored(model=models.Circle, privacy=("posts",), why_not="a group's, and the same for everyone in it"),
    Stored(model=models.Failure, privacy=("messages",), why_not="the number of a row and an error, for three days"),
    Stored(model=models.HandledUpdate, why_not="the number of an update, for two days; nothing of whose it was"),
    Stored(model=models.Upload, why_not="the bot's own pictures"),
    Stored(model=models.LeadRow, why_not="which process sends"),
    Stored(model=models.ChatTurnRow, why_not="which process answers a chat, for as long as it does"),
    Stored(model=models.Memory, why_not="what the program remembers of itself"),
    Stored(model=models.Invitation, why_not="made by whoever runs the bot; nothing of who opened it"),
)
