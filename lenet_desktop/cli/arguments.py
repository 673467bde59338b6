"""The arguments of the command line: commands, options, and their help."""

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from lenet_desktop import __version__
from lenet_desktop.cli.output import complain
from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.errors import UserError

_DESCRIPTION = "A drawing pad that reads handwritten digits with LeNet."
_USAGE = "lenet-desktop [options] [FILE]\n       lenet-desktop COMMAND ..."
_EPILOG = """\
Without a command the pad opens: draw a digit and see it read. With a FILE it opens with this
picture, stroke file or model; write ./train for a file that is named like a command.

examples:
  lenet-desktop                                  open the pad
  lenet-desktop photo.jpg                        open the pad with a picture
  lenet-desktop recognize photo.jpg              read the digit in a picture
  lenet-desktop explain photo.jpg --output why.png  see why, layer by layer
  lenet-desktop train --output mine.safetensors  train on the starter digits
  lenet-desktop teach --samples hearts.jsonl --output hearts.safetensors
                                                 learn what these drawings are
  lenet-desktop --model "My MNIST"               open the pad with a model that you have kept
  lenet-desktop export factory pad.html          write a web page that reads like the pad
"""
_DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
_DEVICE_HELP = "where the network runs: auto (default), cpu, cuda, mps or xpu"
_MODEL_HELP = (
    "the model that reads: a model file, or the name of a model that you have kept, in quotes if "
    "it has spaces (--model \"My MNIST\"); 'factory' is the factory model"
)
_FORMATS = ("onnx", "web")
# Those of ``inference.inside.attribution.Method``, which cannot be imported before numpy.
ATTRIBUTION_METHODS = ("occlusion", "integrated-gradients", "shapley")
# Those of ``data.sources.PicturesAre``.
PICTURES = ("drawings", "scaled")
_DATA_SETS = ", ".join(
    (
        "mnist (11.6 MB)",
        *(f"{each.key} ({each.megabytes} MB)" for each in FAMILY.values()),
    )
)
_COMMANDS = ("recognize", "explain", "train", "teach", "runs", "evaluate", "export", "self-test")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of a command line; ``command`` is None if the pad is to be opened.

    ``files`` of the pad need not exist.

    Raises:
        SystemExit: the arguments are wrong, which has been reported, or only ask for help.
    """
    word = _first_word(arguments)
    is_file = word is not None and word not in _COMMANDS
    options = (_pad_parser() if is_file else _parser()).parse_args(arguments)
    for name in ("model", "device"):
        # Options of the pad may be given before a command that knows them, too.
        if getattr(options, name) is not None and name not in options.takes:
            _parser().error(f"the command '{options.command}' does not have the option --{name}")
    return options


def unknown_word(word: str) -> UserError:
    """Return the error for a first word that is neither a command nor a file."""
    similar = difflib.get_close_matches(word, _COMMANDS, n=1)
    meant = f"did you mean '{similar[0]}'?" if similar else "see 'lenet-desktop --help'."
    return UserError(f"There is no command and no file '{word}': {meant}")


def _first_word(arguments: Sequence[str]) -> str | None:
    """Return the first argument that is neither an option nor the value of one."""
    words = iter(arguments)
    for word in words:
        if word == "--":
            return next(words, None)
        if not word.startswith("-"):
            return word
        # argparse accepts the first letters of an option, too.
        if len(word) > 2 and any(option.startswith(word) for option in ("--model", "--device")):
            next(words, None)
    return None


class _Parser(argparse.ArgumentParser):
    """A parser that reports errors in one sentence, as everything else does."""

    def error(self, message: str) -> NoReturn:
        """Print the error and exit with code 2."""
        complain(f"{message[:1].upper()}{message[1:].rstrip('.')} (see '{self.prog} --help').")
        self.exit(2)


def _pad_options() -> _Parser:
    parser = _Parser(add_help=False)
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.add_argument("--model", metavar="MODEL", help=_MODEL_HELP)
    parser.add_argument("--device", choices=_DEVICES, metavar="NAME", help=_DEVICE_HELP)
    parser.set_defaults(takes=("model", "device"), command=None, files=[])
    return parser


def _pad_parser() -> _Parser:
    """Return the parser of command lines whose first word is no command."""
    parser = _Parser(
        prog="lenet-desktop",
        parents=[_pad_options()],
        description="Open the pad with a picture (PNG, JPEG, BMP, GIF, TIFF or WebP), with the "
        "first drawing of a stroke file (.jsonl), or with a model file (.safetensors) for this "
        "session.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="the first one is opened")
    return parser


def _parser() -> _Parser:
    """Return the parser of all others; ``takes`` names the pad's options that a command has."""
    parser = _Parser(
        prog="lenet-desktop",
        usage=_USAGE,
        parents=[_pad_options()],
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lenet-desktop {__version__}")
    # These options are accepted before and after the command.
    common = _Parser(add_help=False)
    common.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show the traceback of an error",
    )
    device = _Parser(add_help=False)
    device.add_argument(
        "--device",
        choices=_DEVICES,
        metavar="NAME",
        default=argparse.SUPPRESS,
        help=_DEVICE_HELP,
    )
    model = _Parser(add_help=False)
    model.add_argument(
        "--model",
        metavar="MODEL",
        default=argparse.SUPPRESS,
        help=f"{_MODEL_HELP} (default)",
    )
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", prog="lenet-desktop"
    )
    _add_recognize(commands, [common, device, model])
    _add_explain(commands, [common, device, model])
    _add_train(commands, [common, device])
    _add_teach(commands, [common])
    _add_runs(commands, [common])
    _add_evaluate(commands, [common, model])
    _add_export(commands, [common])
    _add_self_test(commands, [common])
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"
_Parents: TypeAlias = "list[_Parser]"


def _add_recognize(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "recognize",
        parents=parents,
        help="read the digit in pictures or stroke files",
        description="Read the digit in each picture (PNG, JPEG, BMP, GIF, TIFF or WebP; photos "
        "work too) or stroke file (.jsonl), without a window. With - one of them is read from "
        "standard input.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="- stands for standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per drawing")
    form.add_argument(
        "--csv",
        action="store_true",
        help="print a table with one row per drawing. So that a spreadsheet takes no cell for a "
        "formula, './' is put before a file name that starts with = + - or @, and an apostrophe "
        "before such a class",
    )
    parser.set_defaults(takes=("model", "device"))


def _add_explain(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "explain",
        parents=parents,
        help="show how the network reads a digit, as a picture",
        description="Write a picture of the whole network while it reads a digit: the sample, the "
        "maps and neurons of every layer, the answer, and which parts of the digit it depends on. "
        "The digit comes from a picture (PNG, JPEG, BMP, GIF, TIFF or WebP) or a stroke file "
        "(.jsonl).",
    )
    parser.add_argument("file", metavar="FILE", help="- stands for standard input")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the picture to write (.png)"
    )
    parser.add_argument(
        "--drawing", type=int, default=1, metavar="N", help="which drawing of a stroke file (1)"
    )
    parser.add_argument(
        "--digit",
        type=int,
        metavar="N",
        help="which digit of a number, counted from its beginning (default: the last)",
    )
    parser.add_argument(
        "--class",
        dest="class_name",
        metavar="NAME",
        help="explain the probability of this class (default: that of the answer)",
    )
    parser.add_argument(
        "--method",
        choices=ATTRIBUTION_METHODS,
        metavar="NAME",
        help="how the pixels are weighed: shapley (default), occlusion or integrated-gradients",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(takes=("model", "device"))


def _add_train(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "train",
        parents=parents,
        help="train a new model",
        description="Train LeNet and write a model file. Without --data it learns from the 5,000 "
        "starter digits inside the program, without a network connection. To continue an "
        "interrupted training, run the same command again.",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the model file to write"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DATA",
        help="a folder that holds MNIST (DATA/MNIST/raw/train-images-idx3-ubyte.gz and so on), a "
        "folder with a subfolder of pictures for each class, or the name of a data set, which is "
        f"downloaded unless that was done before: {_DATA_SETS}",
    )
    parser.add_argument(
        "--pictures",
        choices=PICTURES,
        default=PICTURES[0],
        help="how the pictures of a folder become 28x28: 'drawings' are read as on the pad, which "
        "finds, crops and centres the ink (default); 'scaled' are taken whole, in grey",
    )
    parser.add_argument(
        "--strokes", type=Path, metavar="FILE", help="also learn from the drawings of a stroke file"
    )
    parser.add_argument(
        "--credit", default="", metavar="TEXT", help="who made the strokes, for the model card"
    )
    parser.add_argument(
        "--recipe", default="quick", metavar="NAME", help="quick (default), tutorial or thorough"
    )
    parser.add_argument(
        "--network",
        metavar="NAME",
        help="lenet (default), lenet-variant or residual, a deeper network that takes longer",
    )
    parser.add_argument(
        "--teacher",
        action="append",
        default=[],
        metavar="MODEL",
        help="also learn from the answers of this model, a file or the name of a kept one "
        "(distillation); may be given several times",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="the number of epochs (default: the recipe's)"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="the random seed (default: a new one)"
    )
    parser.add_argument("--name", metavar="TEXT", help="the model's name (default: the file's)")
    parser.set_defaults(takes=("device",))


def _add_runs(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "runs",
        parents=parents,
        help="list the trainings, or show some of them",
        description="List all trainings with their scores and what became of them, the newest "
        "first. 'runs show 7' shows the recipe and the epochs of training number 7; with several "
        "numbers, in what they differ.",
    )
    parser.add_argument("what", nargs="*", metavar="show N", help="show these trainings")
    parser.add_argument("--json", action="store_true", help="print one JSON object per training")
    parser.set_defaults(takes=())


def _add_teach(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "teach",
        parents=parents,
        help="learn from drawings of your own",
        description="Learn from the drawings of a stroke file, in seconds. If all labels are "
        "digits, a model that reads digits learns how you write them, without forgetting how "
        "others do; one in four drawings is held out and tells whether it has become better. Any "
        "other labels (words, letters, emoji; 2 to 50, at least 4 drawings of each) are the "
        "classes of a new model.",
    )
    parser.add_argument(
        "--samples",
        type=Path,
        required=True,
        metavar="FILE",
        help="a stroke file with labels (.jsonl), such as the one of your own samples",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the model file to write"
    )
    parser.add_argument(
        "--from",
        dest="start",
        default="factory",
        metavar="MODEL",
        help="begin with this model, a file or the name of a kept one (default: the factory model)",
    )
    parser.add_argument(
        "--new-classes",
        action="store_true",
        help="make the labels the classes of a new model even if all of them are digits",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="digits of other people that are not to be forgotten: a folder that holds MNIST, or "
        "'mnist' (default: MNIST if it has been downloaded, else the starter digits)",
    )
    parser.add_argument("--name", metavar="TEXT", help="the model's name (default: the file's)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="the random seed (default: a new one)"
    )
    parser.set_defaults(takes=())


def _add_evaluate(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "evaluate",
        parents=parents,
        help="measure the accuracy of a model",
        description="Measure the accuracy of a model on held-out starter digits, on the test "
        "digits of MNIST, or on a stroke file of digits or of whole numbers.",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="use the test digits of MNIST in this folder; 'mnist' downloads MNIST (11.6 MB) "
        "unless that was done before",
    )
    source.add_argument(
        "--strokes", type=Path, metavar="FILE", help="use this stroke file with labels (.jsonl)"
    )
    source.add_argument(
        "--numbers",
        type=Path,
        metavar="FILE",
        help="use this stroke file, whose labels are whole numbers (.jsonl)",
    )
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="with --numbers: draw the strokes and forget them, so that pictures are read",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--mistakes", type=Path, metavar="FILE", help="write a picture of the mistakes (.png)"
    )
    parser.set_defaults(takes=("model",))


def _add_export(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "export",
        parents=parents,
        help="write a model as an ONNX file or as a web page",
        description="Write a model in another format: 'onnx' is a file for other runtimes, with "
        "class names, thresholds and credits inside (needs lenet-desktop[onnx]); 'web' is the pad "
        "as one HTML file that needs no network and no server.",
    )
    parser.add_argument(
        "source",
        metavar="MODEL",
        help="a model file, the name of a model that you have kept, or 'factory'",
    )
    parser.add_argument(
        "--to",
        choices=_FORMATS,
        metavar="FORMAT",
        help="onnx or web (default: what the name of FILE ends in)",
    )
    parser.add_argument(
        "target", type=Path, metavar="FILE", help="the file to write, .onnx or .html"
    )
    parser.set_defaults(takes=())


def _add_self_test(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "self-test",
        parents=parents,
        help="open the window, draw ten digits, check the answers, train and keep a model",
        description="Open the real window, draw the digits 0 to 9 with the mouse and check the "
        "answers; then train a model, keep it in a temporary folder and open it again. Works "
        "without a screen when QT_QPA_PLATFORM=offscreen is set.",
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save a picture of the window (PNG)"
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="use this theme (default: the one in use)"
    )
    parser.set_defaults(takes=())
