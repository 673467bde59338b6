"""Nothing that is read can run code: no pickle, no eval, no torch.load, anywhere in the package."""

import ast
from pathlib import Path

import pytest

import lenet_desktop

PACKAGE = Path(lenet_desktop.__file__).parent
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml"}
BUILTINS = {"eval", "exec", "compile", "__import__"}
# In torch or numpy these unpickle, or may.
FUNCTIONS = {
    "torch.load",
    "torch.jit.load",
    "torch.package",
    "torch.hub.load",
    "pandas.read_pickle",
    "np.fromregex",
}


def findings(source: str) -> list[str]:
    """Return what in a module could run code from a file."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] if node.module.split(".")[0] in MODULES else []
        elif isinstance(node, ast.Attribute):
            found += [ast.unparse(node)] if ast.unparse(node) in FUNCTIONS else []
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
                found.append(node.func.id)
            found += [
                "allow_pickle"
                for keyword in node.keywords
                if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False"
            ]
            if ast.unparse(node.func) in ("np.load", "numpy.load") and not any(
                keyword.arg == "allow_pickle" for keyword in node.keywords
            ):
                found.append("np.load without allow_pickle=False")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import torch\ntorch.load(path)",
        "load = torch.load",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=chosen)",
        "eval(text)",
        "exec(text)",
        "import yaml",
    ],
)
def test_the_search_finds_what_runs_code(source: str) -> None:
    assert findings(source)


def test_no_module_of_the_package_can_run_code_from_a_file() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))
    assert len(modules) > 100
    found = {
        str(path.relative_to(PACKAGE)): what
        for path in modules
        if (what := findings(path.read_text(encoding="utf-8")))
    }
    assert not found
