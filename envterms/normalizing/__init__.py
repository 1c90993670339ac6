"""Second stage: Document.text -> NormalizedText, with the way back to the original offsets."""

from envterms.normalizing.folding import fold
from envterms.normalizing.furniture import furniture, normalize_page
from envterms.normalizing.text import NormalizedText, count_han, is_clean, normalize

__all__ = ["NormalizedText", "count_han", "fold", "furniture", "is_clean", "normalize", "normalize_page"]
