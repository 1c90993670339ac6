"""Last stage: tables -> terminal or file. Document text is data here: it never becomes an escape, markup or a formula."""
