"""The card of one run: what it was about, the question that is asked, and folded away what it took."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from goodmeasure.ui.theme import GRID
from goodmeasure.ui.widgets.buttons import Button, Choice, Tag
from goodmeasure.ui.widgets.frames import Card, Hairline, clear
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip
from goodmeasure.value.taxonomy import SECOND_PERSON
from goodmeasure.viewmodels.inbox import CardView
from goodmeasure.viewmodels.sitting import InboxState, Step
from goodmeasure.viewmodels.touched import LOOKING
from goodmeasure.viewmodels.wording import counted

_MAX_WIDTH = 760
_OTHER = 32
"""Most characters of the title of a run that is answered along."""
_DRAWN = "Drawn by chance: such answers can speak for the runs that nobody asks about, so this one is asked more."


class InboxCard(Card):
    """One run and one question. `pressed_key` carries the key of the choice that was pressed by mouse."""

    pressed_key = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumWidth(_MAX_WIDTH)
        self.setMinimumWidth(520)
        self.body.setSpacing(GRID)
        self.run_id: int | None = None
        """The run that is on the card."""
        self._unfolded = False
        self._title = ElidedLabel("", "number", lines=3)
        self._tags = QHBoxLayout()
        self._tags.setSpacing(GRID)
        self._about = PlainLabel("", "body", tone="2")
        self.files = ElidedLabel("", "body", tone="2")
        self.links = ElidedLabel("", "small", tone="2")
        self._drawn = ElidedLabel(_DRAWN, "small", tone="2", lines=2)
        self._others = ElidedLabel("", "small", tone="2", lines=8)
        self._question = PlainLabel("", "card")
        self._said = PlainLabel("", "small", tone="2")
        self._choices = QVBoxLayout()
        self._choices.setSpacing(6)
        self._fold = Button("Cost and tokens", icon="chevron-right", look="link")
        self._fold.clicked.connect(self._toggle)
        self._took = PlainLabel("", "body", tone="2", wrap=True)
        self._lay_out()

    def show_card(self, card: CardView, state: InboxState, others: Sequence[str] = ()) -> None:
        """Show a run and the question that is asked of it; what it took is unfolded once it has an outcome.

        `others`: titles of the similar runs that get the same answer.
        """
        if card.run_id != self.run_id:
            self.run_id, self._unfolded = card.run_id, False
            self._show_run(card)
        self._show_others(others)
        self._show_question(state)
        self._show_fold(unfolded=self._unfolded or card.run_id in state.rated)

    def show_files(self, files: str, paths: str) -> None:
        """Say which files the run touched; the files in full stand in the tooltip and are told to a screen reader."""
        self.files.more = paths
        self.files.setText(files)
        self.files.setAccessibleDescription(paths)

    def show_links(self, links: str) -> None:
        """Say its branch and commits. The line keeps its room, so that the question stays where it is."""
        self.links.setText(links)

    def _lay_out(self) -> None:
        about = QVBoxLayout()
        about.setSpacing(GRID // 2)
        about.addWidget(self._title)
        about.addLayout(self._tags)
        about.addWidget(self._about)
        about.addWidget(self.files)
        about.addWidget(self.links)
        about.addWidget(self._drawn)
        about.addWidget(self._others)
        question = QHBoxLayout()
        question.addWidget(self._question)
        question.addStretch(1)
        question.addWidget(self._said)
        self.body.addLayout(about)
        self.body.addSpacing(GRID)
        self.body.addWidget(Hairline())
        self.body.addSpacing(GRID)
        self.body.addLayout(question)
        self.body.addLayout(self._choices)
        self.body.addSpacing(GRID)
        self.body.addWidget(Hairline())
        fold = QHBoxLayout()
        fold.setSpacing(12)
        fold.addWidget(self._fold)
        fold.addWidget(self._took, 1)
        self.body.addLayout(fold)

    def _show_run(self, card: CardView) -> None:
        self._title.setText(card.title)
        clear(self._tags)
        for text, look in ((card.project, "tag-accent"), (card.agent, "tag")):
            self._tags.addWidget(Tag(text if len(text) <= 40 else text[:39] + "…", look))
        self._tags.addStretch(1)
        self._drawn.setVisible(card.drawn)
        self.show_files(LOOKING, "")
        self.show_links("")
        self._about.setText(f"{card.when} · {card.duration} · {card.did}")
        self._took.setText(f"{card.cost} · {card.tokens} · {card.models}")
        set_tooltip(self._took, card.tokens_exact)

    def _show_others(self, others: Sequence[str]) -> None:
        self._others.setVisible(bool(others))
        if others:
            named = " · ".join(title if len(title) <= _OTHER else title[: _OTHER - 1] + "…" for title in others)
            runs = counted(len(others), "similar run")
            self._others.setText(f"Your answers count for this one and {runs} of the same day and project: {named}")

    def _show_question(self, state: InboxState) -> None:
        question = state.step.question
        self._question.setText(question.text)
        steps = len(state.steps)
        place = state.steps.index(state.step) + 1 if state.step in state.steps else steps
        private = "Private guess, Enter leaves it out · " if state.step.is_guess else ""
        self._said.setText(f"{private}Question {place} of {steps}")
        clear(self._choices)
        choices = [choice for choice in question.choices if choice.key]
        if state.step is Step.REVIEW:
            choices += SECOND_PERSON.choices
        for choice in choices:
            button = Choice(choice.key, choice.label, choice.meaning)
            button.clicked.connect(lambda _=False, key=choice.key: self.pressed_key.emit(key))
            self._choices.addWidget(button)

    def _toggle(self) -> None:
        self._unfolded = self._took.isHidden()
        self._show_fold(unfolded=self._unfolded)

    def _show_fold(self, *, unfolded: bool) -> None:
        self._took.setVisible(unfolded)
        self._fold.set_icon("chevron-down" if unfolded else "chevron-right")
        self._fold.setAccessibleDescription("unfolded" if unfolded else "folded until you have answered")
