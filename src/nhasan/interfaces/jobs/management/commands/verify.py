"""Hold the releases of the demonstration against the source tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nhasan.areas.queries import check_map
from nhasan.interfaces.http import local_day, moment
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.verification import verify
from nhasan.organisations.queries import audit_is_whole

SHOWN = 20


class Command(BaseCommand):
    """`verify demo`: recompute every roll-up from the sources; `verify map`: count and doubt."""

    help = "demo: releases against their sources. map: counts and doubts. audit: the sealed chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what is verified."""
        parser.add_argument("what", choices=("demo", "map", "audit"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print agreements and differences; fail when something differs."""
        {"demo": self.demo, "map": self.map, "audit": self.audit}[options["what"]]()

    def demo(self) -> None:
        """Compare every expected figure with its release."""
        at = moment()
        verdicts = verify(Load(settings.DATA, at, local_day(at), self.stdout.write))
        for verdict in verdicts:
            self.stdout.write(
                f"{verdict.dataflow:<28} {verdict.agree:>7} khớp {len(verdict.differ):>5} khác"
            )
            for difference in verdict.differ[:SHOWN]:
                expected = difference.expected
                key = " ".join(f"{dim}={code}" for dim, code in expected.key)
                self.stdout.write(
                    f"    {key}: nguồn {expected.value} ({expected.how}, {expected.source}), "
                    f"đã công bố {difference.found}"
                )
        different = sum(len(verdict.differ) for verdict in verdicts)
        agree = sum(verdict.agree for verdict in verdicts)
        self.stdout.write(f"Tổng cộng: {agree} khớp, {different} khác")
        if different or not agree:
            raise CommandError("số công bố khác nguồn")

    def map(self) -> None:
        """Print the counts of the map on both sides of 1 July 2025, and every doubt."""
        check = check_map()
        for (on, level), count in sorted(check.counts.items()):
            self.stdout.write(f"{on:%d/%m/%Y}  {level:<9} {count:>6}")
        self.stdout.write(f"{len(check.doubts)} điều còn nghi ngờ:")
        for doubt in check.doubts:
            self.stdout.write(f"  {doubt}")

    def audit(self) -> None:
        """Say whether the sealed audit chain is whole."""
        if not audit_is_whole():
            raise CommandError("chuỗi nhật ký không còn nguyên vẹn")
        self.stdout.write("Chuỗi nhật ký còn nguyên vẹn.")
