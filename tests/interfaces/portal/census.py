"""A census of five provinces, published the way people publish: six groups, two years.

The figures are made up, but for Bắc Kạn in 2019, whose composition is the published one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.catalogue import operations as catalogue
from nhasan.collection import operations as collection
from nhasan.domain.access import Actor
from nhasan.metadata import operations as metadata
from nhasan.observations import operations as observations
from nhasan.organisations import operations as organisations
from nhasan.processing import operations as processing
from nhasan.releases import operations as releases
from tests import factories
from tests.factories import AT, HOUSE

NAME = "DEM:DAN_SO"
ADDRESS = "/data/DEM/DAN_SO"
REF = "DEM:DS"
GROUPS = ("01", "02", "08", "09", "15", "18")
ENDED = date(2025, 7, 1)
PROVINCES = {"01": ("Hà Nội", "R1"), "02": ("Hà Giang", "R2"), "04": ("Cao Bằng", "R2"),
             "06": ("Bắc Kạn", "R2"), "19": ("Thái Nguyên", "R2")}
CENSUS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "2019": {
        "01": ("7946411", "19236", "1380", "3150", "1300", "1380"),
        "02": ("111111", "192702", "292677", "127181", "10", "122"),
        "04": ("28000", "216577", "61579", "54946", "300", "155"),
        "06": ("37615", "165055", "22608", "56067", "1680", "335"),
        "19": ("900000", "150404", "10822", "34310", "39472", "56477"),
    },
    "2009": {
        "01": ("6300000", "9000", "0", "2500", "800", "..."),
        "02": ("95969", "168719", "231464", "109708", "8", "..."),
        "04": ("29189", "207805", "51373", "51124", "176", "..."),
        "06": ("39280", "155510", "17470", "51801", "1461", "..."),
        "19": ("821083", "123197", "7230", "25360", "32483", "44131"),
    },
}
FORM: dict[str, Any] = {
    "id": "DAN-SO", "version": "1.0.0", "code": "Biểu 01/DEM", "title": "Dân số theo dân tộc",
    "legal_basis": "Phương án điều tra thử", "frequency": "A", "reporting_unit": "Ban Dân tộc",
    "receiving_unit": "Bộ Dân tộc và Tôn giáo", "deadline": "28/11", "provenance": "thử",
    "tables": [{
        "id": "ds", "title": "Dân số", "unit": "người", "row_header": "Dân tộc",
        "rows": [{"codes": "CL_ETHNIC_1979", "dimension": "ETHNIC_GROUP"}],
        "columns": [{"id": "so", "label": "Số người", "kind": "integer",
                     "bind": {"INDICATOR": REF}}],
        "checks": [],
    }],
}
_CODES = Path(__file__).resolve().parents[3] / "data" / "codes" / "CL_ETHNIC_1979.json"


def published() -> dict[str, Actor]:
    """Build the whole world, publish the census, and return who may publish."""
    units()
    country()
    described()
    collection.draft_form(actor=HOUSE, definition=FORM, dataflow="DAN_SO", at=AT)
    collection.publish_form(actor=HOUSE, form=FORM["id"], version="1.0.0", at=AT)
    people = {
        "reviewer": factories.actor(factories.person("duyet", "Dương Thu Hà", "BO", "reviewer")),
        "drafter": factories.actor(factories.person("soan", "Đỗ Minh Châu", "BO", "publisher")),
        "approver": factories.actor(factories.person("ky", "Vi Thị Hoa", "BO", "publisher")),
    }
    for period, answers in CENSUS.items():
        reported(period, answers, people["reviewer"])
    while observations.ingest_approved(actor=HOUSE, at=AT):
        pass
    decided(people["drafter"])
    release(people)
    return people


def units() -> None:
    """Open a ministry and the boards of the five provinces."""
    bodies = [("BO", "Bộ Dân tộc và Tôn giáo", "ministry", None)]
    bodies += [(f"BDT-{code}", f"Ban Dân tộc {name}", "board", "BO")
               for code, (name, _region) in PROVINCES.items()]
    for code, name, kind, parent in bodies:
        organisations.open_unit(
            actor=HOUSE, code=code, name=name, short_name=name, kind=kind, parent=parent,
            opened=None, at=AT,
        )


def country() -> None:
    """Register the country, two regions and five provinces of before 1 July 2025."""
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("country", "VN", "Nước", "Việt Nam"),
        NewArea("region", "R1", "Vùng", "Đồng bằng sông Hồng", "country", "VN", None, ENDED),
        NewArea("region", "R2", "Vùng", "Trung du và miền núi phía Bắc", "country", "VN", None,
                ENDED),
        *(NewArea("province", code, "Tỉnh", name, "region", region, None, ENDED)
          for code, (name, region) in PROVINCES.items()),
    ])


def described() -> None:
    """Put the groups, the indicator and the dataflow in force."""
    codes = [code for code in json.loads(_CODES.read_text(encoding="utf-8"))["codes"]
             if code["code"] in GROUPS]
    metadata.draft_code_list(
        actor=HOUSE, agency="TCTK", identifier="CL_ETHNIC_1979", version="1979",
        name_vi="Dân tộc", name_en="", source="thử", codes=codes, at=AT,
    )
    metadata.draft_indicator_set(
        actor=HOUSE, agency="DEM", identifier="DEM", version="1.0.0", name_vi="Bộ chỉ tiêu đếm",
        source="thử", completeness="", illustrative=False, at=AT,
        decision={"number": "01/QĐ-DEM", "text": "Quyết định 01/QĐ-DEM", "date": "2019-01-01"},
        indicators=[{"key": "DS", "name_vi": "Dân số theo dân tộc", "unit": "người",
                     "decimals": 0, "adds_over_area": "sum"}],
    )
    metadata.draft_dataflow(
        actor=HOUSE, agency="DEM", identifier="DAN_SO", version="1.0.0",
        name_vi="Dân số theo dân tộc, năm tỉnh", description="Hai cuộc đếm", subject="Dân số",
        source="Tổng điều tra thử (https://example.vn/bieu-1)",
        dimensions=[("ETHNIC_GROUP", "Dân tộc", "CL_ETHNIC_1979")],
        indicators=[REF], policy={}, illustrative=False, at=AT,
    )
    for kind, identifier, version in (
        ("code_list", "CL_ETHNIC_1979", "1979"), ("indicator_set", "DEM", "1.0.0"),
        ("dataflow", "DAN_SO", "1.0.0"),
    ):
        metadata.put_in_force(
            actor=HOUSE, kind=kind, identifier=identifier, version=version,
            on=date(2009, 1, 1), at=AT,
        )
    catalogue.propose(
        actor=HOUSE, unit="BO", identifier="BO-DAN-SO", title_vi="Dân số năm tỉnh",
        description_vi="Hai cuộc đếm dân số", dataflow="DAN_SO", licence="CC BY 4.0",
        access="open", at=AT,
    )
    catalogue.issue(actor=HOUSE, identifier="BO-DAN-SO", at=AT)


def reported(period: str, answers: Mapping[str, tuple[str, ...]], reviewer: Actor) -> None:
    """Let the five boards report one census, and approve them."""
    held = collection.open_round(
        actor=HOUSE, identifier=f"DAN-SO-{period}", form=FORM["id"], version="1.0.0",
        receiver="BO", title_vi=f"Tổng điều tra {period}", period=period,
        map_day=date(int(period), 4, 1), opens=date(2025, 1, 1), due=date(2025, 12, 1),
        closes=None, illustrative=False, at=AT,
    )
    for code, numbers in answers.items():
        report = collection.assign(
            actor=HOUSE, round_id=held.pk, unit=f"BDT-{code}", level="province", code=code, at=AT,
        )
        cells = {f"ds/{group}/so": text for group, text in zip(GROUPS, numbers, strict=True)}
        factories.fill(report, HOUSE, cells, villages=())
        sent = collection.submit(actor=HOUSE, assignment=report.pk, submission=uuid4(), at=AT)
        collection.approve(actor=reviewer, submission=sent.pk, at=AT)


def decided(drafter: Actor, *levels: tuple[str, str]) -> None:
    """Decide how the census is added up and that it is public already."""
    processing.set_plan(
        actor=drafter, dataflow="DAN_SO", on="04-01", at=AT,
        levels=[list(pair) for pair in levels or (("province", "region"),)],
    )
    processing.set_policy(
        actor=drafter, dataflow="DAN_SO", public="Tổng điều tra thử đã công bố", at=AT,
        reason="đã công bố",
    )


def release(people: Mapping[str, Actor], days: int = 0) -> Any:
    """Run, draft, approve and publish what is known, some days later."""
    at = AT + timedelta(days=days)
    run = processing.request_run(actor=people["drafter"], dataflow="DAN_SO", at=at)
    assert processing.run_requested(actor=HOUSE, at=at) == 1
    drafted = releases.draft(actor=people["drafter"], run=run.pk, at=at)
    releases.approve(actor=people["approver"], release=drafted.pk, at=at)
    assert releases.publish_due(actor=HOUSE, at=at) == 1
    return drafted
