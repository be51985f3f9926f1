"""The office calendar: holidays by rule, and single days by decision."""

from __future__ import annotations

from django.db import models


class HolidayRule(models.Model):
    """A holiday of every year, by the sun's or by the moon's calendar, and since when it is one.

    It lasts from `first` to `last` days counted from its day of the month: Tết begins a day
    before the first of the first moon.
    """

    OWNER = None
    OPEN_BECAUSE = "holidays are law; every official counts days by them"
    identifier = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    lunar = models.BooleanField(default=False)
    month = models.IntegerField()
    day = models.IntegerField()
    first = models.IntegerField(default=0)
    last = models.IntegerField(default=0)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300, default="")

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="holiday_rule_day_possible",
                condition=models.Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31),
            ),
            models.CheckConstraint(
                name="holiday_rule_days_in_order",
                condition=models.Q(last__gte=models.F("first")),
            ),
            models.CheckConstraint(
                name="holiday_rule_ends_after_start",
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DayOff(models.Model):
    """One day that a decision made a day off, or (`works`) a working day, whatever the rules say.

    Tết is laid out anew each year, and working days are swapped with a Saturday.
    """

    OWNER = None
    OPEN_BECAUSE = "the office calendar is public; every official counts days by it"
    day = models.DateField(unique=True)
    works = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    decision = models.CharField(max_length=300, default="")

    def __str__(self) -> str:
        return self.name
