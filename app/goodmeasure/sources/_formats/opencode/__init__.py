"""The format that OpenCode and its descendants share: sessions, messages and parts, in files or in a database."""
