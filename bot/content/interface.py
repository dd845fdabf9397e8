"""The models of the interface texts: questions, buttons, replies, errors. One class per subject, one field per text."""

from typing import Annotated

from pydantic import Field

from bot.content.flow_texts import DiagramTexts, FlowTexts
from bot.content.groups import CircleTexts, GroupTexts, PostTexts
from bot.content.invitations import InvitationAdminTexts, InvitationTexts
from bot.content.texts import Counted, Label, Text, Texts, Toast, counted, holds
from bot.content.times import TimeTexts

CommandName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]


class ProfileTexts(Texts):
    """The bot's profile in Telegram; the limits are those of setMyDescription and setMyShortDescription."""

    description: Annotated[str, holds(limit=512)]
    short_description: Annotated[str, holds(limit=120)]


class CommandTexts(Texts):
    """The command menus: a description for each command, by who sees it."""

    private: dict[CommandName, Annotated[str, holds(limit=256)]]
    group: dict[CommandName, Annotated[str, holds(limit=256)]]
    admin: dict[CommandName, Annotated[str, holds(limit=256)]]  # of a group, in addition to `group`
    operator: dict[CommandName, Annotated[str, holds(limit=256)]]


class StartTexts(Texts):
    welcome: Text
    practice: Annotated[str, holds("practice")]
    again: Text
    stopped: Text
    bring_back: Label
    not_now: Label
    not_now_reply: Text


class SetupTexts(Texts):
    question_rhythm: Text
    not_a_rhythm: Text
    daily: Label
    weekdays: Label
    spread: Label
    once: Label
    question_time: Text
    not_a_time: Text
    question_times: Annotated[str, holds("start", "end")]
    times: Annotated[Counted, counted("times", limit=40)]
    not_a_count: Text
    question_moment: Text
    this_evening: Annotated[str, holds("time", limit=40)]
    tomorrow: Annotated[str, holds("time", limit=40)]
    in_a_week: Annotated[str, holds("time", limit=40)]
    not_a_moment: Text
    moment_past: Text
    question_zone: Text
    place: Annotated[str, holds("city", "time", limit=60)]
    another_place: Label
    question_region: Text
    question_place: Annotated[str, holds("region")]
    zone_candidates: Text
    not_a_zone: Text
    more: Label
    back: Label
    cancel: Label
    cancelled: Text
    done: Annotated[str, holds("rule", "next", "city")]
    changed: Annotated[str, holds("rule", "next", "city")]
    moved_by_quiet_hours: Annotated[str, holds("quiet")]
    hint: Text
    too_many: Annotated[str, holds("most")]
    send_one_now: Label
    see_reminders: Label
    regions: dict[str, Label]


class ReminderTexts(Texts):
    title: Text
    none: Text
    line: Annotated[str, holds("number", "rule", "next")]
    line_paused: Annotated[str, holds("number", "rule")]
    line_done: Annotated[str, holds("number", "rule")]
    paused_until: Annotated[str, holds("until")]
    stopped: Text
    pick: Annotated[str, holds("number", "rule", limit=80)]
    add: Label
    detail: Annotated[str, holds("rule", "next")]
    detail_paused: Annotated[str, holds("rule")]
    detail_done: Annotated[str, holds("rule")]
    change: Label
    days: Label
    pause: Label
    resume: Label
    remove: Label
    back: Label
    question_days: Annotated[str, holds("rule")]
    day_on: Annotated[str, holds("day", limit=40)]
    day_off: Annotated[str, holds("day", limit=40)]
    days_done: Label
    one_day_stays: Toast
    removed: Toast
    already_removed: Toast


class PauseTexts(Texts):
    question: Text
    never_mind: Label
    kept: Text
    a_day: Label
    a_week: Label
    until_a_date: Label
    question_date: Text
    not_a_date: Text
    paused: Annotated[str, holds("until")]
    back_by_itself: Text
    resumed: Annotated[str, holds("next")]
    resumed_without_next: Text
    not_paused: Annotated[str, holds("next")]
    nothing_to_pause: Text


class StopTexts(Texts):
    stopped: Text
    already_stopped: Text


class SettingsTexts(Texts):
    title: Text
    zone: Annotated[str, holds("city", "time")]
    zone_unset: Text
    quiet: Annotated[str, holds("start", "end")]
    quiet_none: Text
    sound: Text
    silent: Text
    pictures: Text
    words: Text
    language: Annotated[str, holds("language")]
    practice: Annotated[str, holds("practice")]
    change_language: Label
    take_words_back: Label
    change_themes: Label
    be_pictures: Label
    be_words: Label
    change_zone: Label
    change_quiet: Label
    be_silent: Label
    be_audible: Label
    question_quiet: Text
    hours: Annotated[str, holds("start", "end", limit=40)]
    no_quiet: Label
    not_hours: Text
    back: Label
    saved: Toast


class HelpTexts(Texts):
    text: Text
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


class ForgetTexts(Texts):
    question: Text
    yes: Label
    no: Label
    done: Text
    kept: Text
    nothing: Text


class FavouriteTexts(Texts):
    """Favourites: the affirmations that a person keeps."""

    keep: Label
    another: Label
    kept: Toast
    already_kept: Toast
    title: Text
    none: Text
    line: Annotated[str, holds("number", "text")]
    newer: Label
    older: Label
    copy_text: Annotated[Label, Field(alias="copy")]
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
    not_text: NotTextTexts
    unknown_command: Text
    stale: Toast
    trouble: Toast


class Interface(Texts):
    """All of interface.yaml."""

    profile: ProfileTexts
    commands: CommandTexts
    start: StartTexts
    setup: SetupTexts
    reminders: ReminderTexts
    pause: PauseTexts
    stop: StopTexts
    settings: SettingsTexts
    help: HelpTexts
    privacy: Text
    learn: LearnTexts
    forget: ForgetTexts
    kept: FavouriteTexts
    tastes: PreferenceTexts
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
