"""The fingerprint of the analysis that an index was built with."""

from index.analysis.segmenter import dictionary_fingerprint
from index.duplicates.minhash import fingerprint as sketch_fingerprint
from index.text.normalize import fingerprint as folding_fingerprint


def analyzer_fingerprint() -> str:
    """Changes whenever a text would be folded, cut or sketched otherwise by the same lexicon."""
    return f"{folding_fingerprint()}-{dictionary_fingerprint()}-{sketch_fingerprint()}"
