"""An invented life: some months of agent runs and judgements, so that every screen has something to show."""

from datetime import tzinfo
from pathlib import Path

from goodmeasure.host.clock import Clock
from goodmeasure.intake.sync import import_home
from goodmeasure.intake.synthetic import write_home
from goodmeasure.ledger.opening import Ledger

DEMO_DAYS = 240
DEMO_SESSIONS = 420
DEMO_SEED = 7
