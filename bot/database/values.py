"""The values that columns hold: what is stored is the text on the right, so never give one another meaning."""

from enum import StrEnum


class OffReason(StrEnum):
    """Why nothing goes to a chat."""

    STOPPED = "stopped"  # they asked: /stop
    BLOCKED = "blocked"  # they blocked the bot, or it was taken out of the chat
    GONE = "gone"  # the account or the group is deleted, or the chat cannot be found
    NO_RIGHTS = "no_rights"  # the bot may not write there
    TOPIC_GONE = "topic_gone"  # the topic was deleted
    REFUSED = "refused"  # Telegram refused three messages in a row, whatever it said (usecases.refusals)
    RESTING = "resting"  # nobody was seen for months, nor answered when asked; whatever they do brings it back


BACK_WHEN_SEEN = (OffReason.RESTING, OffReason.REFUSED)


class MessageState(StrEnum):
    """Where a queued message is on its way."""

    QUEUED = "queued"  # waiting for `send_after`
    SENDING = "sending"  # claimed until `claimed_until`; after that anyone may claim it again
    SENT = "sent"  # Telegram took it
    SKIPPED = "skipped"  # too late, or no longer wanted
    FAILED = "failed"  # Telegram refused it for good


class MessageKind(StrEnum):
    """What a queued message says."""

    AFFIRMATION = "affirmation"
    OWN_TEXT = "own_text"  # the reminder's own text
    AGAIN = "again"  # a message of a reminder that was put off
    BACK = "back"  # a pause has ended
    LOOK = "look"  # the question that /look asks
    ASKING = "asking"  # whether it should go on, after months of silence
    NOTICE = "notice"  # something about a group or a channel, for those who look after it
    APPOINTMENT = "appointment"  # something around a therapy session


class BackFrom(StrEnum):
    """After what a chat's next message comes; it says so in one line."""

    BLOCK = "block"  # the person had blocked the bot
    SILENCE = "silence"  # the bot was away


class Notice(StrEnum):
    """What is told of a group or a channel."""

    BLOCKED = OffReason.BLOCKED.value
    GONE = OffReason.GONE.value
    NO_RIGHTS = OffReason.NO_RIGHTS.value
    TOPIC_GONE = OffReason.TOPIC_GONE.value
    REFUSED = OffReason.REFUSED.value
    TOPIC_CLOSED = "topic_closed"  # what is due waits until it is open again
    BACK_IN = "back_in"  # the bot was added again: shall all be as it was?
    ADMIN = "admin"  # the bot was made an administrator of a group, and need not be one


class Subject(StrEnum):
    """What a conversation is about. A person may have one of each in a chat; the newest takes what is typed."""

    FLOW = "flow"  # a flow of the catalogue
    SETUP = "setup"
    PAUSE = "pause"
    FORGET = "forget"
    ZONE = "zone"
    QUIET = "quiet"
    TRAVEL = "travel"
    SAFETY_PLAN = "safety_plan"
    NOTE = "note"  # for a session
    OWN_SENTENCE = "own_sentence"
    LOOK = "look"  # how a day is, in one word or a colour
    LOOK_TIME = "look_time"  # when to ask for it
    BRING = "bring"  # the file of an export
    SHARE = "share"  # which group or channel
    INVITATION = "invitation"
    FIRST_QUESTIONS = "first_questions"  # after a person's first reminder
    APPOINTMENT = "appointment"
    REMOVED = "removed"  # no question: a reminder that can be put back


class PostKind(StrEnum):
    """What a tap under a post says."""

    ME_TOO = "me_too"
    HERE = "here"  # in a circle


class CircleStage(StrEnum):
    """Where a circle is."""

    ARRIVING = "arriving"  # a short exercise, part by part
    HERE = "here"  # the quiet count, until someone closes it
    CLOSING = "closing"  # its last words are on their way
    STOPPING = "stopping"  # the same, when it ends while arriving
    OVER = "over"  # remembered for a day: Telegram may deliver once more what ended it


class FailedWork(StrEnum):
    """What failed with an error that nobody expected; with the row's id it names one failure."""

    MESSAGE = "message"  # a queued message
    REMINDER = "reminder"
    RETURN = "return"  # the end of a chat's pause
    LOOK = "look"  # when /look asks next
    HOMECOMING = "homecoming"  # the end of a journey
    SILENCE = "silence"  # a chat whose person was not seen for months
    FLOW = "flow"  # a conversation that goes on by itself
    CIRCLE = "circle"
    COUNT = "count"  # the number on the button of a post
    APPOINTMENT = "appointment"  # what is due around the sessions of a chat
