"""Campaigns: quality on the corpus and on planted rewrites, time and memory on a large synthetic feed.

Run: python -m tests.benchmarks.campaigns [--size 100000] [--thresholds 0.4 0.5]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from classifier import Posting
from classifier.campaign_signatures import CONTACT, Signatures, SignatureWriter, signatures
from classifier.campaigns import SIMILAR, find_campaigns
from classifier.labelled import LabelledPosting, corpus_files, read_labelled
from classifier.schema import joined_text

PLANTED = 500
GREETINGS = (
    "Selamat pagi semuanya 🙏",
    "Hi everyone!",
    "Info loker gan,",
    "Urgent hiring!!",
    "สวัสดีค่ะ",
    "大家好，",
    "Chào cả nhà,",
    "Assalamualaikum",
)
FOOTERS = (
    "Silakan share ke teman yang membutuhkan.",
    "Serious applicants only, thank you.",
    "#loker #lowongankerja #kerja",
    "Join grup kami untuk info lainnya",
    "สนใจทักแชท",
    "有意者私聊",
    "Ai quan tâm inbox ạ",
)
EMOJI = "🔥✨📌💰✅🌏📞🙏"


def other_figures(text: str, random: Random) -> str:
    """Other pay, other telephone numbers: each digit but zeros is drawn anew."""
    return "".join(str(random.randint(1, 9)) if c in "123456789" else c for c in text)


def other_lines(text: str, random: Random) -> str:
    """Two neighbouring lines, or sentences of a text in one line, change places."""
    mark = "\n" if "\n" in text.strip() else "。" if "。" in text else ". "
    parts = text.split(mark)
    if len(parts) > 1:
        at = random.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return mark.join(parts)


def typos(text: str, random: Random) -> str:
    """One letter in eighty is left out, doubled or changes places with the next."""
    letters = list(text)
    for at in random.sample(range(len(letters) - 1), max(1, len(letters) // 80)) if len(letters) > 10 else ():
        a, b = letters[at], letters[at + 1]
        letters[at : at + 2] = random.choice((["", b], [a + a, b], [b, a]))
    return "".join(letters)


def emoji(text: str, random: Random) -> str:
    """An emoji before every second line, and one at the end."""
    lines = text.split("\n")
    return "\n".join(random.choice(EMOJI) + line if i % 2 == 0 else line for i, line in enumerate(lines)) + random.choice(EMOJI)


def greeting(text: str, random: Random) -> str:
    return f"{random.choice(GREETINGS)} {text}"


def footer(text: str, random: Random) -> str:
    return f"{text}\n{random.choice(FOOTERS)}"


EDITS: dict[str, Callable[[str, Random], str]] = {
    "figures": other_figures, "lines": other_lines, "typos": typos, "emoji": emoji, "greeting": greeting, "footer": footer,
}  # fmt: skip


NOTICES = (
    "Perusahaan kami tidak pernah memungut biaya apa pun selama proses rekrutmen. Waspada penipuan yang mengatasnamakan perusahaan "
    "kami. Hanya kandidat yang memenuhi syarat yang akan dihubungi. Data pribadi Anda kami jaga sesuai undang-undang.",
    "We are an equal opportunity employer. All qualified applicants will receive consideration without regard to race, religion, "
    "sex or age. Only shortlisted candidates will be notified. By applying you agree to our privacy notice.",
    "ติดตามงานใหม่ทุกวันได้ที่เพจของเรา กดไลก์กดแชร์เพื่อไม่พลาดประกาศ ทางเพจเป็นเพียงสื่อกลาง กรุณาตรวจสอบข้อมูลกับผู้ว่าจ้างโดยตรงก่อนสมัครทุกครั้ง",
)


class Planted(NamedTuple):
    postings: list[Posting]
    families: list[str]
    """Postings of one family belong together."""


def with_own_numbers(rows: Sequence[LabelledPosting]) -> list[LabelledPosting]:
    """The rows, each with telephone numbers of its own: the invented ones of the corpus have so few digits that chance joins
    them."""
    return [
        replace(
            row,
            posting=replace(
                row.posting,
                description=row.posting.description.replace("00000", f"{number:05}"),
                contact=row.posting.contact.replace("00000", f"{number:05}"),
            ),
        )
        for number, row in enumerate(rows, 10_001)
    ]


def planted(rows: Sequence[LabelledPosting], count: int = PLANTED, seed: int = 0) -> Planted:
    """All postings, and for `count` of them three to five rewrites with other figures and two other edits each, shuffled."""
    random, rows = Random(seed), with_own_numbers(rows)
    items = [(row.posting, row.posting.id) for row in rows]
    for row in random.sample(list(rows), count):
        for number in range(random.randint(3, 5)):
            text = row.posting.description
            for name in ("figures", *random.sample(sorted(EDITS.keys() - {"figures"}), 2)):
                text = EDITS[name](text, random)
            contact = other_figures(row.posting.contact, random) if row.posting.contact[:1].isdigit() else ""
            new = replace(row.posting, id=f"{row.posting.id}-{number}", description=text, contact=contact)
            items.append((new, row.posting.id))
    random.shuffle(items)
    return Planted([posting for posting, _ in items], [family for _, family in items])


def noticed(rows: Sequence[LabelledPosting], count: int = 600) -> Planted:
    """All postings, some of them with one of three long notices under it: nobody belongs together."""
    rows = with_own_numbers(rows)
    chosen = {row.posting.id for row in Random(1).sample(list(rows), count)}
    postings = []
    for number, posting in enumerate(row.posting for row in rows):
        notice = f"\n{NOTICES[number % 3]}" if posting.id in chosen else ""
        postings.append(replace(posting, description=posting.description + notice))
    return Planted(postings, [posting.id for posting in postings])


def pairwise(found: Sequence[object], families: Sequence[str]) -> tuple[float, float]:
    """Precision and recall over pairs of postings. `found`: the group of each, None for none."""
    together = Counter((f, g) for f, g in zip(found, families, strict=True) if f is not None)
    said = Counter(f for f in found if f is not None)
    true = Counter(families)
    hits, claimed, wanted = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (together, said, true))
    return hits / max(claimed, 1), hits / max(wanted, 1)


def quality(postings: Sequence[Posting], families: Sequence[str], similar: float, *, contacts: bool) -> tuple[float, float, int]:
    s = signatures(postings)
    s = s if contacts else Signatures(s.rows, np.empty(0, CONTACT), s.names)
    campaigns = find_campaigns(s, similar=similar)
    return *pairwise([campaigns.id_of(row) for row in range(len(postings))], families), len(campaigns)


def synthetic(first: int, count: int, words: Sequence[str], characters: int = 1500) -> Iterator[Posting]:
    """Postings of about the given length: half of them of campaigns of two to forty with changed words, half alone."""
    for number in range(first, first + count):
        family = number // 20 if number % 2 else number + (1 << 40)
        random, own = Random(family), Random(f"own {number}")
        text = random.choices(words, k=characters // 6)
        for _ in range(8 if number % 2 else 0):
            text[own.randrange(len(text))] = own.choice(words)
        contact = f"08{own.randrange(10**9, 10**10)}" if number % 3 else f"@agent_{family % 10**7}"
        day = f"202{number % 4 + 2}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield Posting(id=str(number), description=" ".join(text), contact=contact, posted_at=day, source=f"grup {number % 200}")


def vocabulary(rows: Sequence[LabelledPosting]) -> list[str]:
    return sorted({word for row in rows for word in joined_text(row.posting).split() if 2 < len(word) < 12 and word.isalpha()})


_WORDS: list[str] = []


def _start(words: list[str]) -> None:
    _WORDS[:] = words


def _part(job: tuple[int, int]) -> tuple[Signatures, float]:
    postings = list(synthetic(*job, _WORDS))
    started = time.process_time()
    return signatures(postings), time.process_time() - started


def speed(size: int, words: list[str], processes: int = 2, chunk: int = 2000) -> None:
    """Signatures in processes, written to a folder as a scan does; then read again and searched."""
    jobs = [(first, min(chunk, size - first)) for first in range(0, size, chunk)]
    begun, busy = time.perf_counter(), 0.0
    with TemporaryDirectory() as folder:
        writer = SignatureWriter(Path(folder))
        with get_context("spawn").Pool(processes, _start, (words,)) as pool:
            for part, seconds in pool.imap(_part, jobs):
                writer.append(part)
                busy += seconds
        writer.close()
        elapsed = time.perf_counter() - begun
        print(f"{size:,} postings of 1,500 characters: signatures {busy:.0f} s of processor time")
        print(f"  {elapsed:.0f} s by the clock on {processes} cores, with making the postings")
        started, clock = time.process_time(), time.perf_counter()
        read = Signatures.read(Path(folder))
    campaigns = find_campaigns(read)
    grouped = int((campaigns.of_row >= 0).sum())
    used, waited = time.process_time() - started, time.perf_counter() - clock
    print(f"  search {used:.1f} s of processor time, {waited:.1f} s by the clock; {len(campaigns):,} campaigns of {grouped:,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = sum(records.nbytes for records in (read.rows, read.contacts, read.names)) / 2**20
    print(f"  signatures {held:.0f} MiB, greatest memory of the searching process {peak:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=0, help="postings of the synthetic feed (0: quality only)")
    parser.add_argument("--thresholds", type=float, nargs="*", default=[0.3, 0.35, SIMILAR, 0.45, 0.5, 0.6])
    options = parser.parse_args()
    rows = read_labelled(corpus_files())[0]
    if options.size:
        speed(options.size, vocabulary(rows))
        return
    feeds = {
        "corpus": ([row.posting for row in rows], [row.group for row in rows]),
        "planted": planted(rows),
        "notices": noticed(rows),
    }
    for name, (postings, families) in feeds.items():
        for similar in options.thresholds:
            for contacts in (False, True):
                precision, recall, groups = quality(postings, families, similar, contacts=contacts)
                by = "text and contacts" if contacts else "text"
                print(f"{name:8} {similar:.2f} by {by:17} precision {precision:.4f}  recall {recall:.4f}  {groups:,} campaigns")


if __name__ == "__main__":
    main()
