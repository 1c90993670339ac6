"""Third stage: NormalizedText + Lexicon -> Match."""

from envterms.matching.matcher import Alike, Matcher
from envterms.matching.model import FORMS, REPAIRS, STATUSES, Match

__all__ = ["FORMS", "REPAIRS", "STATUSES", "Alike", "Match", "Matcher"]
