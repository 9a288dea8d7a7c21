"""Belongs here: it turns tokens into money. Does not: files, SQL, Qt. May import: domain, genai-prices (lazily)."""
