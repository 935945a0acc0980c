"""Loads what every operation needs, once, in the process that others are forked from."""

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Lexicon

Segmenter(Lexicon()).segment("数字人民币")
