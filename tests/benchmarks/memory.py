"""Resident memory of the pad after some answers, compared with a process that only imports.

python tests/benchmarks/memory.py
"""

import subprocess
import sys

from startup import run_pad

_BARE = """
import torch
from PySide6 import QtCore, QtGui, QtWidgets
for line in open("/proc/self/status"):
    if line.startswith("VmRSS"):
        print(int(line.split()[1]) / 1024)
"""


def main() -> None:
    done = subprocess.run([sys.executable, "-c", _BARE], capture_output=True, text=True, check=True)
    bare = float(done.stdout)
    pad = float(run_pad(2.0)["rss_mib"])
    print(f"import torch and PySide6 alone: {bare:.0f} MiB")
    print(f"the pad after answers:          {pad:.0f} MiB  {pad / bare:.2f} x")


if __name__ == "__main__":
    main()
