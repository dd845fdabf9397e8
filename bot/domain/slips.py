"""Finds a slip of one letter between two words. Pure. Called by `crisis_phrases.spelling` and `typed_times.reading`."""


def is_slip(typed: str, meant: str) -> bool:
    """Returns whether a single letter is too many, missing or wrong, or two neighbours have changed places."""
    short, long = (typed, meant) if len(typed) <= len(meant) else (meant, typed)
    if len(long) - len(short) > 1:
        return False
    half = len(short) // 2
    if half > 1 and short[: half - 1] != long[: half - 1] and short[1 - half :] != long[1 - half :]:
        return False  # one slip leaves the beginning or the end as it is; nearly all words are told apart here
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(long) > len(short):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return start < len(short)
    return short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
