"""Lesson files: what is read, and one sentence about each mistake in them."""

from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.lessons.lesson import Wait
from lenet_desktop.lessons.lesson_file import MAX_BYTES, LessonError, read_lesson
from lenet_desktop.lessons.library import all_lessons
from lenet_desktop.lessons.vocabulary import EVENTS, OPTIONS, PARTS

HEAD = 'title = "T"\nabout = "A"\n'
STEP = '[[step]]\ntext = "Draw."\n'
QUESTION = '[step.question]\nask = "?"\nchoices = ["a", "b"]\nwhy = "w"\n'


def read(folder: Path, text: str | bytes):
    path = folder / "mine.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_lesson(path)


def test_a_lesson_is_read(tmp_path: Path) -> None:
    text = f"""{HEAD}
[[step]]
text = '''
Draw a
7.

Clearly.
'''
part = "paper"
wait = {{ event = "read", class = "7", verdict = "sure" }}

[[step]]
text = "Train."
set = {{ learning-rate = 1, epochs = 5, synthetic = false, recipe = "tutorial" }}

{STEP}{QUESTION}answer = 2
"""
    lesson = read(tmp_path, text)
    assert (lesson.name, lesson.title, lesson.about) == ("mine", "T", "A")
    draw, train, ask = lesson.steps
    assert draw.text == "Draw a 7.\n\nClearly."
    assert draw.part == "paper"
    assert draw.wait is not None
    assert draw.wait.accepts("read", {"class": "7", "verdict": "sure"})
    assert not draw.wait.accepts("read", {"class": "1", "verdict": "sure"})
    assert not draw.wait.accepts("drawn", {"class": "7", "verdict": "sure"})
    assert train.wait is None
    assert train.settings["learning-rate"] == 1
    assert ask.question is not None
    assert ask.question.choices[ask.question.answer] == "b"
    short = read(tmp_path, HEAD + STEP + 'wait = "drawn"')
    assert short.steps[0].wait == Wait("drawn")
    own = read_lesson(tmp_path / "mine.toml", is_own=True)
    assert own.name == "own/mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "not TOML: Invalid value (at"),
        (b"\xff\xfe", "UTF-8"),
        ("a = " + "[" * 50_000, "not TOML"),
        ("a = " + "9" * 5000, "not TOML"),
        ("x" * (MAX_BYTES + 1), "larger than"),
        ("", "'title' is missing"),
        ('title = "T"', "'about' is missing"),
        ('title = 5\nabout = "A"', "'title' is missing: write it as a text"),
        (f'title = "{"T" * 61}"\nabout = "A"\n{STEP}', "'title' is too long: write at most 60"),
        (HEAD, "it has 0 steps: write 1 to 40"),
        (HEAD + STEP * 41, "it has 41 steps"),
        (HEAD + "step = 5", "[[step]]"),
        (HEAD + "steps = 5", "there is no key 'steps': use one of about, step, title"),
        (HEAD + STEP + "[[step]]", "in step 2, 'text' is missing"),
        (HEAD + f'[[step]]\ntext = "{"x" * 701}"', "'text' is too long: write at most 700"),
        (HEAD + STEP + 'part = "nose"', "in step 1, there is no part 'nose': use one of answer"),
        (HEAD + STEP + "part = 0", "there is no part '0'"),
        (HEAD + STEP + 'wait = "dance"', "there is no event 'dance': use one of cleared"),
        (HEAD + STEP + "wait = 5", "write the wait as"),
        (HEAD + STEP + "wait = {}", "write the wait as"),
        (HEAD + STEP + "wait = { event = [] }", "there is no event '[]'"),
        (HEAD + STEP + 'wait = { event = "drawn", class = "7" }', "'class' has no place here"),
        (HEAD + STEP + 'wait = { event = "read", class = 7 }', "'class' must be a text in quotes"),
        (HEAD + STEP + 'wait = { event = "read", verdict = "yes" }', "no verdict 'yes': use one"),
        (HEAD + STEP + 'wait = "shown"', "name the part"),
        (HEAD + STEP + 'wait = "option"', "name it, and 'at_least'"),
        (
            HEAD + STEP + 'wait = { event = "option", option = "epochs", at_least = "5" }',
            "'at_least' must be a number",
        ),
        (HEAD + STEP + "set = 5", "write 'set' as"),
        (HEAD + STEP + "set = { speed = 5 }", "there is no option 'speed': use one of batch-size"),
        (HEAD + STEP + 'set = { epochs = "5" }', "the option 'epochs' cannot be 5"),
        (HEAD + STEP + "set = { epochs = true }", "the option 'epochs' cannot be True"),
        (HEAD + STEP + "set = { synthetic = 1 }", "the option 'synthetic' cannot be 1"),
        (HEAD + STEP + 'set = { recipe = "best" }', "there is no recipe 'best'"),
        (HEAD + STEP + QUESTION, "has no answer: write 'answer' with the number"),
        (HEAD + STEP + QUESTION + "answer = 0", "has no answer"),
        (HEAD + STEP + QUESTION + "answer = 3", "1 to 2"),
        (HEAD + STEP + QUESTION + 'answer = "a"', "has no answer"),
        (HEAD + STEP + '[step.question]\nask = "?"', "needs 2 to 5 'choices'"),
        (HEAD + STEP + "question = 5", "below a line [step.question]"),
        (
            HEAD + STEP + 'wait = "drawn"\n' + QUESTION + "answer = 1",
            "both a wait and a question: put them into two steps",
        ),
    ],
)
def test_each_mistake_is_told_in_a_sentence_that_names_the_file(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    with pytest.raises(LessonError) as raised:
        read(tmp_path, text)
    sentence = str(raised.value)
    assert sentence.startswith(f"The lesson {tmp_path / 'mine.toml'} cannot be used: ")
    assert words in sentence
    assert sentence.endswith(".") and "\n" not in sentence
    assert len(sentence) < 1200
    assert raised.value.file == "mine.toml"


def test_control_characters_do_not_reach_the_window(tmp_path: Path) -> None:
    lesson = read(tmp_path, 'title = "a\\u001bb"\nabout = "A"\n[[step]]\ntext = "c\\u202ed"')
    assert lesson.title == "a b"
    assert lesson.steps[0].text == "c d"


def test_a_folder_or_a_missing_file_is_no_lesson(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(LessonError, match="cannot be used"):
            read_lesson(path)


def test_the_users_lessons_follow_the_programs(home: Path) -> None:
    own = paths.lessons_folder()
    lessons, errors = all_lessons()
    assert len(lessons) == 6 and errors == []
    assert not own.exists(), "no folder is made"
    own.mkdir(parents=True)
    (own / "2.toml").write_text(HEAD + STEP)
    (own / "1.toml").write_text("title")
    (own / "notes.txt").write_text("no lesson")
    again, errors = all_lessons()
    assert again[:6] == lessons
    assert [lesson.name for lesson in again[6:]] == ["own/2"]
    assert [error.file for error in errors] == ["1.toml"]


def test_the_readme_of_the_lessons_explains_every_word() -> None:
    text = paths.resource("lessons/README.md").read_text(encoding="utf-8")
    words = [*PARTS, *EVENTS, *OPTIONS, *(d for details in EVENTS.values() for d in details)]
    assert [word for word in words if f"`{word}`" not in text] == []


def test_the_example_of_the_readme_is_a_lesson(tmp_path: Path) -> None:
    text = paths.resource("lessons/README.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    assert len(read(tmp_path, example).steps) == 2
