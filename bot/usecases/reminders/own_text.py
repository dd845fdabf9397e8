"""The own text of a reminder, encrypted and bound to its chat. It goes with the reminder.

Called by handlers and `queued_messages`.
"""

from bot.database.models import Reminder
from bot.domain.encryption import Cipher, DecryptionError, EncryptedKind, Owner
from bot.domain.ids import ChatId


def owner(chat_id: ChatId) -> Owner:
    """Returns what the texts of this chat's reminders are bound to."""
    return Owner(EncryptedKind.REMINDER_TEXT, chat_id)


def decrypt(reminder: Reminder, cipher: Cipher | None) -> str | None:
    """Returns the text; None if no key decrypts it. Raises ValueError for a reminder without one."""
    if reminder.encrypted_text is None:
        raise ValueError("this reminder has no text of its own")
    try:
        return cipher.decrypt(reminder.encrypted_text, owner(reminder.chat_id)) if cipher else None
    except DecryptionError:
        return None
