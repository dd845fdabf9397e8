"""Reads the kind and size of a picture from its first bytes. `media` checks uploads by it."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class PictureSize:
    mime_type: str
    width: int
    height: int


def size_of(content: bytes) -> PictureSize | None:
    """The kind and size; None where the bytes are no PNG, JPEG, GIF, WebP or MP4."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return PictureSize("image/png", width, height)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return PictureSize("image/gif", width, height)
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _webp(content)
    return _mp4(content) if is_mp4(content) else None


def is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _jpeg(content: bytes) -> PictureSize | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return PictureSize("image/jpeg", width, height)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _mp4(content: bytes) -> PictureSize | None:
    """Reads the size of the first track from its header (ISO/IEC 14496-12, 8.3.2)."""
    at = content.find(b"tkhd")
    if at < 0 or at + 100 > len(content):
        return None
    sides = at + (92 if content[at + 4] == 1 else 80)
    width, height = (side >> 16 for side in struct.unpack(">II", content[sides : sides + 8]))
    return PictureSize("video/mp4", width, height)


def _webp(content: bytes) -> PictureSize | None:
    match content[12:16]:
        case b"VP8X":
            width = 1 + int.from_bytes(content[24:27], "little")
            height = 1 + int.from_bytes(content[27:30], "little")
        case b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
        case _:
            return None
    return PictureSize("image/webp", width, height)
