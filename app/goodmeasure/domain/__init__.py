"""Belongs here.

What would keep its meaning if there were no computer. Does not: files, clocks, SQL, Qt. May import: the standard
library.
"""
