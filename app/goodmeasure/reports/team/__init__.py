"""The team sum: a team learns sums over its members, and nobody learns one member's values (`docs/team-sum.md`)."""
