"""All pages, made one after the other once the first frame is on the screen."""

from collections.abc import Iterator

from goodmeasure.ui.pages.inbox import InboxPage
from goodmeasure.ui.pages.oversight import OversightPage
from goodmeasure.ui.pages.overview import OverviewPage
from goodmeasure.ui.pages.received import ReceivedPage
from goodmeasure.ui.pages.runs import RunsPage
from goodmeasure.ui.pages.share import SharePage
from goodmeasure.ui.pages.sources import SourcesPage
from goodmeasure.ui.pages.spend import SpendPage
from goodmeasure.ui.pages.team import TeamPage
from goodmeasure.ui.pages.value import ValuePage
from goodmeasure.ui.session import Session

Page = (
    OverviewPage
    | InboxPage
    | RunsPage
    | ValuePage
    | SpendPage
    | OversightPage
    | SharePage
    | ReceivedPage
    | TeamPage
    | SourcesPage
)


class Pages:
    """Every page, and each by the name that the sidebar knows it by."""

    overview: OverviewPage
    inbox: InboxPage
    runs: RunsPage
    value: ValuePage
    spend: SpendPage
    oversight: OversightPage
    share: SharePage
    received: ReceivedPage
    team: TeamPage
    sources: SourcesPage

    def __init__(self) -> None:
        self.by_name: dict[str, Page] = {}

    def make(self, session: Session) -> Iterator[Page]:
        """Make one page a step, so that the window answers between them; all are there at the end."""
        self.overview = self.by_name["overview"] = OverviewPage(session)
        yield self.overview
        self.inbox = self.by_name["inbox"] = InboxPage(session)
        yield self.inbox
        self.runs = self.by_name["runs"] = RunsPage(session)
        yield self.runs
        self.value = self.by_name["value"] = ValuePage(session)
        yield self.value
        self.spend = self.by_name["spend"] = SpendPage(session)
        yield self.spend
        self.oversight = self.by_name["oversight"] = OversightPage(session)
        yield self.oversight
        self.share = self.by_name["share"] = SharePage(session)
        yield self.share
        self.received = self.by_name["received"] = ReceivedPage(session)
        yield self.received
        self.team = self.by_name["team"] = TeamPage(session)
        yield self.team
        self.sources = self.by_name["sources"] = SourcesPage(session)
        yield self.sources
