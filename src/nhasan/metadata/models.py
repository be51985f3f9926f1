"""Tables of metadata: versioned artefacts, frozen once in force."""

from __future__ import annotations

from django.db import models

from nhasan.domain.indicators import BREAK_KINDS
from nhasan.organisations.models import OrganisationUnit

STATES = ("draft", "in_force", "retired")
OPEN = "metadata is open to every official, and to the public once in force"


class Artefact(models.Model):
    """What every maintained artefact has: its name, its version, its state and its source."""

    OWNER = None
    OPEN_BECAUSE = OPEN
    agency = models.CharField(max_length=32)
    identifier = models.CharField(max_length=64)
    version = models.CharField(max_length=24)
    name_vi = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, default="")
    source = models.TextField(default="")
    state = models.CharField(max_length=10, default="draft")
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        return self.urn

    @property
    def urn(self) -> str:
        """Return `agency:identifier(version)`."""
        return f"{self.agency}:{self.identifier}({self.version})"


def _rules(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["agency", "identifier", "version"], name=f"{name}_named_once",
        ),
        models.CheckConstraint(
            name=f"{name}_state_known", condition=models.Q(state__in=STATES),
        ),
        models.UniqueConstraint(
            fields=["agency", "identifier"], name=f"{name}_one_in_force",
            condition=models.Q(state="in_force"),
        ),
    ]


class CodeList(Artefact):
    """Agreed values of a dimension."""

    class Meta:
        """Named constraints."""

        constraints = _rules("code_list")


class Code(models.Model):
    """One agreed value. `aliases` may decide a match; `other_names` only help a search."""

    OWNER = None
    OPEN_BECAUSE = OPEN
    code_list = models.ForeignKey(CodeList, models.PROTECT, related_name="codes")
    code = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, default="")
    parent = models.CharField(max_length=32, default="")
    position = models.IntegerField()
    aliases = models.JSONField(default=list)
    other_names = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    search = models.TextField(default="")

    class Meta:
        """One meaning for one code in a list."""

        constraints = [
            models.UniqueConstraint(fields=["code_list", "code"], name="code_once_in_list"),
        ]


class Correspondence(Artefact):
    """Old items → new items between two code lists."""

    from_list = models.ForeignKey(CodeList, models.PROTECT, related_name="+")
    to_list = models.ForeignKey(CodeList, models.PROTECT, related_name="+")

    class Meta:
        """Named constraints."""

        constraints = _rules("correspondence")


class CorrespondenceItem(models.Model):
    """One old code and the new code it became, with the evidence for it."""

    OWNER = None
    OPEN_BECAUSE = OPEN
    correspondence = models.ForeignKey(Correspondence, models.PROTECT, related_name="items")
    from_code = models.CharField(max_length=32)
    to_code = models.CharField(max_length=32)
    note = models.CharField(max_length=300, default="")

    class Meta:
        """No pair twice."""

        constraints = [
            models.UniqueConstraint(
                fields=["correspondence", "from_code", "to_code"],
                name="correspondence_pair_once",
            ),
        ]


class IndicatorSet(Artefact):
    """A versioned set of indicators, in force by a decision.

    A local set belongs to the `unit` that issues it; the national ones belong to no unit.
    `amends` is the version it was drafted from; `difference` and `impact` are what was shown
    before it was put in force, kept as it was shown.
    """

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="+")
    decision = models.JSONField(default=dict)
    document_digest = models.CharField(max_length=64, default="")
    document_name = models.CharField(max_length=200, default="")
    completeness = models.TextField(default="")
    illustrative = models.BooleanField(default=False)
    amends = models.CharField(max_length=24, default="")
    difference = models.JSONField(default=dict)
    impact = models.JSONField(default=dict)

    class Meta:
        """Named constraints."""

        constraints = _rules("indicator_set")


class Indicator(models.Model):
    """What is measured: unit, decimals, breakdowns, and how it adds up.

    `key` is unique in the set; `official_code` is the code of the document, "" if it has none.
    `breakdowns` are names with the period in which each is published: `{"name", "period"}`.
    `replaces` is the key of an earlier version that goes on under this one.
    """

    OWNER = None
    OPEN_BECAUSE = OPEN
    indicator_set = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="indicators")
    key = models.CharField(max_length=40)
    official_code = models.CharField(max_length=40, default="")
    position = models.IntegerField()
    group_code = models.CharField(max_length=32, default="")
    group_name = models.CharField(max_length=400, default="")
    name_vi = models.TextField()
    name_en = models.TextField(default="")
    concept = models.TextField(default="")
    method = models.TextField(default="")
    unit = models.CharField(max_length=100, default="")
    value_kind = models.CharField(max_length=16, default="count")
    decimals = models.SmallIntegerField(default=0)
    dimensions = models.JSONField(default=list)
    area_levels = models.JSONField(default=list)
    disaggregations = models.JSONField(default=list)
    disaggregation_text = models.TextField(default="")
    breakdowns = models.JSONField(default=list)
    period = models.CharField(max_length=400, default="")
    agency = models.CharField(max_length=400, default="")
    lead_agency = models.CharField(max_length=400, default="")
    coordinating = models.CharField(max_length=400, default="")
    data_source = models.TextField(default="")
    source = models.TextField(default="")
    status_text = models.TextField(default="")
    national_code = models.CharField(max_length=32, default="")
    notes = models.TextField(default="")
    adds_over_area = models.CharField(max_length=8, default="none")
    adds_over_time = models.CharField(max_length=8, default="none")
    formula = models.TextField(default="")
    replaces = models.CharField(max_length=40, default="")
    correspondence = models.CharField(max_length=64, default="")
    break_words = models.TextField(default="")
    cites = models.JSONField(default=dict)
    derived = models.JSONField(default=list)  # names of the fields filled by rule, not read
    search = models.TextField(default="")

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["indicator_set", "key"], name="indicator_once_in_set",
            ),
            models.CheckConstraint(
                name="indicator_adds_known",
                condition=models.Q(adds_over_area__in=("sum", "none"))
                & models.Q(adds_over_time__in=("sum", "last", "none")),
            ),
            models.CheckConstraint(
                name="indicator_decimals_sane",
                condition=models.Q(decimals__gte=0) & models.Q(decimals__lte=9),
            ),
        ]

    @property
    def ref(self) -> str:
        """Return `SET:key`, the name figures are bound to."""
        return f"{self.indicator_set.identifier}:{self.key}"


class SeriesBreak(models.Model):
    """Where figures of an indicator stop being comparable: a definition that changed on a day.

    Written when a version is put in force, never changed. `changed` names the fields that
    changed; the correspondence leads from the old codes to the new ones, where there is one.
    """

    OWNER = None
    OPEN_BECAUSE = OPEN
    indicator_set = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="breaks")
    key = models.CharField(max_length=40)
    before_version = models.CharField(max_length=24)
    before_key = models.CharField(max_length=40)
    on = models.DateField(null=True)
    kind = models.CharField(max_length=12)
    changed = models.JSONField(default=list)
    words = models.TextField(default="")
    correspondence = models.ForeignKey(
        Correspondence, models.PROTECT, null=True, related_name="+")

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "key"], name="series_break_once"),
            models.CheckConstraint(
                name="series_break_kind_known", condition=models.Q(kind__in=tuple(BREAK_KINDS)),
            ),
        ]


class DataStructure(Artefact):
    """Dimensions, measure and attributes of figures of one kind."""

    class Meta:
        """Named constraints."""

        constraints = _rules("data_structure")


class Component(models.Model):
    """One dimension of a structure, with its code list if it is coded."""

    OWNER = None
    OPEN_BECAUSE = OPEN
    structure = models.ForeignKey(DataStructure, models.PROTECT, related_name="components")
    identifier = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=100)
    position = models.SmallIntegerField()
    code_list = models.ForeignKey(CodeList, models.PROTECT, null=True, related_name="+")

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["structure", "identifier"], name="component_once_in_structure",
            ),
        ]


class Dataflow(Artefact):
    """A structure put to a use: which indicators, whose statement, drawn on which map."""

    structure = models.ForeignKey(DataStructure, models.PROTECT, related_name="+")
    description = models.TextField(default="")
    subject = models.CharField(max_length=200, default="")
    indicators = models.JSONField(default=list)
    policy = models.JSONField(default=dict)
    illustrative = models.BooleanField(default=False)
    search = models.TextField(default="")

    class Meta:
        """Named constraints."""

        constraints = _rules("dataflow")


SUBJECTS = ("commune", "village", "province", "ethnic_group")


class CriteriaSet(Artefact):
    """The rules by which a decree sorts places or peoples; see `domain/criteria.py`.

    `about` is what is sorted. `rules` has the facts, thresholds, criteria and classes; `form` is
    the report form that asks for the facts, if there is one.
    """

    about = models.CharField(max_length=16)
    legal_basis = models.CharField(max_length=400)
    note = models.TextField(default="")
    form = models.CharField(max_length=64, default="")
    rules = models.JSONField(default=dict)

    class Meta:
        """Named constraints."""

        constraints = [
            *_rules("criteria_set"),
            models.CheckConstraint(
                name="criteria_set_subject_known", condition=models.Q(about__in=SUBJECTS),
            ),
        ]
