"""Belongs here: it would be meaningless without a terminal. Does not: Qt. May import: services, bootstrap, click."""
