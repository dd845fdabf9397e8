"""Chooses which affirmation each reminder of a batch says, and keeps each order's place. Called by `due`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.database.prepared import updating
from bot.domain.ids import ChatId
from bot.domain.own_sentences import Mixture
from bot.domain.pairs import line_of
from bot.domain.rotation import Choice, Rotation, next_affirmation
from bot.usecases.reminders.rows import Due

# The affirmations of a practice (None: the bot's own) in a language, without the themes that are left out, and only
# with the themes that are named last, if there are any. Themes are ids with commas between.
ChoiceOf = Callable[[str | None, str | None, str, str], Choice]

MOVING_CHATS = updating(Chat.id, Chat.rotation_cycle, Chat.rotation_cursor)
MOVING_THEMES = updating(Reminder.id, Reminder.themes_cycle, Reminder.themes_cursor)


@dataclass(slots=True)
class Choices:
    """The choices of one batch, which are written at its end. A reminder with themes has an order of its own."""

    choice_of: ChoiceOf
    hidden: Mapping[ChatId, set[str]]
    mixtures: Mapping[ChatId, Mixture]
    rotations: dict[ChatId, Rotation] = field(default_factory=dict)
    of_themes: dict[int, Rotation] = field(default_factory=dict)  # by reminder
    known: dict[tuple[str | None, str | None, str, str], Choice] = field(default_factory=dict)  # `choice_of` so far

    def choose(self, row: Due, occurrence: datetime) -> str | None:
        """Returns an own sentence or an affirmation for this reminder, and moves on; None if none is wanted.

        Of a pair it is the line of the day's theme, whatever the orders: they go on where they were.
        Where nothing of its themes is left (the catalogue has changed, or they are off), it says anything; where only
        favourites are wanted and none is there, any.
        """
        if row.is_paired and (line := self._paired(row, occurrence)):
            return line
        mixture = self.mixtures.get(row.chat_id)
        if mixture and (own := mixture.take_own(row.seed)):
            return own
        if row.themes and (choice := self._wanted(row, row.themes)).wanted:
            rotation = Rotation(row.seed ^ row.id, row.themes_cycle, row.themes_cursor)
            chosen, self.of_themes[row.id] = next_affirmation(choice, rotation)
            return chosen
        choice = self._wanted(row, "")
        if not choice.wanted:
            return None
        rotation = self.rotations.get(row.chat_id) or Rotation(row.seed, row.rotation_cycle, row.rotation_cursor)
        chosen, self.rotations[row.chat_id] = next_affirmation(choice, rotation)
        return chosen

    def _paired(self, row: Due, occurrence: datetime) -> str | None:
        local = occurrence.astimezone(ZoneInfo(row.zone or "UTC"))
        choice = self._wanted(row, row.themes or "")
        return line_of(choice, seed=row.seed, day=local.date(), at=local.time())

    def _wanted(self, row: Due, themes: str) -> Choice:
        what = row.practice, row.language, row.left_out, themes
        if (choice := self.known.get(what)) is None:
            choice = self.known[what] = self.choice_of(*what)
        if hidden := self.hidden.get(row.chat_id):
            choice = choice.without(hidden)
        mixture = self.mixtures.get(row.chat_id)
        if mixture is None:  # nearly everyone: nothing to look for
            return choice
        narrowed = mixture.narrowed(choice)
        return narrowed if narrowed.wanted else choice

    def write(self, connection: Connection, database: Database) -> None:
        """Writes how far each order has come, but for those of `mixtures`."""
        MOVING_CHATS.run(connection, database, _places(self.rotations))
        MOVING_THEMES.run(connection, database, _places(self.of_themes))


def _places(rotations: Mapping[ChatId, Rotation] | Mapping[int, Rotation]) -> list[tuple[int, int, int]]:
    return [(key, place.cycle, place.cursor) for key, place in rotations.items()]
