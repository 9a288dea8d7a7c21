"""One open profile: everything that terminal and window ask goes through here, built when first asked for.

Building late keeps a command as light as what it needs: an import with nothing new never loads SQLAlchemy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from goodmeasure.domain.period import moment
from goodmeasure.host.clock import Clock, reporting_zone
from goodmeasure.host.keys import KeyStatus, ledger_key
from goodmeasure.host.paths import Profile, prepare, profile_at
from goodmeasure.host.settings import Settings, read_settings, write_settings
from goodmeasure.ledger.behind import has_drawn, splits_behind
from goodmeasure.ledger.opening import Ledger, open_ledger

if TYPE_CHECKING:
    from goodmeasure.pricing.own_prices import OwnPrices
    from goodmeasure.services.arranging import Arranging
    from goodmeasure.services.by_hand import ByHand
    from goodmeasure.services.calibration import Guessing
    from goodmeasure.services.evidence import Evidence
    from goodmeasure.services.findings import Findings
    from goodmeasure.services.forgetting import Forgetting
    from goodmeasure.services.importing import Importing
    from goodmeasure.services.interchange import Interchange
    from goodmeasure.services.keeping import Backup, Merged
    from goodmeasure.services.oversight import Oversight
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.rating import Rating
    from goodmeasure.services.received import Received
    from goodmeasure.services.receiving import Receiving
    from goodmeasure.services.rolling_up import RollingUp
    from goodmeasure.services.rules import Rules
    from goodmeasure.services.sampling import Sampling
    from goodmeasure.services.sealing import Sealing
    from goodmeasure.services.sharing import Sharing
    from goodmeasure.services.team import Team
    from goodmeasure.services.touching import Touching

AskPassphrase = Callable[[], str | None]
"""Asks the person for the passphrase; None: nobody there to ask."""
TellRecoveryCode = Callable[[str], None]
"""Shows the code that opens the ledger when its key is lost: once, when the key is made."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person said when starting, on the command line or by the environment."""

    profile_dir: Path | None = None
    home: Path | None = None
    timezone: str | None = None
    demo: bool = False


class Desk:
    """An open profile. Use as a context manager, or call `close`."""

    def __init__(
        self,
        choices: Choices,
        ask_passphrase: AskPassphrase = lambda: None,
        tell_recovery_code: TellRecoveryCode = lambda _code: None,
    ) -> None:
        """Open nothing yet.

        Raises Refusal for a time zone that does not exist or a profile folder that cannot be used.
        """
        self.choices = choices
        self.clock = Clock()
        self.home: Path | None = choices.home
        self._ask_passphrase = ask_passphrase
        self._tell_recovery_code = tell_recovery_code
        if choices.demo:
            self.profile, self.home = self._demo_places()
        else:
            self.profile = profile_at(choices.profile_dir)
        prepare(self.profile)
        self.settings, self.settings_problem = read_settings(self.profile)
        self.zone: tzinfo = reporting_zone(
            choices.timezone if choices.timezone is not None else self.settings.timezone or None
        )

    def choose(self, settings: Settings) -> None:
        """Keep these settings from now on. Raises ProfileError where they cannot be written."""
        write_settings(self.profile, settings)
        if settings.plans != self.settings.plans:
            self.__dict__.pop("queries", None)  # its next asker builds it with the new plans
        self.settings = settings

    def _demo_places(self) -> tuple[Profile, Path]:
        import atexit  # noqa: PLC0415 - only a demo needs a folder that goes away again
        import shutil  # noqa: PLC0415 - same
        import tempfile  # noqa: PLC0415 - same

        folder = Path(tempfile.mkdtemp(prefix="goodmeasure-demo-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return profile_at(folder / "profile"), folder / "home"

    @cached_property
    def _key(self) -> tuple[bytes, KeyStatus]:
        key, status = ledger_key(self.profile, self._ask_passphrase)
        if status.recovery_code and not self.choices.demo:
            self._tell_recovery_code(status.recovery_code)
        return key, status

    @property
    def key_status(self) -> KeyStatus:
        """Where the ledger's key is kept, with the warning to show where that place is weak."""
        return self._key[1]

    @cached_property
    def ledger(self) -> Ledger:
        """The open ledger, created or migrated where needed. Raises LedgerError; a demo's is filled first."""
        ledger = open_ledger(self.profile.ledger, self._key[0], backups=self.profile.backups)
        if self.choices.demo:
            from goodmeasure.services.demo import fill_demo  # noqa: PLC0415 - only a demo pays for it

            if self.home is None:
                raise AssertionError("a demo always has a home")
            fill_demo(ledger, self.home, self.clock)
        return ledger

    @property
    def prices(self) -> "OwnPrices":
        """The person's own prices and names of models, as far as they can be read."""
        from goodmeasure.pricing.own_prices import own_prices  # noqa: PLC0415 - built when asked for

        return own_prices(self.settings.own_prices, self.settings.model_aliases)[0]

    def price_problems(self) -> list[str]:
        """Return a sentence for each own price, alias and plan in the settings that cannot be read."""
        from goodmeasure.pricing.own_prices import own_prices  # noqa: PLC0415 - built when asked for
        from goodmeasure.services.plans import plan_problems  # noqa: PLC0415 - same

        wrong = own_prices(self.settings.own_prices, self.settings.model_aliases)[1]
        return wrong + plan_problems(self.settings.plans)

    @cached_property
    def importing(self) -> "Importing":
        """The verb that reads logs."""
        from goodmeasure.services.importing import Importing  # noqa: PLC0415 - built when asked for

        return Importing(
            self.ledger,
            self.home,
            keep_titles=self.settings.keep_titles,
            prices=self.prices,
            split=self._split if self.settings.split_at_pauses else None,
        )

    def _split(self, cancelled: Callable[[], bool]) -> None:
        if splits_behind(self.ledger):
            from goodmeasure.services.splitting import Splitting  # noqa: PLC0415 - seldom is a run to be looked through

            Splitting(self.ledger, self.clock).split(cancelled)

    @cached_property
    def by_hand(self) -> "ByHand":
        """The verb that logs a run without a log."""
        from goodmeasure.services.by_hand import ByHand  # noqa: PLC0415 - built when asked for

        return ByHand(self.ledger, self.clock, self.prices.cost_of())

    @cached_property
    def forgetting(self) -> "Forgetting":
        """The verb that forgets runs."""
        from goodmeasure.services.forgetting import Forgetting  # noqa: PLC0415 - built when asked for

        return Forgetting(self.ledger, self.clock, self.profile.backups)

    @cached_property
    def queries(self) -> "Queries":
        """The questions."""
        from goodmeasure.services.queries import Queries  # noqa: PLC0415 - loads SQLAlchemy

        return Queries(self.ledger, self.zone, self.clock, self.settings.plans)

    @cached_property
    def rating(self) -> "Rating":
        """The verbs that judge runs."""
        from goodmeasure.services.rating import Rating  # noqa: PLC0415 - built when asked for

        return Rating(self.ledger, self.clock)

    @cached_property
    def arranging(self) -> "Arranging":
        """The verbs that merge and split runs."""
        from goodmeasure.services.arranging import Arranging  # noqa: PLC0415 - built when asked for

        return Arranging(self.ledger, self.clock)

    @cached_property
    def rules(self) -> "Rules":
        """The verbs that correct facts of runs, and the rules that set them."""
        from goodmeasure.services.rules import Rules  # noqa: PLC0415 - built when asked for

        return Rules(self.ledger, self.clock)

    @cached_property
    def sampling(self) -> "Sampling":
        """The daily draw."""
        from goodmeasure.services.sampling import Sampling  # noqa: PLC0415 - built when asked for

        return Sampling(self.ledger, self.zone, self.clock)

    @cached_property
    def evidence(self) -> "Evidence":
        """The verb that looks for commits."""
        from goodmeasure.services.evidence import Evidence  # noqa: PLC0415 - built when asked for

        return Evidence(self.ledger, self.clock)

    @cached_property
    def findings(self) -> "Findings":
        """The verb that looks for private findings."""
        from goodmeasure.services.findings import Findings  # noqa: PLC0415 - built when asked for

        return Findings(self.ledger, self.clock)

    @cached_property
    def interchange(self) -> "Interchange":
        """The verbs that exchange judgements with other programs."""
        from goodmeasure.services.interchange import Interchange  # noqa: PLC0415 - built when asked for

        return Interchange(self.ledger)

    @cached_property
    def oversight(self) -> "Oversight":
        """The questions about what agents were allowed to do and did."""
        from goodmeasure.services.oversight import Oversight  # noqa: PLC0415 - built when asked for

        return Oversight(self.ledger)

    @cached_property
    def touching(self) -> "Touching":
        """The questions about the files of a run."""
        from goodmeasure.services.touching import Touching  # noqa: PLC0415 - built when asked for

        return Touching(self.ledger)

    @property
    def guessing(self) -> "Guessing":
        """The verb that keeps private guesses; made anew each time, as the setting that allows asking may change."""
        from goodmeasure.services.calibration import Guessing  # noqa: PLC0415 - built when asked for

        return Guessing(self.ledger, self.clock, wanted=self.settings.ask_guesses)

    @cached_property
    def receiving(self) -> "Receiving":
        """The receiver's switch: off until started."""
        from goodmeasure.services.receiving import Receiving  # noqa: PLC0415 - built when asked for

        ports = (self.settings.telemetry_http_port, self.settings.telemetry_grpc_port)
        return Receiving(self.ledger, self.clock, self.prices, ports=ports)

    @cached_property
    def received(self) -> "Received":
        """The verbs about reports of other people. What has expired is deleted before anything is asked."""
        from goodmeasure.services.received import Received  # noqa: PLC0415 - loads cryptography

        received = Received(self.ledger, self.profile, self.zone, self.clock)
        received.delete_expired()
        return received

    @cached_property
    def rolling_up(self) -> "RollingUp":
        """The verbs that add up what was received."""
        from goodmeasure.services.rolling_up import RollingUp  # noqa: PLC0415 - loads cryptography

        return RollingUp(self.ledger, self.received, self.clock)

    @cached_property
    def sealing(self) -> "Sealing":
        """The weeks' receipts."""
        from goodmeasure.services.sealing import Sealing  # noqa: PLC0415 - built when asked for

        return Sealing(self.ledger, self.zone, self.clock)

    def begin_day(self) -> int:
        """Do what each day begins with: the receipt of a finished week, and the draw; return how many runs were drawn.

        Nothing where it was done. Raises LedgerError.
        """
        # The draw comes last: where it was made, so was all before it.
        if has_drawn(self.ledger, moment(self.clock.now(), self.zone).date().isoformat()):
            return 0
        self.sealing.seal_weeks()
        return self.sampling.draw_today()

    @cached_property
    def sharing(self) -> "Sharing":
        """The verbs that make, sign, save and check reports."""
        from goodmeasure.services.sharing import Sharing  # noqa: PLC0415 - loads cryptography

        return Sharing(self.ledger, self.profile, self.queries, self.clock)

    @cached_property
    def team(self) -> "Team":
        """The verbs of a team sum."""
        from goodmeasure.services.team import Team  # noqa: PLC0415 - loads cryptography

        return Team(self.ledger, self.profile, self.queries, self.clock)

    def back_up(self, file: Path) -> "Backup":
        """Write a backup. Raises Refusal."""
        from goodmeasure.services.keeping import back_up  # noqa: PLC0415 - loaded when asked for

        return back_up(self.ledger, self.profile, self.key_status.store, file)

    def restore(self, file: Path, recovery_code: str | None = None) -> Path | None:
        """Put a backup in the ledger's place and return where the old one lies. Raises Refusal.

        Only before anything was asked of this desk: what it opened would still be the old ledger.
        """
        from goodmeasure.services.keeping import restore  # noqa: PLC0415 - loaded when asked for

        if "ledger" in self.__dict__:
            raise AssertionError("restore needs a desk that has opened nothing")
        old = restore(self.profile, file, self._ask_passphrase, recovery_code)
        self.settings, self.settings_problem = read_settings(self.profile)
        return old

    def merge(self, other: Path, recovery_code: str | None = None) -> "Merged":
        """Take in the ledger of another profile. Raises Refusal."""
        from goodmeasure.services.keeping import merge  # noqa: PLC0415 - loaded when asked for

        return merge(
            self.ledger,
            self.profile,
            other,
            ask_passphrase=self._ask_passphrase,
            code=recovery_code,
            cost_of=self.prices.cost_of(),
            clock=self.clock,
            keep_titles=self.settings.keep_titles,
        )

    def close(self) -> None:
        """Stop receiving, and close the ledger, where either was begun."""
        if "receiving" in self.__dict__:
            self.receiving.stop()
        if "ledger" in self.__dict__:
            self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
