"""`python -m envterms`."""

from envterms.cli import main

main()
