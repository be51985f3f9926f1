import sqlglot
from ibis.backends.sql.compilers.pyspark import compiler as spark

from nhasan.domain.tabulation import Design, Tabulation
from nhasan.engines import tabulation
from tests.engines.test_tabulating import COLUMNS, LADDERS, MEASURES, RATIOS

SAMPLE = Tabulation(COLUMNS, LADDERS, MEASURES, "weight", 3, Design("stratum", "cluster"))


def _statements(plan):
    upwards = tabulation.cascade(plan)
    yield tabulation.cells(plan)
    yield from (step.expression for step in upwards.steps)
    yield tabulation.named(plan, tabulation.answer(plan, upwards.whole))
    if plan.design:
        yield tabulation.moments(plan, upwards.whole)
    for number, measure in enumerate(plan.medians):
        base, cascade = tabulation.median_steps(plan, number)
        yield from (base.expression, *(step.expression for step in cascade.steps))
        yield tabulation.median(plan, measure, cascade.whole)


def test_every_statement_can_be_said_in_the_dialect_of_spark():
    for plan in (SAMPLE, Tabulation(COLUMNS, LADDERS, MEASURES)):
        for expression in _statements(plan):
            said = spark.to_sqlglot(expression).sql(dialect="spark")
            read = sqlglot.parse_one(said, dialect="spark")
            assert sqlglot.parse_one(read.sql(dialect="spark"), dialect="spark") == read
            assert "FILTER" not in said


def test_rows_are_read_once_and_each_rung_is_added_up_from_the_one_below():
    plan = Tabulation(COLUMNS, LADDERS, RATIOS)
    first, *others, _ = list(_statements(plan))
    named = [{table.name for table in spark.to_sqlglot(each).find_all(sqlglot.exp.Table)}
             for each in (first, *others)]
    assert named[0] == {"units"}
    assert all("units" not in names for names in named[1:])
    assert named[2] == {"cells_up_0_1", "parents_0_2"}
    # 4 × 3 × 2 grouping sets from the finest cells and six statements.
    assert len(plan.rungs()) == 24
    assert len(others) == 6
