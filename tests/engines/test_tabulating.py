import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhasan.domain.sampling_errors import EmptyStratum, LonelyCluster
from nhasan.domain.tabulation import (
    Count,
    Design,
    Kind,
    Ladder,
    Lonely,
    Mean,
    Median,
    MedianFromParts,
    OneOf,
    Rate,
    Rung,
    Sum,
    Tabulation,
    TabulationNonsense,
    UnplacedCode,
    WeightMissing,
    Within,
)
from nhasan.engines.engine import TooLarge
from nhasan.engines.tabulating import tabulate, tabulate_part
from nhasan.engines.tabulation_judge import judged

COLUMNS = {
    "commune": Kind.CODE, "ethnic": Kind.CODE, "sex": Kind.CODE, "job": Kind.CODE,
    "stratum": Kind.CODE, "cluster": Kind.CODE, "age": Kind.NUMBER, "income": Kind.NUMBER,
    "weight": Kind.NUMBER,
}
TYPES = pa.schema([
    (name, pa.string() if kind is Kind.CODE else pa.int64()) for name, kind in COLUMNS.items()])
AREAS = Ladder("commune", (
    Rung("commune"),
    Rung("province", {"c1": "P", "c2": "P", "c3": "Q", "c4": "R"}),
    Rung("region", {"P": "north", "Q": "north", "R": "south"}),
    Rung("country", {"north": "VN", "south": "VN"}),
))
GROUPS = Ladder("ethnic", (
    Rung("group"),
    Rung("bloc", {"01": "majority", "02": "minorities", "08": "minorities"}),
    Rung("all", {"majority": "_T", "minorities": "_T"}),
))
SEXES = Ladder("sex", (Rung("sex"), Rung("both", {"M": "_T", "F": "_T"})))
LADDERS = (AREAS, GROUPS, SEXES)
ADULT = (Within("age", 15),)
MEASURES = (
    Count("people"), Count("old", (Within("age", 60),)),
    Count("farmers_of_age", (OneOf("job", ("farm",)), Within("age", 15, 59))),
    Sum("income", "income"), Sum("income_farm", "income", (OneOf("job", ("farm", "wood")),)),
    Rate("farm_rate", (OneOf("job", ("farm",)),), ADULT, decimals=2),
    Mean("mean_age", "age"), Mean("mean_income", "income", ADULT, decimals=3),
    Median("median_age", "age"), Median("median_income", "income", ADULT, decimals=0),
)
RATIOS = tuple(measure for measure in MEASURES if not isinstance(measure, Median))
ROW = st.fixed_dictionaries({
    "commune": st.sampled_from(["c1", "c2", "c3", "c4"]),
    "ethnic": st.sampled_from(["01", "02", "08"]), "sex": st.sampled_from("MF"),
    "job": st.sampled_from(["farm", "wood", "none", None]),
    "stratum": st.sampled_from(["s1", "s2"]), "cluster": st.sampled_from(["k1", "k2", "k3"]),
    "age": st.none() | st.integers(0, 90), "income": st.none() | st.integers(-50, 9000),
    "weight": st.integers(0, 4000),
})
ONE = {"commune": "c1", "ethnic": "02", "sex": "F", "job": "farm", "stratum": "s1",
       "cluster": "k1", "age": 30, "income": 100, "weight": 1000}


def written(folder, rows, name="units"):
    path = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=TYPES), path)
    return path


def read(plan, path):
    kinds = pq.read_schema(path)
    assert {str(kind) for kind in kinds.types} == {"string", "int64"}
    return {
        tuple((row.pop(f"{one.column}_rung"), row.pop(one.column)) for one in plan.ladders): row
        for row in pq.read_table(path).to_pylist()
    }


def answered(plan, folder, rows):
    tabulate(plan, [written(folder, rows)], folder / "answer.parquet")
    return read(plan, folder / "answer.parquet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("units")


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=30), weighted=st.booleans())
def test_duckdb_says_what_the_judge_says(folder, rows, weighted):
    weight = {"weight": "weight", "weight_decimals": 3} if weighted else {}
    plan = Tabulation(COLUMNS, LADDERS, MEASURES, **weight)
    assert answered(plan, folder, rows) == judged(plan, rows)


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=40), lonely=st.sampled_from(Lonely))
def test_errors_of_a_sample_are_the_same_to_the_last_digit(folder, rows, lonely):
    plan = Tabulation(COLUMNS, LADDERS, MEASURES, "weight", 3,
                      Design("stratum", "cluster", lonely=lonely))
    try:
        expected = judged(plan, rows)
    except LonelyCluster:
        with pytest.raises(LonelyCluster):
            answered(plan, folder, rows)
    else:
        assert answered(plan, folder, rows) == expected


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(before=st.lists(ROW, min_size=1, max_size=20), after=st.lists(ROW, max_size=20))
def test_one_part_again_is_the_whole_again(folder, before, after):
    plan = Tabulation(COLUMNS, LADDERS, RATIOS)
    mine = [{**row, "commune": "c1" if row["sex"] == "M" else "c2"} for row in after]
    others = [row for row in before if row["commune"] in ("c3", "c4")]
    first, second = folder / "first.parquet", folder / "second.parquet"
    tabulate(plan, [written(folder, before)], folder / "whole.parquet", first)
    tabulate_part(plan, "P", [written(folder, mine, "part")], first,
                  folder / "part_answer.parquet", second)
    kept = {cell: row for cell, row in read(plan, folder / "whole.parquet").items()
            if cell[0][0] == "commune" and cell[0][1] in ("c3", "c4")}
    found = kept | read(plan, folder / "part_answer.parquet")
    assert found == judged(plan, [*others, *mine])


def test_a_part_is_refused_a_median_and_the_rows_of_others(folder):
    plan = Tabulation(COLUMNS, LADDERS, RATIOS)
    path, kept = written(folder, [ONE]), folder / "kept.parquet"
    tabulate(plan, [path], folder / "answer.parquet", kept)
    with pytest.raises(TabulationNonsense, match="không chỉ có phần"):
        tabulate_part(plan, "Q", [path], kept, folder / "again.parquet", folder / "k.parquet")
    with pytest.raises(MedianFromParts):
        tabulate_part(Tabulation(COLUMNS, LADDERS, MEASURES), "P", [path], kept,
                      folder / "again.parquet", folder / "k.parquet")
    assert not (folder / "again.parquet").exists()


@pytest.mark.parametrize(("change", "problem"), [
    ({"commune": "c9"}, UnplacedCode), ({"ethnic": None}, UnplacedCode),
    ({"weight": None}, WeightMissing), ({"weight": -1}, WeightMissing),
    ({"stratum": None}, UnplacedCode),
    ({"income": 2**62, "weight": 1000}, TooLarge),
])
def test_bad_rows_are_refused_and_nothing_is_left(tmp_path, change, problem):
    plan = Tabulation(COLUMNS, LADDERS, MEASURES, "weight", 3,
                      Design("stratum", "cluster", lonely=Lonely.CERTAIN))
    rows = [ONE, ONE | change]
    with pytest.raises(problem):
        answered(plan, tmp_path, rows)
    if problem is not TooLarge:
        with pytest.raises(problem):
            judged(plan, rows)
    assert [path.name for path in tmp_path.iterdir()] == ["units.parquet"]


def test_strata_without_clusters_are_refused_and_lonely_ones_are_told(tmp_path):
    rows = [ONE, ONE | {"cluster": "k2"}, ONE | {"stratum": "s2"}]
    sample = Design("stratum", "cluster", ("s1", "s2", "s3"), Lonely.CERTAIN)
    with pytest.raises(EmptyStratum, match="s3"):
        answered(Tabulation(COLUMNS, LADDERS, MEASURES, design=sample), tmp_path, rows)
    plan = Tabulation(COLUMNS, LADDERS, MEASURES,
                      design=Design("stratum", "cluster", lonely=Lonely.CERTAIN))
    told = tabulate(plan, [written(tmp_path, rows)], tmp_path / "answer.parquet")
    assert told.lonely_strata == ("s2",)
    assert told.cells == len(judged(plan, rows))


def test_a_file_without_a_column_and_no_file_are_refused(tmp_path):
    plan = Tabulation(COLUMNS, LADDERS, MEASURES)
    path = tmp_path / "short.parquet"
    pq.write_table(pa.table({"commune": ["c1"]}), path)
    for files in ([path], []):
        with pytest.raises(TabulationNonsense):
            tabulate(plan, files, tmp_path / "answer.parquet")
