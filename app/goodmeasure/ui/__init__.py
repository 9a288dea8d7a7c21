"""What would be meaningless without a screen.

Belongs here: windows, pages, widgets, themes.
Does not: what a number means.
May import: bootstrap, viewmodels, services, Qt.
"""
