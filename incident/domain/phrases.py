"""How facts, events, readings and relations are said to people: the statements that conditions are made of.

`{not}` and `{no}` stand where a statement takes its negation; what is not listed is said by its question.
"""

STATEMENTS = {
    "data.encrypted": "the data are{not} encrypted",
    "data.key_compromised": "the key was{not} compromised too",
    "breach.confidentiality": "somebody unauthorised could{not} see the data",
    "breach.integrity": "data were{not} altered without right",
    "breach.availability": "data were{not} lost or out of reach",
    "breach.acquired": "data were{not} acquired by somebody unauthorised",
    "breach.accessed": "data were{not} accessed by somebody unauthorised",
    "risk.low_probability_of_compromise": "a low probability of compromise is{not} documented (four factors)",
    "risk.harm_likely": "misuse of the data or harm to people is{not} reasonably likely",
    "risk.significant_incident": "the incident is{not} significant",
    "risk.notification_incident": "it is{not} a notification incident (material disruption)",
    "risk.reportable_cyber_incident": "it is{not} an incident of the kinds the rule makes reportable",
    "risk.cybersecurity_incident": "it is{not} a cybersecurity incident as the rule defines it",
    "risk.substantial_harm": "substantial harm or inconvenience is{not} reasonably likely",
    "risk.adverse_effect": "subscribers are{not} likely to be affected adversely",
    "risk.significant_harm": "significant harm to people is{not} likely",
    "risk.serious_harm": "serious harm to people is{not} likely",
    "risk.real_risk_of_significant_harm": "there is {no} real risk of significant harm",
    "risk.serious_injury": "there is {no} risk of serious injury",
    "risk.relevant_risk_or_harm": "it may{not} cause relevant risk or harm",
    "options.offers_in_eea": "goods or services are{not} offered to people in the EEA, nor their behaviour monitored",
    "options.offers_in_uk": "goods or services are{not} offered to people in the UK, nor their behaviour monitored",
    "options.trust_services_affected": "the provision of trust services was{not} affected",
    "options.actively_exploited_vulnerability": "a vulnerability of the product is{not} actively exploited",
    "options.severe_product_incident": "the incident does{not} affect the product's security severely",
    "options.cyberattack": "it was{not} a deliberate attack",
    "options.improper_purpose": "it may{not} have been done for an improper purpose",
    "options.cn_other_major_criteria": "a grading criterion other than the number of people is{not} met",
    "options.cpni_access_intentional": "the access to customer network information was{not} intentional",
    "options.ransomware_material": "ransomware was{not} deployed in a material part of the systems",
    "options.nerc_attempt": "it was{not} only an attempt to compromise",
    "options.far_covered_equipment": "covered telecommunications equipment was{not} identified",
    "options.far_covered_article": "a covered article was{not} identified",
    "options.la_more_time_needed": "more than 60 days are{not} needed for scope or restoration",
    "options.ny_inadvertent_disclosure": "it was{not} an inadvertent disclosure by persons authorised to have access",
    "options.sg_internal_only": "the breach did{not} stay inside the organisation",
    "options.technologically_protected": "the data were{not} made unusable to others by technical measures",
    "options.au_remediated": "serious harm was{not} prevented by remedial action",
    "options.owner_told_attorney_general": "the owner of the data has{not} told the Attorney General already",
    "options.initial_incomplete": "the first notification was{not} incomplete",
    "options.card_data_contract": "a card scheme's contract does{not} apply to the data",
    "options.cl_vital_operator": "an essential service of an operator of vital importance is{not} affected",
    "options.minors_affected": "children or other vulnerable people are{not} among those affected",
    "options.au_reporting_entity": "you are{not} a reporting business entity (Cyber Security Act 2024)",
    "options.soci_relevant_impact": "a critical infrastructure asset is{not} relevantly impacted",
    "options.national_security_vulnerability": "a vulnerability does{not} threaten national security or public interests",
    "options.dora_limit_missed": "a DORA reporting limit can{not} be met",
    "options.client_financial_impact": "the financial interests of clients are{not} affected",
    "options.led_transmitted": "the data were{not} exchanged with an authority of another member state",
    "options.service_recipients_affected": "the service to its recipients is{not} likely to be affected adversely",
    "options.significant_cyber_threat": "there is {no} significant cyber threat to recipients of the service",
    "options.authority_asked": "the authority has{not} asked for an intermediate report",
    "options.ch_people_need_it": "the people need{not} know to protect themselves, nor did the FDPIC ask for it",
    "options.bank_services_disrupted": "covered services to a bank are{not} disrupted for four hours or more",
    "options.subcontractor": "you are{not} a subcontractor under this contract",
    "options.fisma_major_incident": "it is{not} a major incident (FISMA)",
    "options.phr_held_as_business_associate": "the health records were{not} held only as a HIPAA business associate",
    "options.serves_phr_vendor": "the service is{not} provided to a vendor of personal health records",
    "options.outage_threshold": "the outage does{not} reach a reporting threshold (47 CFR 4.9)",
}
"""A flag as a statement."""

_BOTH_WAYS = {
    "options.offers_in_eea": "goods or services are offered to people in the EEA, or their behaviour is monitored",
    "options.offers_in_uk": "goods or services are offered to people in the UK, or their behaviour is monitored",
    "options.severe_product_incident": "the incident affects the product's security severely",
    "options.card_data_contract": "a card scheme's contract applies to the data",
    "options.national_security_vulnerability": "a vulnerability threatens national security or public interests",
    "options.ch_people_need_it": "the people need to know to protect themselves, or the FDPIC has asked for it",
    "options.outage_threshold": "the outage reaches a reporting threshold (47 CFR 4.9)",
    "options.sg_internal_only": "the breach stayed inside the organisation",
    "options.dora_limit_missed": "a DORA reporting limit cannot be met",
}
_DENIED = {"options.dora_limit_missed": "every DORA reporting limit can be met"}


def statement(key: str, *, holds: bool) -> str | None:
    """A flag as a statement that it holds, or that it does not; None where no statement is known."""
    if holds and key in _BOTH_WAYS:
        return _BOTH_WAYS[key]
    if not holds and key in _DENIED:
        return _DENIED[key]
    text = STATEMENTS.get(key)
    if text is None:
        return None
    if holds:
        return text.replace("{not}", "").replace("{no}", "a")
    return text.replace("could{not}", "could not").replace("can{not}", "cannot").replace("{not}", " not").replace("{no}", "no")


CHOICES = {
    "risk.individuals": ("the risk to people is judged «{}»", "the risk to people is not judged «{}»"),
    "organisation.size": ("the organisation is {}", "the organisation is not {}"),
    "options.ai_incident": ("the serious AI incident is of the kind «{}»", "the serious AI incident is not of the kind «{}»"),
    "options.free_zone": ("the law of the free zone {} applies", "the law of the free zone {} does not apply"),
    "options.doe_417_criterion": ("of Form DOE-417, «{}» applies", "of Form DOE-417, «{}» does not apply"),
}
"""A choice as a statement and as its opposite."""

LISTS = {
    "organisation.roles": ("you are {}", "you are not {}"),
    "organisation.sectors": ("you are {}", "you are not {}"),
    "organisation.established_in": ("you are established in {}", "you are not established in {}"),
    "data.elements": ("the data include {}", "the data do not include {}"),
    "data.medium": ("the data are {}", "the data are not {}"),
    "options.incident_places": ("the incident occurred in {}", "the incident did not occur in {}"),
}
"""What a list holds, and that it holds none of them."""

EVENTS = {
    "occurred": "it began",
    "occurred_until": "it ended",
    "detected": "something was first noticed",
    "suspected": "a breach was first suspected",
    "aware": "you became aware",
    "believed": "there was first reason to believe that a breach occurred",
    "discovered": "the breach was discovered",
    "determined": "it was determined that a breach or notifiable incident occurred",
    "confirmed": "the breach was confirmed",
    "harm_determined": "harm was found to be reasonably likely",
    "no_harm_determined": "harm was found not to be likely",
    "scope_identified": "the scope of the breach was identified",
    "assessed_notifiable": "the breach was assessed as notifiable",
    "classified_major": "the incident was classified as major",
    "materiality_determined": "the incident was determined to be material",
    "identified": "the incident was identified",
    "told_by_processor": "a processor, vendor or business associate told you",
    "measure_available": "a corrective measure became available",
    "contained": "it was contained",
    "handled": "its handling was finished",
    "ransom_paid": "a ransom was paid",
    "information_available": "the missing information became available",
}
"""An event of `at`, after «when» or «the moment»."""

KNOWERS = {
    "workforce": "your workforce knew",
    "agent": "your agent knew",
    "wrongdoer": "only the wrongdoer knew",
    "reasonable_diligence": "reasonable diligence would have shown it",
    "subcontractor_agent": "your subcontractor, as your agent, knew",
    "independent_contractor": "an independent contractor knew",
}

READINGS = {
    "reg-1182-71": "Regulation 1182/71 reading",
    "roll-1182-71": "Regulation 1182/71 reading, moved to the next working day",
    "two-working-days": "two-working-days reading",
    "wall-clock": "same time on the dial",
    "tolling": "the hold stops the clock",
    "from-occurrence": "counted from the incident itself",
}
"""The other readings of a date, by name."""

RELATIONS = {
    "before": "to be sent before",
    "not_after": "to be sent no later than",
    "together": "to be sent together with",
    "after": "to be sent after",
}
"""How the law orders two notices."""

UNITS = {"calendar_days": "calendar days", "business_days": "business days", "year_end": "days after the year's end"}

REMARKS = {
    "there is a place where it falls due": "there is a place where it falls due",
    "organisation.timezone is known": "the time zone in which your days are counted is known",
    "this was law on that day": "this was law on that day",
}
"""What is said beside the tests."""
