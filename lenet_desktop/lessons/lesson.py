"""A lesson: a few steps that point at parts of the window and wait for the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Wait:
    """What a step waits for.

    Attributes:
        event: one of ``EVENTS``.
        details: what must be true of the event, by name.
    """

    event: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def accepts(self, event: str, details: Mapping[str, Any]) -> bool:
        """Return whether an event is the one that is waited for."""
        return event == self.event and all(
            details.get(name) == value for name, value in self.details.items()
        )


@dataclass(frozen=True)
class Question:
    """A question at the end of a step.

    Attributes:
        ask: the question.
        choices: the possible answers, two to five.
        answer: the index of the right one.
        why: why it is right.
    """

    ask: str
    choices: tuple[str, ...]
    answer: int
    why: str


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        text: what it says; paragraphs are parted by an empty line.
        part: what it points at, one of ``PARTS``, or '' for nothing.
        wait: what it waits for; None to wait for nothing but 'Next'.
        settings: options of the training that a button sets, by name.
        question: the question, or None.
    """

    text: str
    part: str = ""
    wait: Wait | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    question: Question | None = None

    @property
    def asks_for_something(self) -> bool:
        """Whether the person has to do something before the lesson goes on."""
        return self.wait is not None or self.question is not None or bool(self.settings)


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes:
        name: identifies it in the settings: the file's name without suffix, after 'own/' if it is
            in the user's own folder.
        title: its title, one line.
        about: what it is about, in a sentence.
        steps: at least one.
    """

    name: str
    title: str
    about: str
    steps: tuple[Step, ...]
