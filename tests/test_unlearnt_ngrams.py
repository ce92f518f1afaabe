import numpy as np

from classifier.ngrams import NgramHasher
from classifier.text_batch import TextBatch
from classifier.unlearnt_ngrams import unlearnt_ngrams

HASHER = NgramHasher()


def buckets(text):
    return np.concatenate([block.buckets for block in HASHER.hash_batch(TextBatch.of([text]).hashes).blocks])


def test_names_of_places_are_found_in_every_script():
    found = unlearnt_ngrams(["Kerja di Kamboja, gaji besar", "去柬埔寨工作", "ไปกัมพูชา"], HASHER)
    assert found[buckets("Kamboja")].all()
    assert found[buckets("柬埔寨")[-1]]
    assert not found[buckets("gaji besar")].any()
    assert not found[buckets("kerja")].any()


def test_what_stands_mostly_elsewhere_is_kept():
    name = "Kamboja"
    assert unlearnt_ngrams([name], HASHER).any()
    assert not unlearnt_ngrams([], HASHER).any()


def test_marks_of_invented_contacts_are_not_learnt():
    found = unlearnt_ngrams(["telegram @hrd_contoh", "surat ke kantor"], HASHER)
    assert found[buckets("contoh")[0]]
    assert not found[buckets("telegram")].any()
    assert not unlearnt_ngrams(["Kamboja"], HASHER, places=False).any()
