"""Ways to do the chunks of a scan: in this process, over several processes, or on a Dask cluster. All give the same chunks
in the same order."""

from __future__ import annotations

import signal
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.errors import FeedError, SettingsError
from classifier.model import RiskModel
from classifier.readers import OnRead
from classifier.scan_chunk import AssessedChunk, ScanOptions, assess_chunk, chunks_of

_AHEAD = 2
"""Feeds that each Dask worker may have done before their rows are written: bounds the memory of the machine that writes."""


def run_local(
    feeds: Sequence[str],
    model: RiskModel,
    options: ScanOptions,
    seen: NDArray[np.uint64],
    jobs: int,
    skip: int,
    on_read: OnRead,
) -> Iterator[AssessedChunk]:
    """Chunks of all feeds after the first `skip` records, on `jobs` processes that share the model's memory. `on_read` is told of
    each number of bytes that was read."""
    chunks = _after(skip, (chunk for feed in feeds for chunk in chunks_of(feed, options.format, on_read)))
    if jobs == 1:
        yield from (assess_chunk(chunk, model, options, seen) for chunk in chunks)
        return
    from joblib import Parallel, delayed

    workers = Parallel(
        n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs", max_nbytes="100K", initializer=_leave_ctrl_c_to_the_parent
    )
    yield from workers(delayed(assess_chunk)(chunk, model, options, seen) for chunk in chunks)


def _leave_ctrl_c_to_the_parent() -> None:
    """A terminal sends SIGINT to all processes; a worker that is in the middle of a chunk would only print where it was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _after(skip: int, chunks: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The chunks after `skip` records, which a scan was stopped between."""
    done = 0
    for chunk in chunks:
        if done >= skip:
            yield chunk
        done += len(chunk)


def run_dask(
    feeds: Sequence[str], model: RiskModel, options: ScanOptions, seen: NDArray[np.uint64], scheduler: str | None, skip: int
) -> Iterator[AssessedChunk]:
    """Chunks of all feeds, each feed (a file of a folder or bucket) a partition read and assessed by a worker.

    The model goes once to each worker; a partition whose worker dies is done again by another one. Raises SettingsError when
    Dask is not installed or the scheduler cannot be reached.
    """
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError as e:
        raise SettingsError("--engine dask", "needs the extra `dask`: pip install 'job-ad-risk-classifier[dask]'") from e
    try:
        cluster = None if scheduler else LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        client = Client(scheduler or cluster, timeout="20s")
    except (OSError, ValueError) as e:
        raise SettingsError("--scheduler", f"{scheduler}: cannot be reached: {e}") from e
    try:
        shared = client.scatter((model, seen), broadcast=True)
        ahead = _AHEAD * max(len(client.scheduler_info()["workers"]), 1)
        todo = iter(feeds)
        running = deque(client.submit(_partition, feed, shared, options, retries=5, pure=False) for feed in islice(todo, ahead))
        done = 0
        while running:
            future = running.popleft()
            for chunk in future.result():
                if done >= skip:
                    yield chunk
                done += chunk.records
            future.release()
            running.extend(client.submit(_partition, f, shared, options, retries=5, pure=False) for f in islice(todo, 1))
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


def _partition(feed: str, shared: tuple[RiskModel, NDArray[np.uint64]], options: ScanOptions) -> list[AssessedChunk]:
    """All chunks of one feed, on a worker."""
    model, seen = shared
    with tempfile.TemporaryDirectory() as folder:
        local = _fetched(feed, Path(folder)) if "://" in feed else feed
        chunks = chunks_of(local, options.format)
        return [assess_chunk(chunk, model, options, seen) for chunk in chunks]


def _fetched(url: str, folder: Path) -> str:
    """A copy of an object of a bucket that the user named (with fsspec, which Dask brings)."""
    import fsspec

    target = folder / url.rsplit("/", 1)[-1]
    try:
        fsspec.filesystem(url.split("://", 1)[0]).get(url, str(target))
    except (OSError, ImportError, ValueError) as e:
        raise FeedError(url, f"cannot be fetched: {e}") from e
    return str(target)
