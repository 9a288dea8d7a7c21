"""Belongs here: it would change if we left SQLite (schema, migrations, reads, writes, encryption, backup). Does not: parsing, Qt. May import: domain, SQLAlchemy, sqlcipher3."""
