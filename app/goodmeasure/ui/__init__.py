"""Belongs here: it would be meaningless without a screen. Does not: what a number means. May import: viewmodels, services, bootstrap, Qt."""
