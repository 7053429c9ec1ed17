"""The door of the bench: `python -m bench NAME...` shows each number beside its goal and keeps it."""

from __future__ import annotations

import argparse
import importlib
import sys

import msgspec

from bench.report import show

NAMES = (
    *("start", "labels", "growth", "answers", "imports", "exports"),
    *("merges", "quality", "live", "overlap", "validators", "ontology", "events", "web"),
)


def main() -> int:
    """Run the benches that were asked for, all of them by default; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument(
        "--json", action="store_true", help="print the results as one JSON object on one line"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to try the bench itself; keeps nothing"
    )
    options = parser.parse_args()
    reports = []
    for name in options.names or NAMES:
        report = importlib.import_module(f"bench.{name}").run(options.quick)
        report.finish(keep=not options.quick)
        reports.append(report)
        if not options.json:
            show(report)
    if options.json:
        print(msgspec.json.encode({"reports": reports}).decode())
    return 0 if all(report.met for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
