"""All pages, made together once the first frame is on the screen."""

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

    def __init__(self, session: Session) -> None:
        self.overview = OverviewPage(session)
        self.inbox = InboxPage(session)
        self.runs = RunsPage(session)
        self.value = ValuePage(session)
        self.spend = SpendPage(session)
        self.oversight = OversightPage(session)
        self.share = SharePage(session)
        self.received = ReceivedPage(session)
        self.team = TeamPage(session)
        self.sources = SourcesPage(session)
        self.by_name: dict[str, Page] = {
            "overview": self.overview,
            "inbox": self.inbox,
            "runs": self.runs,
            "value": self.value,
            "spend": self.spend,
            "oversight": self.oversight,
            "share": self.share,
            "received": self.received,
            "team": self.team,
            "sources": self.sources,
        }
