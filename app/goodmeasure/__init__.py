"""Good Measure: what was an agent's work worth? Tokens are the background, value is the headline."""

__version__ = "0.1.0"
