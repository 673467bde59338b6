"""Text of unknown origin is made safe to show in a terminal or a label."""

import pytest

from lenet_desktop.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("LeNet-5", "LeNet-5"),
        ("Zoë's 7️⃣ <b>", "Zoë's 7️⃣ <b>"),
        ("", ""),
        ("  two\n\nlines\t\0 ", "two lines"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("C1 \x9b31m and delete \x7f", "C1 31m and delete"),
        ("turned \u202eround\u2066 and \u200fback", "turned round and back"),
        ("line\u2028and\u2029paragraph", "line and paragraph"),
        ("half a character \ud800!", "half a character !"),
        ("no\ufeff mark", "no mark"),
        ("joined 👩\u200d🔬", "joined 👩\u200d🔬"),
    ],
    ids=range(11),
)
def test_text_becomes_one_printable_line(text: str, shown: str) -> None:
    assert printable(text, 60) == shown
    assert printable(shown, 60) == shown


@pytest.mark.parametrize(("length", "shown"), [(10, "x" * 10), (11, "x" * 9 + "…")])
def test_a_long_line_is_cut(length: int, shown: str) -> None:
    assert printable("x" * length, 10) == shown


def test_every_line_of_a_long_text_is_at_most_the_limit() -> None:
    assert len(printable("a \x1b" * 1_000_000, 200)) == 200


def test_no_control_character_of_unicode_is_left() -> None:
    everything = "".join(map(chr, range(0x110000)))
    shown = printable(everything, 2_000_000)
    assert not [c for c in shown if not c.isprintable() and c not in "\u200c\u200d"]
