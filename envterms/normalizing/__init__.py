"""Second stage: Document.text -> NormalizedText, with the way back to the original offsets."""

from envterms.normalizing.folding import fold
from envterms.normalizing.furniture import furniture, normalize_page
from envterms.normalizing.text import NormalizedText, count_han, normalize

__all__ = ["NormalizedText", "count_han", "fold", "furniture", "normalize", "normalize_page"]
