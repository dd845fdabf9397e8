"""The two numbers of a chat. Both are whole numbers; as two types, mypy tells when one is taken for the other."""

from typing import NewType

# A chat's row in our database.
ChatId = NewType("ChatId", int)
# A chat's number in Telegram, or a person's: the private chat with a person has that person's number.
TelegramId = NewType("TelegramId", int)

NO_CHAT = ChatId(0)
NOBODY = TelegramId(0)  # in place of a person
