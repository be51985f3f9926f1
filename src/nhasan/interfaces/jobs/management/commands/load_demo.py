"""Load what the product ships and the demonstration."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nhasan.interfaces.http import local_day, moment
from nhasan.interfaces.jobs.loading.forms import load_dataflows, load_forms
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.illustrative import load_illustrative, load_province_rounds
from nhasan.interfaces.jobs.loading.people import open_accounts
from nhasan.interfaces.jobs.loading.publishing import load_releases
from nhasan.interfaces.jobs.loading.reference import (
    load_code_lists,
    load_criteria,
    load_indicator_sets,
    load_map,
    load_organisations,
)
from nhasan.interfaces.jobs.loading.regime import load_calendar, load_obligations
from nhasan.interfaces.jobs.loading.rounds import load_rounds
from nhasan.interfaces.jobs.loading.territory import load_classes


class Command(BaseCommand):
    """`load_demo`: everything through the operations that people use; twice is once."""

    help = "Load code lists, the map, indicator sets, organisations, forms and real figures."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load part after part, saying what is done."""
        at = moment()
        logging.getLogger("nhasan").setLevel(logging.INFO)
        load = Load(settings.DATA, at, local_day(at), self.tell)
        load_organisations(load, settings.FOCAL_DEPARTMENT)
        load_calendar(load)
        load_code_lists(load)
        load_criteria(load)
        load_map(load)
        load_classes(load)
        load_indicator_sets(load)
        people = open_accounts(load)
        load_forms(load)
        load_dataflows(load)
        load_rounds(load, people)
        load_illustrative(load, people)
        load_province_rounds(load, people)
        load_releases(load, people)
        load_obligations(load, in_force=True)

    def tell(self, words: str) -> None:
        """Print one line at once, so that progress is seen as it happens."""
        self.stdout.write(words)
        self.stdout.flush()
