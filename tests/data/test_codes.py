"""Code lists: the two numberings of the ethnic groups must never be mixed up."""

import unicodedata


def plain(name: str) -> str:
    stripped = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(char for char in stripped if char.isalpha())


def test_every_list_says_where_it_comes_from_and_has_each_code_once(code_lists):
    for name, found in code_lists.items():
        codes = [code["code"] for code in found["codes"]]
        assert len(codes) == len(set(codes)), name
        assert found["source"], name
        assert found["version"], name
        assert found["agency"], name
        assert all(code["name_vi"] for code in found["codes"]), name


def test_the_1979_list_has_54_groups_53_of_them_minorities(code_lists):
    codes = code_lists["CL_ETHNIC_1979"]["codes"]
    groups = [code for code in codes if code["code"].isdigit() and int(code["code"]) <= 54]
    assert [code["code"] for code in groups] == [f"{number:02}" for number in range(1, 55)]
    assert sum(code["attributes"]["is_minority"] for code in codes) == 53
    assert [code["code"] for code in codes[54:]] == ["55", "56", "_X"]


def test_the_same_number_means_another_group_in_the_two_lists(code_lists):
    old = {code["code"]: code["name_vi"] for code in code_lists["CL_ETHNIC_1979"]["codes"]}
    new = {code["code"]: code["name_vi"] for code in code_lists["CL_ETHNIC_2008"]["codes"]}
    assert (old["04"], new["04"]) == ("Hoa", "Mường")
    assert (old["06"], new["06"]) == ("Mường", "Hoa")
    assert (old["11"], new["11"]) == ("Ngái", "Ê Đê")


def test_the_2008_list_says_which_codes_were_read_and_which_inferred(code_lists):
    evidence = [code["attributes"]["evidence"] for code in code_lists["CL_ETHNIC_2008"]["codes"]]
    assert evidence[:20] == ["read"] * 20
    assert evidence[20:] == ["inferred"] * 34
    assert "21-54" in code_lists["CL_ETHNIC_2008"]["note"]


def test_the_correspondence_joins_the_groups_by_name(facts, code_lists):
    [links] = [found for found in facts("correspondences.json")
               if found["from"] == "CL_ETHNIC_1979"]
    names = {name: {code["code"]: code["name_vi"] for code in code_lists[name]["codes"]}
             for name in ("CL_ETHNIC_1979", "CL_ETHNIC_2008")}
    assert len({link["from"] for link in links["links"]}) == 54
    assert len({link["to"] for link in links["links"]}) == 54
    for link in links["links"]:
        assert names["CL_ETHNIC_1979"][link["from"]] == names["CL_ETHNIC_2008"][link["to"]]


def test_a_name_safe_for_matching_means_one_group_only(code_lists):
    seen: dict[str, str] = {}
    for code in code_lists["CL_ETHNIC_1979"]["codes"]:
        for name in {code["name_vi"], *code["aliases"]}:
            assert seen.setdefault(unicodedata.normalize("NFC", name.lower()), code["code"]) \
                == code["code"], name


def test_names_shared_by_several_groups_are_for_search_only(code_lists):
    codes = code_lists["CL_ETHNIC_1979"]["codes"]
    shared = [code["code"] for code in codes if "Thổ" in code["other_names"]]
    assert len(shared) > 1
    assert not [code for code in codes if "Mán" in code["aliases"]]


def test_names_without_diacritics_still_tell_the_groups_apart(code_lists):
    names = [plain(code["name_vi"]) for code in code_lists["CL_ETHNIC_1979"]["codes"][:54]]
    assert len(names) == len(set(names))


def test_population_of_the_groups_adds_up_to_the_census(code_lists):
    groups = code_lists["CL_ETHNIC_1979"]["codes"][:54]
    assert sum(code["attributes"]["population_2019"] for code in groups) == 96_208_984 - 3_902


def test_every_dimension_names_a_shipped_list(facts, code_lists):
    dimensions = facts("dimensions.json")
    assert len({item["id"] for item in dimensions}) == len(dimensions)
    for item in dimensions:
        assert item["code_list"] is None or item["code_list"] in code_lists, item
