"""The service for tests of its pages, and a server for real browsers."""

import hashlib
import socket
import threading
import time
from contextlib import contextmanager

import uvicorn

from classifier.api import create_app
from classifier.errors import StoreError
from classifier.settings import Settings

KEY = "a-key-for-tests"
KEYS = ",".join(f"{role}:{hashlib.sha256(key.encode()).hexdigest()}" for role, key in (("review", KEY), ("score", "only-scores")))
SAME = {"Sec-Fetch-Site": "same-origin"}
SCAM = (
    "Lowongan admin gudang PT KAI, gaji 6 juta. Peserta wajib transfer biaya seragam Rp 350.000 ke rekening panitia. Kirim foto "
    "KTP dan nomor rekening lewat WA sekarang juga, kuota tinggal 3!"
)


class KeptStore:
    """Gives the service a store that the test holds; with none, one that cannot be opened."""

    def __init__(self, store):
        self.store = store

    def get(self):
        if self.store is None:
            raise StoreError("db", "secret detail")
        return self.store


def page_app(model, store=None, keys=""):
    """The service with a model and a store at hand, without its start."""
    app = create_app(Settings(api_keys=keys, public_page=True, rate_per_minute=10**6, rate_burst=10**6))
    app.state.holder.model = model
    app.state.stores = KeptStore(store)
    return app


@contextmanager
def served(app):
    """The app on a free port of this machine; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
