"""One slice of a cube of 50 million figures: from release files, and from PostgreSQL.

A slice is one indicator, one province, all 54 groups and their total, five years. It is asked
of the province's own figures (275), and of those of a hundred communes (27,500), each time of
another indicator and place. The product's side is the reading path of the portal's files and
API (`releases.queries.slices.slice_of`): release files as they are published, the columns of
an indicator mapped at its first reading, which is timed apart. PostgreSQL has the same figures,
loaded in the same order, with an index over indicator, level, area, period and group, analysed,
and read through a prepared statement; its CPU is that of its backend, and the CPU of the Python
that takes the rows is shown beside it. Every slice of both sides is compared.

`python -m scripts.bench cube` measures 50 million; `NHASAN_BENCH_SIZE=5000000` fewer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from scripts import places

_RUN = ("import sys, django; django.setup(); from benchmarks._cube_run import main; "
        "sys.exit(main())")


def main() -> int:
    """Measure in a process whose files lie in a place of their own."""
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        env = places.environment(
            NHASAN_VAR=f"{folder}/var", DJANGO_SETTINGS_MODULE="nhasan.project.settings")
        return subprocess.run(
            [sys.executable, "-c", _RUN], env=env, cwd=places.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
