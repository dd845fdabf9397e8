"""python -m bot run: the program on Telegram, from the first call to the last, by polling or by webhook."""
