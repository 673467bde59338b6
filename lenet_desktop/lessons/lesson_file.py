"""Read a lesson from a TOML file, which may have been written by anybody."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from lenet_desktop.errors import Text, UserError
from lenet_desktop.lessons.lesson import Lesson, Question, Step, Wait
from lenet_desktop.lessons.vocabulary import (
    CHOICES,
    EVENTS,
    NUMBERS,
    OPTION_VALUES,
    OPTIONS,
    PARTS,
)
from lenet_desktop.printable import printable
from lenet_desktop.regular_file import read_regular

MAX_BYTES = 64 * 1024
_MAX_STEPS, _MAX_CHOICES = 40, 5
_MAX_TITLE, _MAX_LINE, _MAX_TEXT = 60, 120, 700


class LessonError(UserError):
    """A lesson file cannot be used; the message is one sentence that says what to mend.

    Attributes:
        file: the file's name.
    """

    file = ""


class _Wrong(Exception):  # noqa: N818 -- it never leaves this module
    """What is wrong in a file.

    Attributes:
        text: the reason, in words that follow 'The lesson FILE cannot be used: '.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def read_lesson(path: Path, *, is_own: bool = False) -> Lesson:
    """Read and check a lesson.

    Args:
        path: the file.
        is_own: whether it is one of the user's own.

    Raises:
        LessonError: the file cannot be read or is not a valid lesson.
    """
    try:
        content = tomllib.loads(read_regular(path, MAX_BYTES).decode("utf-8"))
        return _lesson(content, f"own/{path.stem}" if is_own else path.stem)
    except OSError as error:
        raise _error(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _error(path, Text("it is not text in UTF-8")) from error
    except (ValueError, RecursionError) as error:
        reason = printable(str(error), _MAX_LINE)
        raise _error(path, Text("it is not TOML: {reason}", reason=reason)) from error
    except _Wrong as error:
        raise _error(path, error.text) from error


def _error(path: Path, reason: str) -> LessonError:
    error = LessonError("The lesson {file} cannot be used: {reason}.", file=path, reason=reason)
    error.file = printable(path.name, _MAX_TITLE)
    return error


def _lesson(content: dict[str, Any], name: str) -> Lesson:
    _check_keys(content, {"title", "about", "step"})
    title, about = _line(content, "title", _MAX_TITLE), _line(content, "about", _MAX_LINE)
    steps = content.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise _Wrong(Text("write each step below a line [[step]]"))
    if not 0 < len(steps) <= _MAX_STEPS:
        raise _Wrong(
            Text("it has {count} steps: write 1 to {most}", count=len(steps), most=_MAX_STEPS)
        )
    made = []
    for number, step in enumerate(steps, 1):
        try:
            made.append(_step(step))
        except _Wrong as error:
            raise _Wrong(
                Text("in step {number}, {reason}", number=number, reason=error.text)
            ) from error
    return Lesson(name, title, about, tuple(made))


def _step(step: dict[str, Any]) -> Step:
    _check_keys(step, {"text", "part", "wait", "set", "question"})
    part = step.get("part", "")
    if "part" in step:
        _check_known(part, "part", PARTS)
    question = _question(step["question"]) if "question" in step else None
    wait = _wait(step["wait"]) if "wait" in step else None
    if question is not None and wait is not None:
        raise _Wrong(Text("there is both a wait and a question: put them into two steps"))
    if wait is not None and wait.event == "shown" and not part:
        raise _Wrong(Text("it waits until a part is shown: name the part"))
    return Step(_paragraphs(step), part, wait, _settings(step.get("set", {})), question)


def _wait(value: Any) -> Wait:
    details = {"event": value} if isinstance(value, str) else value
    if not isinstance(details, dict) or "event" not in details:
        raise _Wrong(Text('write the wait as "EVENT" or { event = "EVENT", … }'))
    details = dict(details)
    event = details.pop("event")
    _check_known(event, "event", EVENTS)
    _check_keys(details, EVENTS[event])
    for name, detail in details.items():
        if name in NUMBERS:
            if type(detail) not in (int, float):
                raise _Wrong(Text("'{name}' must be a number", name=name))
        elif not isinstance(detail, str):
            raise _Wrong(Text("'{name}' must be a text in quotes", name=name))
        elif name in CHOICES:
            _check_known(detail, name, CHOICES[name])
    if event == "option" and ("option" not in details or len(details) < 2):
        raise _Wrong(Text("it waits for an option: name it, and 'at_least' or 'at_most'"))
    return Wait(event, details)


def _settings(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(Text("write 'set' as { epochs = 5, … }"))
    for name, setting in value.items():
        _check_known(name, "option", OPTIONS)
        # A bool is an int, too.
        wanted = OPTIONS[name]
        if not isinstance(setting, wanted) or isinstance(setting, bool) is not (wanted is bool):
            value = printable(str(setting), _MAX_TITLE)
            raise _Wrong(Text("the option '{name}' cannot be {value}", name=name, value=value))
        if name in OPTION_VALUES:
            _check_known(setting, name, OPTION_VALUES[name])
    return value


def _question(value: Any) -> Question:
    if not isinstance(value, dict):
        raise _Wrong(Text("write the question below a line [step.question]"))
    _check_keys(value, {"ask", "choices", "answer", "why"})
    choices = value.get("choices")
    if not isinstance(choices, list) or not 2 <= len(choices) <= _MAX_CHOICES:
        raise _Wrong(Text("the question needs 2 to {most} 'choices'", most=_MAX_CHOICES))
    lines = tuple(_line({"choices": choice}, "choices", _MAX_LINE) for choice in choices)
    answer = value.get("answer")
    if type(answer) is not int or not 1 <= answer <= len(lines):
        raise _Wrong(
            Text(
                "the question has no answer: write 'answer' with the number of the right choice, "
                "1 to {count}",
                count=len(lines),
            )
        )
    why = _paragraphs(value, "why")
    return Question(_line(value, "ask", 2 * _MAX_LINE), lines, answer - 1, why)


def _check_keys(table: dict[str, Any], known: Collection[str]) -> None:
    for key in table:
        _check_known(key, "key", known)


def _check_known(value: Any, what: str, known: Collection[str]) -> None:
    if not isinstance(value, str) or value not in known:
        raise _Wrong(
            Text(
                "there is no {what} '{value}': use one of {known}",
                what=what,
                value=printable(str(value), _MAX_TITLE),
                known=", ".join(sorted(known)),
            )
            if known
            else Text("'{value}' has no place here: remove it", value=printable(str(value), 60))
        )


def _line(table: dict[str, Any], key: str, most: int) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(Text("'{key}' is missing: write it as a text in quotes", key=key))
    if len(value) > most:
        raise _Wrong(Text("'{key}' is too long: write at most {most} letters", key=key, most=most))
    return printable(value, most)


def _paragraphs(table: dict[str, Any], key: str = "text") -> str:
    """Return a text with its lines joined; an empty line parts two paragraphs."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(Text("'{key}' is missing: write it as a text in quotes", key=key))
    if len(value) > _MAX_TEXT:
        raise _Wrong(
            Text("'{key}' is too long: write at most {most} letters", key=key, most=_MAX_TEXT)
        )
    paragraphs = (printable(part, _MAX_TEXT) for part in value.strip().split("\n\n"))
    return "\n\n".join(filter(None, paragraphs))
