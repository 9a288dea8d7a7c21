"""Belongs here: it decides what a screen says (frozen Filter in, frozen View out). Does not: Qt, files, SQL. May import: services and below, as records."""
