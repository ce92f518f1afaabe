"""The exception tree.

ClassifierError
├── FeedError       a feed that cannot be read at all
├── PostingError    one record that is no posting
├── ModelError      a model folder that must not be used, or data that cannot be trained on
├── StoreError      the database of reviews
└── SettingsError   an environment variable or option with a wrong value

Each message names its subject (file, line, field, folder) and fits on one line.
"""


class ClassifierError(Exception):
    """Base of everything that this package raises on purpose."""


class FeedError(ClassifierError):
    """A feed cannot be read; `source` names it."""

    def __init__(self, source: str, cause: str) -> None:
        super().__init__(f"{source}: {cause}")
        self.source = source
        self.cause = cause


class PostingError(ClassifierError):
    """A record is not a posting; `field` names the field at fault, if one is."""

    def __init__(self, cause: str, field: str | None = None) -> None:
        super().__init__(f"{field}: {cause}" if field else cause)
        self.field = field
        self.cause = cause


class ModelError(ClassifierError):
    """A model cannot be trained, saved, loaded or trusted; `subject` is the folder or the data."""

    def __init__(self, subject: str, cause: str) -> None:
        super().__init__(f"{subject}: {cause}")
        self.subject = subject
        self.cause = cause


class StoreError(ClassifierError):
    """The store of reviews cannot be opened, read or written; `url` names it, without a password."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(f"{url}: {cause}")
        self.url = url
        self.cause = cause


class SettingsError(ClassifierError):
    """A setting has a value that cannot be used; `name` is the variable or option."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name
        self.cause = cause
