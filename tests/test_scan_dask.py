"""The Dask engine on a real local cluster gives the rows of the local one, also when a worker dies on the way."""

import json
import os
import signal
import threading
import time

import pytest

from classifier.scan import How, rejected_path, scan

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Dask's own warnings
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("feeds")
    for part in range(8):
        rows = corpus[part * 60 : (part + 1) * 60]
        lines = [json.dumps(row.posting.to_record()) for row in rows] + ["{bad"]
        (path / f"part-{part}.jsonl").write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def local(folder, model, tmp_path_factory):
    output = tmp_path_factory.mktemp("local") / "out.jsonl"
    scan(sorted(folder.glob("*.jsonl")), output, model)
    return output


def test_a_cluster_gives_the_rows_of_the_local_engine(folder, model, cluster, local, tmp_path):
    output = tmp_path / "out.jsonl"
    scan(sorted(folder.glob("*.jsonl")), output, model, how=How(engine="dask", scheduler=cluster.scheduler_address))
    assert output.read_bytes() == local.read_bytes()
    assert rejected_path(output).read_bytes() == rejected_path(local).read_bytes()


def test_a_worker_that_dies_loses_nothing(folder, model, cluster, local, tmp_path):
    output = tmp_path / "out.jsonl"
    done = threading.Event()

    def kill() -> None:
        while not done.is_set():
            time.sleep(0.3)
            worker = next(iter(cluster.workers.values()))
            if worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
                return

    killer = threading.Thread(target=kill)
    killer.start()
    scan(sorted(folder.glob("*.jsonl")), output, model, how=How(engine="dask", scheduler=cluster.scheduler_address))
    done.set()
    killer.join()
    assert output.read_bytes() == local.read_bytes()


def test_a_scheduler_that_is_not_there_is_named(folder, model, tmp_path):
    from classifier import SettingsError

    with pytest.raises(SettingsError, match=r"--scheduler: tcp://127\.0\.0\.1:1"):
        scan(sorted(folder.glob("*.jsonl")), tmp_path / "o.jsonl", model, how=How(engine="dask", scheduler="tcp://127.0.0.1:1"))
