"""The texts for groups and channels. Part of `interface`."""

from typing import Annotated

from bot.content.flow_texts import LineVariants
from bot.content.texts import Counted, Label, Text, Texts, Toast, counted, holds


class PostTexts(Texts):
    """The buttons under posts in groups and channels."""

    me_too: Label
    me_too_count: Annotated[str, holds("count", limit=40)]
    counted: Toast
    taken_back: Toast
    too_old: Toast


class CircleTexts(Texts):
    """/circle in a group, except its beginning, which is a flow."""

    stop: Label
    invitation: LineVariants
    here: Label
    here_count: Annotated[str, holds("count", limit=40)]
    close: Label
    were_here: Annotated[Counted, counted("count", limit=200)]
    closing: LineVariants
    stopped: LineVariants
    over: Toast
    in_groups: Text


class GroupTexts(Texts):
    """Groups, topics and channels: setting them up, changing them, and telling whoever set them up of failures."""

    only_admins: Toast
    link_is_closed: Text
    cannot_ask: Toast
    changed_meanwhile: Toast
    slower: Toast
    reply_here: Annotated[str, holds(limit=200)]
    hello: Text
    here: Text
    in_channel: Annotated[str, holds("title", limit=1000)]
    set_it_up: Label
    set_up_here: Label
    set_up_in_private: Label
    question_chat: Text
    question_which: Text
    a_group: Label
    a_channel: Label
    not_now: Label
    not_now_reply: Text
    thanks: Text
    in_general: Annotated[str, holds("title", limit=1000)]
    not_in_group: Text
    not_in_channel: Text
    add_to_group: Label
    add_to_channel: Label
    share: Label
    add: Label
    about: Annotated[str, holds("title", limit=100)]
    unnamed: Annotated[str, holds(limit=60)]
    topic_of: Annotated[str, holds("title", "number", limit=100)]
    question_time: Text
    question_zone: Text
    question_days: Text
    not_days: Text
    every_day: Label
    monday_to_friday: Label
    these_days: Label
    question_themes: Text
    not_themes: Text
    no_theme_left: Text
    all_themes: Label
    these_themes: Label
    question_look: Text
    not_a_look: Text
    as_words: Label
    as_pictures: Label
    hint: Text
    first_post: Text
    see_reminders: Label
    see_settings: Label
    pause: Label
    stop: Label
    bring_back: Label
    begin_anew: Label
    to_general: Label
    erase: Label
    leave: Label
    left: Text
    all: Label
    back_to_chat: Label
    open_card: Label
    sent: Toast
    cannot_send: Toast
    card_blocked: Text
    card_gone: Text
    card_no_rights: Text
    card_topic_gone: Text
    card_refused: Text
    told_blocked: Annotated[str, holds("title", limit=1000)]
    told_gone: Annotated[str, holds("title", limit=1000)]
    told_no_rights: Annotated[str, holds("title", limit=1000)]
    told_topic_gone: Annotated[str, holds("title", limit=1000)]
    told_refused: Annotated[str, holds("title", limit=1000)]
    told_topic_closed: Annotated[str, holds("title", limit=1000)]
    told_back_in: Annotated[str, holds("title", limit=1000)]
    told_admin: Annotated[str, holds("title", limit=1000)]
