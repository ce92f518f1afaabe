"""Reviews and assessments in SQLite (a file) or PostgreSQL (a URL).

A method that returns has written: what it took survives the process being killed, and with SQLite's `synchronous=FULL` a
power failure too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, Select, delete, desc, exists, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from classifier.errors import StoreError
from classifier.labelled import LabelledPosting
from classifier.schema import PUBLIC_REVIEWER, Assessment, Label, Posting, Review
from classifier.store_engine import cause_of, make_engine, safe_url
from classifier.store_migrations import migrate
from classifier.store_tables import ASSESSMENTS, REVIEWS

_BY_REVIEWERS = REVIEWS.c.reviewer != PUBLIC_REVIEWER
_PAGE = 500
_QUEUE_KEEPS = 100_000


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews; None for all."""

    verdict: Label | None = None
    reviewer: str | None = None
    since: datetime | None = None
    language: str | None = None

    def conditions(self) -> list[Any]:
        columns = REVIEWS.c
        equal = {columns.verdict: self.verdict, columns.reviewer: self.reviewer, columns.language: self.language}
        found: list[Any] = [column == value for column, value in equal.items() if value is not None]
        return found if self.since is None else [*found, columns.created_at >= self.since]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A posting on which the last verdicts of its reviewers differ."""

    posting_key: str
    verdicts: dict[str, str]
    """Reviewer -> verdict."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A posting that no reviewer has seen."""

    posting: Posting
    assessment: dict[str, Any]
    source: str
    seen_at: datetime


class Store:
    """The database. Safe in threads; each process opens its own."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self.url = url

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database, make it or bring it up to date: a file, `sqlite:///FILE` or `postgresql://…`.

        Raises StoreError, naming the URL without its password.
        """
        shown = safe_url(url)
        with _named(shown):
            store = cls(make_engine(url), shown)
            try:
                migrate(store._writer, shown)
            except BaseException:
                store.close()
                raise
        return store

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_review(self, review: Review) -> int:
        """Keep a review; returns its id."""
        return self.add_reviews([review])[0]

    def add_reviews(self, reviews: Iterable[Review]) -> list[int]:
        """Keep reviews, all or none; returns their ids."""
        with self._writing() as connection:
            statement = insert(REVIEWS).returning(REVIEWS.c.id)
            return [connection.execute(statement, _review_row(review)).scalar_one() for review in reviews]

    def reviews(self, filters: ReviewFilter = ReviewFilter(), limit: int = 100, after: int = 0) -> list[Review]:
        """Reviews in the order in which they came, those with an id over `after`."""
        statement = select(REVIEWS).where(REVIEWS.c.id > after, *filters.conditions()).order_by(REVIEWS.c.id).limit(limit)
        with self._reading() as connection:
            return [_review(row._mapping) for row in connection.execute(statement)]

    def all_reviews(self) -> Iterator[Review]:
        """All reviews, a page at a time."""
        after = 0
        while found := self.reviews(limit=_PAGE, after=after):
            yield from found
            after = found[-1].id

    def stats(self) -> dict[str, Any]:
        """Counts of reviews by verdict, language and reviewer, of postings, and of what waits."""
        with self._reading() as connection:
            names = ("verdict", "language", "reviewer")
            by = {name: {str(key): int(n) for key, n in connection.execute(_counts(name))} for name in names}
            reviews, postings = connection.execute(select(func.count(), func.count(REVIEWS.c.posting_key.distinct()))).one()
            waiting = connection.execute(select(func.count()).select_from(ASSESSMENTS).where(_unreviewed())).scalar_one()
        return {"reviews": reviews, "postings": postings, **by, "disagreements": len(self.disagreements()), "waiting": waiting}

    def labelled(self) -> Iterator[LabelledPosting]:
        """Each reviewed posting with its last verdict, oldest review first, a page at a time; what the public said is left out."""
        after = 0
        while True:
            statement = select(REVIEWS).where(REVIEWS.c.id.in_(_last_ids()), REVIEWS.c.id > after)
            with self._reading() as connection:
                rows = connection.execute(statement.order_by(REVIEWS.c.id).limit(_PAGE)).all()
            if not rows:
                return
            for row in rows:
                posting = Posting.from_record({"language": row.language, **row.posting})
                yield LabelledPosting(posting, row.verdict, posting.key)
            after = rows[-1].id

    def disagreements(self) -> list[Disagreement]:
        """Postings on which the last verdicts of their reviewers differ."""
        columns = REVIEWS.c
        last = _ranked((columns.posting_key, columns.reviewer), columns.posting_key, columns.reviewer, columns.verdict)
        disputed = select(last.c.posting_key).where(last.c.place == 1).group_by(last.c.posting_key)
        disputed = disputed.having(func.count(last.c.verdict.distinct()) > 1)
        statement = select(last.c.posting_key, last.c.reviewer, last.c.verdict).where(
            last.c.place == 1, last.c.posting_key.in_(disputed)
        )
        found: dict[str, dict[str, str]] = {}
        with self._reading() as connection:
            for key, reviewer, verdict in connection.execute(statement.order_by(last.c.posting_key, last.c.reviewer)):
                found.setdefault(key, {})[reviewer] = verdict
        return [Disagreement(key, verdicts) for key, verdicts in found.items()]

    def add_assessments(self, pairs: Iterable[tuple[Posting, Assessment]], source: str = "") -> int:
        """Put assessed postings into the reviewers' queue; a posting seen again is brought up to date. Returns how many.

        The queue keeps the _QUEUE_KEEPS riskiest.
        """
        now = datetime.now(UTC)
        rows = {posting.key: _assessment_row(posting, found, source, now) for posting, found in pairs}
        with self._writing() as connection:
            for start in range(0, len(chunk := list(rows.values())), _PAGE):
                connection.execute(self._upsert(), chunk[start : start + _PAGE])
            floor = select(ASSESSMENTS.c.risk).order_by(desc(ASSESSMENTS.c.risk)).offset(_QUEUE_KEEPS).limit(1).scalar_subquery()
            connection.execute(delete(ASSESSMENTS).where(ASSESSMENTS.c.risk <= floor))
        return len(rows)

    def queue(self, limit: int = 50) -> list[Queued]:
        """Postings that no reviewer has seen (the public's corrections do not count), the riskiest first."""
        statement = select(ASSESSMENTS).where(_unreviewed()).order_by(desc(ASSESSMENTS.c.risk), ASSESSMENTS.c.posting_key)
        with self._reading() as connection:
            rows = connection.execute(statement.limit(limit)).all()
        return [Queued(Posting.from_record(row.posting), row.assessment, row.source, row.seen_at) for row in rows]

    def _upsert(self) -> Any:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(ASSESSMENTS)
        names = ("assessment", "risk", "source", "seen_at")
        changed = {name: getattr(statement.excluded, name) for name in names}
        return statement.on_conflict_do_update(index_elements=["posting_key"], set_=changed)

    def _writer(self) -> Connection:
        return self._engine.connect().execution_options(to_write=True)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _named(self.url), self._writer() as connection, connection.begin():
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _named(self.url), self._engine.connect() as connection:
            yield connection


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Errors of the database as StoreError, without the statement and its values, which hold the ad."""
    try:
        yield
    except (SQLAlchemyError, OSError) as e:
        raise StoreError(url, cause_of(e)) from None


def _review_row(review: Review) -> dict[str, Any]:
    names = ("created_at", "verdict", "reviewer", "note", "language", "assessment", "model")
    posting = {"posting": review.posting.to_record(), "posting_key": review.posting.key}
    return {**posting, **{name: getattr(review, name) for name in names}}


def _review(row: Any) -> Review:
    given = {name: value for name, value in row.items() if name not in {"posting", "posting_key"}}
    return Review(posting=Posting.from_record(row["posting"]), **given)


def _assessment_row(posting: Posting, found: Assessment, source: str, now: datetime) -> dict[str, Any]:
    return {
        "posting_key": posting.key,
        "posting": posting.to_record(),
        "assessment": found.to_dict(),
        "risk": found.risk,
        "source": source or posting.source,
        "seen_at": now,
    }


def _counts(name: str) -> Select[Any]:
    column = REVIEWS.c[name]
    return select(column, func.count()).group_by(column).order_by(desc(func.count()), column)


def _unreviewed() -> Any:
    return ~exists().where(REVIEWS.c.posting_key == ASSESSMENTS.c.posting_key, _BY_REVIEWERS)


def _ranked(parts: Sequence[Any], *columns: Any) -> Any:
    """Reviewers' verdicts with their `place`: 1 for the last one of each part."""
    newest = (desc(REVIEWS.c.created_at), desc(REVIEWS.c.id))
    return (
        select(*columns, func.row_number().over(partition_by=parts, order_by=newest).label("place")).where(_BY_REVIEWERS).subquery()
    )


def _last_ids() -> Select[Any]:
    ranked = _ranked((REVIEWS.c.posting_key,), REVIEWS.c.id)
    return select(ranked.c.id).where(ranked.c.place == 1)
