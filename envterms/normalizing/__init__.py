"""Second stage: Document.text -> NormalizedText, with the way back to the original offsets."""

from envterms.normalizing.blocks import Edge, place_to_cut
from envterms.normalizing.folding import fold
from envterms.normalizing.furniture import REACH, Block, furniture, normalize_page, page_blocks
from envterms.normalizing.noise import KINDS
from envterms.normalizing.text import NormalizedText, count_han, normalize, normalize_each, repairs_of

__all__ = [
    "KINDS",
    "REACH",
    "Block",
    "Edge",
    "NormalizedText",
    "count_han",
    "fold",
    "furniture",
    "normalize",
    "normalize_each",
    "normalize_page",
    "page_blocks",
    "place_to_cut",
    "repairs_of",
]
