"""Third stage: NormalizedText + Lexicon -> Match."""

from envterms.matching.matcher import Alike, Matcher
from envterms.matching.model import REPAIRS, STATUSES, Match

__all__ = ["REPAIRS", "STATUSES", "Alike", "Match", "Matcher"]
