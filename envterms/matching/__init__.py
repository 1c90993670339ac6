"""Third stage: NormalizedText + Lexicon -> Match."""

from envterms.matching.matcher import Matcher
from envterms.matching.model import Match

__all__ = ["Match", "Matcher"]
