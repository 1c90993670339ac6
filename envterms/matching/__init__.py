"""Third stage: NormalizedText + Lexicon -> Match."""

from envterms.matching.matcher import Matcher
from envterms.matching.model import REPAIRS, STATUSES, Match

__all__ = ["REPAIRS", "STATUSES", "Match", "Matcher"]
