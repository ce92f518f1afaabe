"""Says of a job ad how much it looks like the bait of an online-scam compound, or another job scam, and why.

>>> from classifier import Posting, load_model
>>> model = load_model()
>>> assessment = model.assess([Posting(description="...")])[0]
"""

from classifier.default_model import load_model
from classifier.errors import ClassifierError, FeedError, ModelError, PostingError, SettingsError, StoreError
from classifier.model import RiskModel
from classifier.readers import read_postings
from classifier.schema import Assessment, Posting, Reason, Rejected, Span

__all__ = [
    "Assessment",
    "ClassifierError",
    "FeedError",
    "ModelError",
    "Posting",
    "PostingError",
    "Reason",
    "Rejected",
    "RiskModel",
    "SettingsError",
    "Span",
    "StoreError",
    "load_model",
    "read_postings",
]
