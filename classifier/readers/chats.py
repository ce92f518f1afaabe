"""Chats: Telegram Desktop's result.json, and WhatsApp's exported text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, BinaryIO

from classifier.readers._encoding import as_utf8
from classifier.readers._json import Unreadable, json_values
from classifier.readers._rows import rejected, to_posting
from classifier.readers._sniff import CHAT_LINE
from classifier.readers._streams import head_of
from classifier.readers.plain import MAX_BLOCK_CHARACTERS, numbered_lines, text_fault
from classifier.schema import Posting, Rejected

_MESSAGES = (("messages", "[]"), ("chats", "list", "[]", "messages", "[]"), ("left_chats", "list", "[]", "messages", "[]"))
_NAMES, _IDS = ({(*place[:-2], key) for place in _MESSAGES} for key in ("name", "id"))


def read_telegram(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """The messages of one exported chat, or of all chats of an account, that have text.

    The id is that of the chat and of the message, the source is the chat's name; service messages are passed over. A rejected
    message has its number, counted from 1.
    """
    chat, chat_id, number, is_named = "", "", 0, False
    for place, value in json_values(stream, name, (*_MESSAGES, *_NAMES, *_IDS)):
        if place in _NAMES:
            chat, is_named = value if isinstance(value, str) else "", True
        elif place in _IDS:
            chat, chat_id, is_named = chat if is_named else "", str(value), False  # some chats have no name
        else:
            number += 1
            if isinstance(value, Unreadable):
                yield rejected(name, number, value.cause, "")
            elif not isinstance(value, dict):
                yield to_posting(value, name, number)
            elif value.get("type") == "message" and (text := _joined(value.get("text"))).strip():
                yield to_posting(_message(value, text, chat, chat_id), name, number)


def _message(message: dict[str, Any], text: str, chat: str, chat_id: str) -> dict[str, Any]:
    kept = {key: message[key] for key in ("from", "from_id", "forwarded_from", "reply_to_message_id") if message.get(key)}
    number = f"{chat_id}/{message['id']}" if chat_id and "id" in message else message.get("id")
    return {"id": number, "description": text, "posted_at": message.get("date"), "source": chat, **kept}


def _joined(text: Any) -> str:
    """The text of a message: a string, or a list of strings and of parts with a text and perhaps a link behind it."""
    if isinstance(text, str):
        return text
    return "".join(map(_part, text)) if isinstance(text, list) else ""


def _part(part: Any) -> str:
    if not isinstance(part, dict):
        return part if isinstance(part, str) else ""
    text, link = part.get("text"), part.get("href")
    text = text if isinstance(text, str) else ""
    return f"{text} ({link})" if isinstance(link, str) and link != text else text


_SENDER = re.compile(r"(?:~\s?)?([^:\n]{1,80}?): (.*)", re.S)
_PHONE = re.compile(r"[+\d][\d\s()./-]{6,20}")
_CHAT_NAME = re.compile(r"(?:WhatsApp Chat (?:with|-)|Chat WhatsApp (?:dengan|-)|Obrolan WhatsApp (?:dengan|-)) ?([^/\\]+)")
_SUFFIXES = re.compile(r"(?:\.(?:txt|zip|gz|zst))+$", re.I)
_FIRST_NOTE = re.compile(r"\u200e(?:Messages and calls are|Pesan dan panggilan) ")
_NO_TEXT = re.compile(
    r"(?:[\u200e\s]*(?:<[^<>\n]*(?:omitted|disertakan|attached|terlampir)[^<>\n]*>|\S+ omitted|\S+ tidak disertakan|"
    r"\S+\.\w{2,4} \((?:file attached|file terlampir)\)|"
    r"This message was deleted\.?|You deleted this message\.?|Pesan ini (?:telah )?dihapus\.?|Anda menghapus pesan ini\.?|"
    r"Missed (?:voice|video) call.*|Panggilan (?:suara|video) tak terjawab.*|null|))\s*",
    re.I,
)
_NEWS_OF_GROUP = re.compile(r".* (?:changed the (?:subject|group)|mengubah (?:subjek|deskripsi|nama grup)).*", re.S)


def read_whatsapp(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """The messages of an exported chat (Android and iOS, 12 and 24 hours); notes of the app and omitted media are passed over.

    The source is the chat's name, where the file or its first note tells it; the contact is the sender when that is a phone
    number. The line of a rejected message is its first.
    """
    day_first = _day_comes_first(head_of(stream := as_utf8(stream)).decode("utf-8", "replace"))
    chat = _chat_name(name)
    text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape")
    try:
        for line, start, body in _messages(text):
            sender = _SENDER.fullmatch(body[start.end() :])
            if sender and _FIRST_NOTE.match(sender[2]):
                chat = chat or sender[1].strip()
            cause = text_fault(body)
            if cause:
                yield rejected(name, line, cause, body)
            elif sender and not sender[2].startswith("\u200e") and not _is_note(sender):
                yield to_posting(_spoken(sender, _when(start, day_first), chat), name, line)
    finally:
        text.detach()


def _messages(text: io.TextIOWrapper) -> Iterator[tuple[int, re.Match[str], str]]:
    """Each message with the number of its first line, how it begins, and all its lines; what stands before the first is none."""
    start: re.Match[str] | None = None
    first = size = 0
    lines: list[str] = []
    for number, line in numbered_lines(text):
        if found := CHAT_LINE.match(line):
            if start:
                yield first, start, "".join(lines).rstrip()
            start, first, lines, size = found, number, [line], len(line)
        elif start:
            if size <= MAX_BLOCK_CHARACTERS:
                lines.append(line)
            size += len(line)
    if start:
        yield first, start, "".join(lines).rstrip()


def _is_note(sender: re.Match[str]) -> bool:
    return bool(_NO_TEXT.fullmatch(sender[2]) or _NEWS_OF_GROUP.fullmatch(sender[1]))


def _spoken(sender: re.Match[str], when: str, chat: str) -> dict[str, Any]:
    who = sender[1].strip("\u200e\u202a\u202c\u2068\u2069 ~\xa0\u202f")
    contact = who if _PHONE.fullmatch(who.replace("\xa0", " ").replace("\u2011", "-")) else ""
    return {"description": sender[2], "contact": contact, "posted_at": when, "source": chat, "from": who}


def _chat_name(name: str) -> str:
    match = _CHAT_NAME.search(name)
    return _SUFFIXES.sub("", match[1]).strip() if match else ""


def _day_comes_first(head: str) -> bool:
    """Whether dates are written day first: the order in which none is impossible and fewer go back in time."""
    starts = [m for line in head.splitlines()[:5000] if (m := CHAT_LINE.match(line))]
    found = {first: [_when(m, first, strict=True) for m in starts] for first in (True, False)}
    wrong = {first: dates.count("") * 10 + sum(a > b for a, b in pairwise(dates) if b) for first, dates in found.items()}
    return wrong[True] <= wrong[False]


def _when(start: re.Match[str], day_first: bool, strict: bool = False) -> str:
    """The time as 2024-12-31T21:05:33; unless strict, an impossible date is read in the other order, or left as it is."""
    one, _, two, three, hour, minute, second, half = start.groups()
    if len(one) == 4:
        year, month, day = int(one), int(two), int(three)
    else:
        day, month = (int(one), int(two)) if day_first else (int(two), int(one))
        year = int(three) if len(three) == 4 else 2000 + int(three)
    clock = int(hour)
    if half:
        clock = clock % 12 + 12 * half.lower().startswith("p")
    for m, d in ((month, day),) if strict else ((month, day), (day, month)):
        try:
            return datetime(year, m, d, clock, int(minute), int(second or 0)).isoformat()
        except ValueError:
            continue
    return "" if strict else start[0].strip("[] -–\u200e")
