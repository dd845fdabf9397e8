"""The models of the interface texts: questions, buttons, replies, errors. One class per subject, one field per text."""

from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.content.appointments import AppointmentTexts
from bot.content.exports import BringTexts, ExportTexts
from bot.content.flow_texts import DiagramTexts, FlowTexts
from bot.content.groups import CircleTexts, GroupTexts, PostTexts
from bot.content.invitations import InvitationAdminTexts, InvitationTexts
from bot.content.later import LaterTexts, PresenceTexts
from bot.content.look_back import LookBackTexts
from bot.content.notes import NoteTexts
from bot.content.own_sentences import OwnSentenceTexts
from bot.content.privacy import ForgetTexts, PrivacyTexts
from bot.content.settings_texts import SettingsTexts, TravelTexts
from bot.content.setup_texts import FirstQuestionTexts, ReminderThemeTexts, SetupTexts, StartTexts
from bot.content.texts import Counted, Label, Text, Texts, Toast, counted, entries, form, holds
from bot.content.times import TimeTexts
from bot.domain.openings import OpeningPatterns

CommandName = Annotated[str, form(r"^[a-z0-9_]{1,32}$", "small letters, digits and _, such as ground")]


class ProfileTexts(Texts):
    """The bot's profile in Telegram; the limits are those of setMyDescription and setMyShortDescription."""

    description: Annotated[str, holds(limit=512)]
    short_description: Annotated[str, holds(limit=120)]


NEAR = 0.8  # of difflib's ratio: one slip in a word of five letters


class CommandTexts(Texts):
    """The command menus: a description for each command, by who sees it."""

    private: dict[CommandName, Annotated[str, holds(limit=256)]]
    group: dict[CommandName, Annotated[str, holds(limit=256)]]
    admin: dict[CommandName, Annotated[str, holds(limit=256)]]  # of a group, in addition to `group`
    operator: dict[CommandName, Annotated[str, holds(limit=256)]]
    # Other names by which a command is called, too.
    names: dict[CommandName, tuple[CommandName, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_name_is_one_commands(self) -> Self:
        taken = self.known
        for command, others in self.names.items():
            if command not in self.known:
                raise ValueError(f"names gives {command} another name, and there is no such command; correct it")
            for other in others:
                if other in taken:
                    raise ValueError(f"names has {other} twice, or it is a command already; take one of them out")
                taken = taken | {other}
        return self

    @property
    def known(self) -> frozenset[str]:
        """Every command by its plain name."""
        return frozenset({"start", *self.private, *self.group, *self.admin, *self.operator})

    def find(self, name: str) -> str | None:
        """Returns the command that has this name or goes by it."""
        if name in self.known:
            return name
        return next((command for command, others in self.names.items() if name in others), None)

    def find_near(self, name: str) -> str | None:
        """Returns the command that was probably meant by a name with a slip: groundd."""
        others = [other for names in self.names.values() for other in names]
        near = get_close_matches(name, [*self.known - set(self.operator), *others], n=1, cutoff=NEAR)
        return self.find(near[0]) if near else None


class ReminderTexts(Texts):
    title: Text
    none: Text
    line: Annotated[str, holds("number", "rule", "next")]
    line_paused: Annotated[str, holds("number", "rule")]
    line_done: Annotated[str, holds("number", "rule")]
    ending: Annotated[str, holds("moment")]
    paused_until: Annotated[str, holds("until")]
    stopped: Text
    pick: Annotated[str, holds("number", "rule", limit=80)]
    add: Label
    detail: Annotated[str, holds("rule", "next")]
    detail_paused: Annotated[str, holds("rule")]
    detail_done: Annotated[str, holds("rule")]
    change: Label
    days: Label
    at: Label
    pause: Label
    resume: Label
    remove: Label
    back: Label
    question_days: Annotated[str, holds("rule")]
    day_on: Annotated[str, holds("day", limit=40)]
    day_off: Annotated[str, holds("day", limit=40)]
    days_done: Label
    one_day_stays: Toast
    pair: Label
    paired: Label
    is_paired: Toast
    not_paired: Toast
    removed: Toast
    put_back: Label
    is_back: Toast
    already_removed: Toast
    themes: ReminderThemeTexts


class PauseTexts(Texts):
    question: Text
    never_mind: Label
    kept: Text
    a_day: Label
    a_week: Label
    until_a_date: Label
    until_session: Label
    typed_session: tuple[str, ...]  # what people type for it
    question_date: Text
    not_a_date: Text
    paused: Annotated[str, holds("until")]
    back_by_itself: Text
    resumed: Annotated[str, holds("next")]
    resumed_without_next: Text
    not_paused: Annotated[str, holds("next")]
    nothing_to_pause: Text


class StopTexts(Texts):
    typed: Annotated[tuple[str, ...], entries(1)]  # whole messages that turn everything off
    stopped: Text
    already_stopped: Text

    @cached_property
    def patterns(self) -> OpeningPatterns:
        """Finds out whether a whole message is one of `typed`."""
        return OpeningPatterns({"stop": self.typed}, {})


class HelpTexts(Texts):
    text: Text
    all: Label
    commands: Text
    back: Label
    contact: Label
    group: Text
    open_private: Label
    ground_private: Label
    private_only: Text


class LearnTexts(Texts):
    """The texts around the explainers, which are in explainers.yaml."""

    title: Text
    question: Annotated[str, holds("theme", limit=300)]
    contested: Annotated[str, holds(limit=200)]
    source: Annotated[str, holds("title", "author", limit=200)]
    source_alone: Annotated[str, holds("title", limit=200)]
    papers: Annotated[str, holds("papers", limit=200)]
    next: Label
    back: Label
    back_to_theme: Label
    themes: Label


class FavouriteTexts(Texts):
    """Favourites: the affirmations that a person keeps."""

    keep: Label
    is_kept: Label
    another: Label
    kept: Toast
    already_kept: Toast
    title: Text
    none: Text
    line: Annotated[str, holds("number", "text")]
    newer: Label
    older: Label
    copy_text: Annotated[Label, Field(alias="copy")]
    story: Label
    remove: Label
    removed: Toast
    back: Label


class PreferenceTexts(Texts):
    """Preferences: affirmations and themes that a chat does not want."""

    not_for_me: Label
    hidden: Toast
    last_one: Toast
    bring_back: Label
    brought_back: Toast
    brought_back_with: Annotated[str, holds("themes", limit=100)]
    leave_out: Annotated[str, holds("theme", limit=60)]
    left_out: Annotated[str, holds("theme", limit=200)]
    title: Text
    coming: Annotated[Counted, counted("count")]
    theme_on: Annotated[str, holds("theme", limit=60)]
    theme_off: Annotated[str, holds("theme", limit=60)]
    one_stays: Toast
    all: Label
    hidden_ones: Annotated[Counted, counted("count", limit=60)]
    all_brought_back: Toast


class LanguageTexts(Texts):
    """Choosing a language. Each language is named in itself, by CLDR."""

    question: Text
    chosen: Text


class InlineTexts(Texts):
    """Results of inline mode."""

    words: Annotated[str, holds("theme", limit=60)]
    picture: Annotated[str, holds("theme", limit=60)]
    story: Annotated[str, holds("theme", limit=60)]


class NotTextTexts(Texts):
    """Answers to what is no text, by its kind."""

    voice: Text
    picture: Text
    sticker: Text
    place: Text
    contact: Text
    poll: Text
    other: Text


class ReplyTexts(Texts):
    """Replies to messages and taps that nothing else answers."""

    free_text: Text
    for_a_reminder: Text  # below it, if a time was typed
    not_text: NotTextTexts
    unknown_command: Text
    near_command: Annotated[str, holds("command")]
    stale: Toast
    too_fast: Toast
    trouble: Toast


class Interface(Texts):
    """All of interface.yaml."""

    profile: ProfileTexts
    commands: CommandTexts
    start: StartTexts
    setup: SetupTexts
    first_questions: FirstQuestionTexts
    reminders: ReminderTexts
    pause: PauseTexts
    session: AppointmentTexts
    stop: StopTexts
    settings: SettingsTexts
    travel: TravelTexts
    help: HelpTexts
    privacy: PrivacyTexts
    learn: LearnTexts
    forget: ForgetTexts
    export: ExportTexts
    bring: BringTexts
    kept: FavouriteTexts
    tastes: PreferenceTexts
    notes: NoteTexts
    own_sentences: OwnSentenceTexts
    look_back: LookBackTexts
    later: LaterTexts
    presence: PresenceTexts
    language: LanguageTexts
    invitation: InvitationTexts
    inviting: InvitationAdminTexts
    inline: InlineTexts
    together: GroupTexts
    posts: PostTexts
    circle: CircleTexts
    flows: FlowTexts
    diagram: DiagramTexts
    replies: ReplyTexts
    times: TimeTexts
