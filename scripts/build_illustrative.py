"""Parameters of the illustrative round: sizes, ethnic mixes and states of 92 communes.

Nothing here is a real figure of a commune. The totals of the two former provinces are those of
the 2019 census; how they fall on the communes is drawn at random from a fixed seed.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from scripts.build_areas import BAC_KAN, THAI_NGUYEN
from scripts.build_files import DATA, RAW, RowText, read_csv, read_json, write_json

KEPT = 13  # groups named in a commune; the smallest give counts that need protection


def _census() -> dict[str, dict[str, int]]:
    """Return province → group → people of the 2019 census, totals under `TT`."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_csv(DATA / "published" / "census2019_ethnic_by_province_north.csv"):
        if row["province_code"] in (BAC_KAN, THAI_NGUYEN):
            found[row["province_code"]][row["ethnic_code"]] = int(row["population"] or 0)
    return found


def _mix(people: dict[str, int], rng: random.Random) -> dict[str, float]:
    """Return the shares of the largest groups of a province, shaken, adding up to one."""
    named = {code: count for code, count in people.items() if code != "TT"}
    largest = sorted(named, key=lambda code: -named[code])[:KEPT]
    shaken = {code: named[code] * rng.lognormvariate(0, 0.8) for code in largest}
    whole = sum(shaken.values())
    shares = {code: round(part / whole, 4) for code, part in sorted(shaken.items())}
    biggest = max(shares, key=lambda code: shares[code])
    shares[biggest] = round(shares[biggest] + 1 - sum(shares.values()), 4)
    return shares


def _commune(row: RowText, province: str, people: int, mix: dict[str, float], size: float,
             rng: random.Random) -> dict[str, Any]:
    urban = row["unit_type"] == "Phường"
    poor = rng.uniform(0.01, 0.05) if urban else rng.uniform(0.06, 0.3)
    return {
        "unit": f"xa-{row['code']}", "code": row["code"], "name": row["name"],
        "former_province": province, "population": people, "households": round(people / size),
        "mix": mix, "poor_rate": round(poor, 3),
        "near_poor_rate": round(poor * rng.uniform(0.4, 0.8), 3),
    }


def _plan(units: list[str], counts: dict[str, int], fixed: dict[str, list[str]],
          rng: random.Random) -> dict[str, str]:
    """Return unit → state: the counts as asked for, some units where they were put."""
    found = {unit: state for state, names in fixed.items() for unit in names}
    left = [state for state, count in counts.items()
            for _ in range(count - len(fixed.get(state, [])))]
    rng.shuffle(left)
    rest = [unit for unit in units if unit not in found]
    found |= dict(zip(rest, left, strict=True))
    return {unit: found[unit] for unit in units}


def build(areas: list[RowText]) -> None:
    """Write the parameters of the illustrative round."""
    choice = read_json(DATA / "choices" / "illustrative.json")
    rng = random.Random(choice["seed"])
    from_bac_kan = {row["new_code"] for row in read_csv(
        RAW / "reference" / "admin_units_bac_kan_successors_2025.csv")}
    rows = [row for row in areas if row["level"] == "commune"
            and (row["parent_level"], row["parent_code"]) == ("province", THAI_NGUYEN)]
    census = _census()
    former = {row["code"]: BAC_KAN if row["code"] in from_bac_kan else THAI_NGUYEN
              for row in rows}
    weight = {
        row["code"]: rng.uniform(0.6, 1.4)
        * (choice["urban_weight"] if row["unit_type"] == "Phường" else 1) for row in rows
    }
    whole = {province: sum(weight[code] for code in former if former[code] == province)
             for province in census}
    communes = []
    for row in rows:
        code, province = row["code"], former[row["code"]]
        people = round(census[province]["TT"] * weight[code] / whole[province])
        mix = _mix(census[province], rng)
        communes.append(_commune(row, province, people, mix, choice["household_size"], rng))
    units = [commune["unit"] for commune in communes]
    rounds = [
        {**held, "illustrative": True,
         "plan": _plan(units, held["plan"], choice["open_units"].get(held["id"], {}), rng)}
        for held in choice["rounds"]
    ]
    write_json(DATA / "illustrative.json", {
        "label": choice["label"], "seed": choice["seed"], "note": choice["note"],
        "rounds": rounds, "province_rounds": choice["province_rounds"], "communes": communes,
    })
