"""The fingerprint of the analysis that an index was built with."""

from index.analysis.segmenter import dictionary_fingerprint
from index.duplicates.minhash import sketch_fingerprint
from index.text.normalize import normalizer_fingerprint


def analyzer_fingerprint() -> str:
    """Changes whenever the same lexicon would give a text other tokens or another sketch."""
    return f"{normalizer_fingerprint()}-{dictionary_fingerprint()}-{sketch_fingerprint()}"
