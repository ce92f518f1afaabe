"""JSON documents of any length as a stream of the values in them that matter, each of bounded size and depth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import ijson

from classifier.errors import FeedError
from classifier.readers._encoding import as_utf8, mended
from classifier.readers._rows import MAX_RECORD_BYTES, field_of
from classifier.readers._streams import CHUNK

MAX_DEPTH = 64
_MAX_OUTER_DEPTH = 1000
_NODE = 16
"""What a value costs beside its characters, counted against the size of a record."""

Place = tuple[str, ...]
"""Where a value stands: the keys that lead to it, `[]` for an element of an array."""
Events = Iterator[tuple[str, Any]]


class Unreadable:
    """Stands for a value that is there but was not built."""

    def __init__(self, cause: str) -> None:
        self.cause = cause


def json_values(stream: BinaryIO, name: str, wanted: Collection[Place]) -> Iterator[tuple[Place, Any]]:
    """The values at the wanted places with their places, in order; several documents may follow one another.

    A value that is too deep or too large, and the point where the document breaks off, come as Unreadable. Raises FeedError for
    a document that nests without end or is one endless text.
    """
    events = _events(mended(as_utf8(stream)), name)
    path: list[str] = []
    places = {place: place for place in wanted}
    depths = {len(place) for place in places}
    try:
        for kind, value in events:
            if kind == "map_key":
                path[-1] = value
            elif kind in ("end_map", "end_array"):
                path.pop()
            elif len(path) in depths and (place := places.get(tuple(path))) is not None:
                yield place, _built(events, kind, value)
            elif kind == "start_map":
                path.append("")
            elif kind == "start_array":
                path.append("[]")
                if len(path) > _MAX_OUTER_DEPTH:
                    raise FeedError(name, "is nested too deeply")
    except ijson.JSONError as e:
        yield (), Unreadable(f"the JSON breaks off or is broken from here on: {str(e).splitlines()[0]}")


def list_place(head: bytes) -> Place:
    """Where the records of a document that begins so stand: in a list of objects, or () when it is itself the record.

    Of several lists the one whose objects have the most of a posting's fields is taken, and none of them when the object
    around them has more.
    """
    if head.lstrip()[:1] == b"[":
        return ("[]",)
    path: list[str] = []
    fields: dict[Place, set[str]] = {(): set()}
    for kind, value in _head_events(head):
        if kind == "map_key":
            path[-1] = value
            place = tuple(path[:-1])
            if place in fields and (field := field_of(value)):
                fields[place].add(field)
        elif kind in ("end_map", "end_array"):
            path.pop()
        elif kind == "start_map":
            if path.count("[]") == 1 and path[-1] == "[]":
                fields.setdefault(tuple(path), set())
            path.append("")
        elif kind == "start_array":
            path.append("[]")
        if len(path) > MAX_DEPTH:
            break
    lists = [place for place in fields if place]
    best = max(lists, key=lambda place: len(fields[place]), default=())
    return best if len(fields[best]) >= len(fields[()]) else ()


def top_keys(head: bytes) -> dict[str, str]:
    """The keys of the object (or of the first object of the array) with which a document begins, with the kind of each value."""
    keys: dict[str, str] = {}
    depth, base, key = 0, 1, ""
    for kind, value in _head_events(head):
        if kind in ("end_map", "end_array"):
            depth -= 1
            if depth < base:
                break
        elif kind == "map_key":
            if depth == base:
                key = value
        else:
            if depth == base and key:
                keys.setdefault(key, kind)
            if kind == "start_array" and depth == 0:
                base = 2
            depth += kind in ("start_map", "start_array")
    return keys


def _head_events(head: bytes) -> list[tuple[str, Any]]:
    found = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found, use_float=True, multiple_values=True)
    with suppress(ijson.JSONError):
        parser.send(head)
    return list(found)


def _events(stream: BinaryIO, name: str) -> Events:
    """Raises ijson.JSONError where the document is broken, after all that comes before."""
    found = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found, use_float=True, multiple_values=True)
    silent = 0
    while chunk := stream.read(CHUNK):
        error = None
        try:
            parser.send(chunk)
        except ijson.JSONError as e:
            error = e
        silent = 0 if found else silent + len(chunk)
        yield from found
        del found[:]
        if error:
            raise error
        if silent > MAX_RECORD_BYTES:
            raise FeedError(name, f"holds one text of more than {MAX_RECORD_BYTES:,} bytes")
    parser.close()
    yield from found


def _built(events: Events, kind: str, value: Any) -> Any:
    """The value that begins with this event, or Unreadable; its events are used up in both cases."""
    if kind not in ("start_map", "start_array"):
        return value
    root: Any = {} if kind == "start_map" else []
    stack, top, key, size = [root], root, "", 0
    for kind, value in events:
        if kind == "map_key":
            key = value
            continue
        if kind in ("end_map", "end_array"):
            stack.pop()
            if not stack:
                return root
            top = stack[-1]
            continue
        opens = kind in ("start_map", "start_array")
        if opens:
            value = {} if kind == "start_map" else []
        if type(top) is list:
            top.append(value)
        else:
            top[key] = value
        size += _NODE + (len(value) if kind == "string" else 0)
        if opens:
            stack.append(value)
            top = value
            if len(stack) > MAX_DEPTH:
                return _passed_over(events, len(stack), f"is nested more than {MAX_DEPTH} deep")
        if size > MAX_RECORD_BYTES:
            return _passed_over(events, len(stack), f"is larger than {MAX_RECORD_BYTES:,} bytes")
    raise ijson.IncompleteJSONError("ends inside a record")


def _passed_over(events: Events, depth: int, cause: str) -> Unreadable:
    for kind, _ in events:
        if kind in ("start_map", "start_array"):
            depth += 1
        elif kind in ("end_map", "end_array"):
            depth -= 1
            if not depth:
                break
    return Unreadable(cause)
