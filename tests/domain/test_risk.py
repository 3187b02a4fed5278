"""Instruments advise: exact arithmetic, borderline bands, a presumption that only reasons rebut."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from incident.domain.risk import EDPB_AGREEMENT, Band, HarmTest, enisa, four_factors
from incident.errors import ContentError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "law"


@pytest.mark.parametrize(
    ("inputs", "severity", "band"),
    [
        ({"context": "simple", "identification": "0.25"}, "0.25", Band.LOW),
        ({"context": 3, "identification": 1}, "3", Band.HIGH),
        ({"context": 4, "identification": 1}, "4", Band.VERY_HIGH),
        ({"context": 3, "identification": 0.5, "malicious": True}, "2", Band.MEDIUM),
        ({"context": "sensitive", "identification": 0.75, "availability": 0.25, "malicious": True}, "3.75", Band.HIGH),
    ],
)
def test_severity_is_context_times_identification_plus_circumstances(
    inputs: dict[str, object], severity: str, band: Band
) -> None:
    score = enisa(inputs)
    assert score.severity == Fraction(severity)
    assert score.band is band


def test_a_score_a_quarter_step_from_a_limit_is_borderline() -> None:
    assert (
        enisa({"context": 4, "identification": 0.75, "confidentiality": 0.25, "malicious": True}).borderline is Band.VERY_HIGH
    )
    assert enisa({"context": 2, "identification": 1}).borderline is Band.LOW
    assert enisa({"context": 1, "identification": 1}).borderline is None


@pytest.mark.parametrize(
    "inputs", [{"context": 5, "identification": 1}, {"context": 1, "identification": 0.3}, {"identification": 1}]
)
def test_an_input_off_the_scale_is_refused_by_name(inputs: dict[str, object]) -> None:
    with pytest.raises(ContentError, match="context|identification"):
        enisa(inputs)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collection of cases is not beside this checkout")
def test_the_arithmetic_and_the_agreement_with_the_published_cases() -> None:
    for vector in json.loads((SHARED / "enisa_vectors.json").read_text())["vectors"]:
        circumstances = {**vector["cb"], "malicious": vector["cb"]["malicious"] == 0.5}
        score = enisa({"context": vector["dpc"], "identification": vector["ei"], **circumstances})
        assert (float(score.severity), score.band.value) == (vector["expect"]["se"], vector["expect"]["band"])
    agreed = 0
    cases = json.loads((SHARED / "edpb_enisa.json").read_text())["cases"]
    for case in cases:
        parts = {key: case["cb"][key] for key in ("confidentiality", "integrity", "availability")}
        score = enisa(
            {
                "context": case["dpc"]["score"],
                "identification": case["ei"]["score"],
                **parts,
                "malicious": case["cb"]["malicious"] > 0,
            }
        )
        mapped = (score.usual_mapping != "unlikely", score.usual_mapping == "high")
        agreed += mapped == (case["verdict"]["authority"], case["verdict"]["individuals"])
    assert (agreed, len(cases)) == EDPB_AGREEMENT


def test_a_breach_is_presumed_until_all_four_factors_are_reasoned() -> None:
    low = dict.fromkeys(("nature", "recipient", "acquired", "mitigation"), "low")
    why = {key: "because" for key in low}
    assert four_factors(low, why).supports_low_probability
    assert not four_factors(low, {**why, "acquired": " "}).supports_low_probability
    assert "presumed" in four_factors({}, {}).advice
    assert "acquired" in four_factors({**low, "acquired": "high"}, why).advice
    with pytest.raises(ContentError, match="nature"):
        four_factors({"nature": "negligible"}, {})


def test_what_is_unknown_is_not_unlikely() -> None:
    calm = dict.fromkeys(("misuse_seen", "wrongdoer", "usable", "not_recovered"), False)
    assert "not likely" in HarmTest(calm, "logs read, device back, owner signed").advice
    assert "cannot be relied on" in HarmTest(calm).advice
    assert "Open" in HarmTest({**calm, "wrongdoer": None}, "x").advice
    assert "reasonably likely" in HarmTest({**calm, "usable": True}, "x").advice
