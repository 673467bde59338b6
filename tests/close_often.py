"""Close the pad at any moment: while it opens, loads, is drawn on, or reads.

The test suite does this a few times. To do it a hundred times in a row:

    python tests/close_often.py 100
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_LIMIT_SECONDS = 120


def close_once(moment: str, home: Path) -> tuple[int, str]:
    """Open the pad in its own process and close it at a given moment.

    Args:
        moment: 'at once'; a number of milliseconds after the window shows; 'drawing' or
            'predicting' once the model is ready; 'drawing while loading'.
        home: a folder for settings and the rest.

    Returns:
        The exit code, and the output on stdout and stderr.
    """
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", __file__, "--child", moment],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LIMIT_SECONDS,
        check=False,
        cwd=_ROOT,
        env={
            "QT_QPA_PLATFORM": "offscreen",
            **os.environ,
            "LENET_DESKTOP_HOME": str(home),
            "PYTHONPATH": str(_ROOT),
            "PYTHONWARNINGS": "error",
        },
    )
    return done.returncode, done.stdout


def moments(count: int) -> list[str]:
    """Return moments spread over the first two seconds, and the special ones."""
    special = ["at once", "drawing", "predicting", "drawing while loading"]
    return [
        special[i // 2 % len(special)] if i % 2 else str(round(2000 * i / max(count, 1)))
        for i in range(count)
    ]


def _child(moment: str) -> int:
    """Run the program and close its window at that moment."""
    from PySide6.QtCore import QEvent, QPoint, QTimer
    from PySide6.QtWidgets import QApplication

    from lenet_desktop import paths
    from lenet_desktop.__main__ import main
    from lenet_desktop.drawing.stroke_file import read_strokes
    from lenet_desktop.ui.app import make_app
    from lenet_desktop.ui.self_test import play_strokes, send_mouse
    from lenet_desktop.ui.window.main_window import MainWindow

    app = make_app()
    strokes = next(iter(read_strokes(paths.resource("demo-strokes.jsonl")))).strokes
    shown: list[float] = []

    def act(window: MainWindow) -> bool:
        """Do what belongs to the moment; return whether it has come."""
        waited = (time.perf_counter() - shown[0]) * 1000
        if moment.isdigit():
            return waited >= int(moment)
        if moment == "at once":
            return True
        if (moment == "drawing while loading" and waited < 100) or (
            moment in ("drawing", "predicting") and window.is_loading
        ):
            return False
        play_strokes(window.canvas, strokes)
        if moment != "predicting":
            send_mouse(window.canvas, QEvent.Type.MouseButtonPress, QPoint(90, 90))
            send_mouse(window.canvas, QEvent.Type.MouseMove, QPoint(190, 90))
        return True

    def look() -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
        if windows and windows[0].isVisible():
            shown.append(time.perf_counter())
            if act(windows[0]):
                timer.stop()
                windows[0].close()

    timer = QTimer(app)
    timer.timeout.connect(look)
    timer.start(0 if moment == "at once" else 2)
    sys.argv = ["lenet-desktop"]
    return main()


def _many(count: int) -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        for number, moment in enumerate(moments(count), 1):
            code, said = close_once(moment, Path(home))
            if code != 0 or said:
                failed += 1
                print(f"{number}: {moment}: exit code {code}: {said}")
    print(f"closed {count} times; {failed} times not with exit code 0 and no output")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.exit(_child(sys.argv[2]))
    sys.exit(_many(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
