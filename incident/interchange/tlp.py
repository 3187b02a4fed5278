"""TLP 2.0: how far an export may travel, by the profile it was made for (FIRST, Traffic Light Protocol 2.0)."""

from incident.domain.profile import Profile

TLP = {
    Profile.PRIVILEGED: "red",
    Profile.REGULATOR: "amber+strict",
    Profile.CUSTOMER: "amber",
    Profile.PUBLIC: "clear",
}
"""Profile → level: counsel's copy is for its readers alone, an authority keeps it inside, a customer may tell their own."""
