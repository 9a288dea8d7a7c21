"""What the computer is asked.

Belongs here: where, when, which key, which language, which repository.
Does not: SQL, Qt.
May import: domain, platformdirs, keyring.
"""
