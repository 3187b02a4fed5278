"""The names of places, for people: ISO 3166-1 countries and the parts that breach law distinguishes."""

from functools import lru_cache

_LISTED = """
AD Andorra|AE the United Arab Emirates|AF Afghanistan|AG Antigua & Barbuda|AI Anguilla|AL Albania|AM Armenia|
AO Angola|AQ Antarctica|AR Argentina|AT Austria|AU Australia|AW Aruba|AX Åland Islands|AZ Azerbaijan|
BA Bosnia & Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|
BJ Benin|BL Saint Barthélemy|BM Bermuda|BN Brunei|BO Bolivia|BQ the Caribbean Netherlands|BR Brazil|
BS the Bahamas|BT Bhutan|BV Bouvet Island|BW Botswana|BY Belarus|BZ Belize|CA Canada|
CC the Cocos (Keeling) Islands|CD the Democratic Republic of the Congo|CF the Central African Republic|
CG the Republic of the Congo|CH Switzerland|CI Côte d'Ivoire|CK the Cook Islands|CL Chile|CM Cameroon|CN China|
CO Colombia|CR Costa Rica|CU Cuba|CV Cape Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czechia|DE Germany|
DJ Djibouti|DK Denmark|DM Dominica|DO the Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|
EH Western Sahara|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK the Falkland Islands|FM Micronesia|
FO the Faroe Islands|FR France|GA Gabon|GB the United Kingdom|GD Grenada|GE Georgia|GF French Guiana|GG Guernsey|
GH Ghana|GI Gibraltar|GL Greenland|GM the Gambia|GN Guinea|GP Guadeloupe|GQ Equatorial Guinea|GR Greece|
GS South Georgia and the South Sandwich Islands|GT Guatemala|GW Guinea-Bissau|GY Guyana|HK Hong Kong|
HM Heard Island and McDonald Islands|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|
IL Israel|IM the Isle of Man|IN India|IO the British Indian Ocean Territory|IQ Iraq|IR Iran|IS Iceland|IT Italy|
JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM the Comoros|
KN Saint Kitts and Nevis|KP North Korea|KR South Korea|KW Kuwait|KY the Cayman Islands|KZ Kazakhstan|LA Laos|
LB Lebanon|LC Saint Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|
LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MF Saint Martin (French part)|MG Madagascar|
MH the Marshall Islands|MK North Macedonia|ML Mali|MM Myanmar|MN Mongolia|MO Macau|MQ Martinique|MR Mauritania|
MS Montserrat|MT Malta|MU Mauritius|MV the Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|
NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua|NL the Netherlands|NO Norway|NP Nepal|
NR Nauru|NU Niue|NZ New Zealand|OM Oman|PA Panama|PE Peru|PF French Polynesia|PG Papua New Guinea|
PH the Philippines|PK Pakistan|PL Poland|PM Saint Pierre and Miquelon|PN Pitcairn|PS Palestine|PT Portugal|
PW Palau|PY Paraguay|QA Qatar|RE Réunion|RO Romania|RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|
SB the Solomon Islands|SC the Seychelles|SD Sudan|SE Sweden|SG Singapore|SH Saint Helena|SI Slovenia|
SJ Svalbard & Jan Mayen|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|
SS South Sudan|ST Sao Tome & Principe|SV El Salvador|SX Sint Maarten|SY Syria|SZ Eswatini|
TC the Turks and Caicos Islands|TD Chad|TF the French Southern Territories|TG Togo|TH Thailand|TJ Tajikistan|
TK Tokelau|TL Timor-Leste|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey|TT Trinidad & Tobago|TV Tuvalu|TW Taiwan|
TZ Tanzania|UA Ukraine|UG Uganda|UM the US minor outlying islands|US the United States|UY Uruguay|UZ Uzbekistan|
VA the Vatican|VC Saint Vincent and the Grenadines|VE Venezuela|VG the British Virgin Islands|VN Vietnam|
VU Vanuatu|WF Wallis and Futuna|WS Samoa|YE Yemen|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe|US-AL Alabama|
US-AK Alaska|US-AZ Arizona|US-AR Arkansas|US-CA California|US-CO Colorado|US-CT Connecticut|US-DE Delaware|
US-DC the District of Columbia|US-FL Florida|US-GA Georgia|US-HI Hawaii|US-ID Idaho|US-IL Illinois|US-IN Indiana|
US-IA Iowa|US-KS Kansas|US-KY Kentucky|US-LA Louisiana|US-ME Maine|US-MD Maryland|US-MA Massachusetts|
US-MI Michigan|US-MN Minnesota|US-MS Mississippi|US-MO Missouri|US-MT Montana|US-NE Nebraska|US-NV Nevada|
US-NH New Hampshire|US-NJ New Jersey|US-NM New Mexico|US-NY New York|US-NC North Carolina|US-ND North Dakota|
US-OH Ohio|US-OK Oklahoma|US-OR Oregon|US-PA Pennsylvania|US-RI Rhode Island|US-SC South Carolina|
US-SD South Dakota|US-TN Tennessee|US-TX Texas|US-UT Utah|US-VT Vermont|US-VA Virginia|US-WA Washington State|
US-WV West Virginia|US-WI Wisconsin|US-WY Wyoming|US-PR Puerto Rico|US-GU Guam|US-VI the US Virgin Islands|
US-AS American Samoa|US-MP the Northern Mariana Islands|CA-AB Alberta|CA-BC British Columbia|CA-MB Manitoba|
CA-NB New Brunswick|CA-NL Newfoundland and Labrador|CA-NS Nova Scotia|CA-NT the Northwest Territories|
CA-NU Nunavut|CA-ON Ontario|CA-PE Prince Edward Island|CA-QC Quebec|CA-SK Saskatchewan|CA-YT Yukon|
DE-BW Baden-Württemberg|DE-BY Bavaria|DE-BE Berlin|DE-BB Brandenburg|DE-HB Bremen|DE-HH Hamburg|DE-HE Hesse|
DE-MV Mecklenburg-Vorpommern|DE-NI Lower Saxony|DE-NW North Rhine-Westphalia|DE-RP Rhineland-Palatinate|
DE-SL Saarland|DE-SN Saxony|DE-ST Saxony-Anhalt|DE-SH Schleswig-Holstein|DE-TH Thuringia|
AU-ACT the Australian Capital Territory|AU-NSW New South Wales|AU-NT the Northern Territory|AU-QLD Queensland|
AU-SA South Australia|AU-TAS Tasmania|AU-VIC Victoria|AU-WA Western Australia|GB-ENG England|GB-SCT Scotland|
GB-WLS Wales|GB-NIR Northern Ireland
"""


@lru_cache(maxsize=1)
def place_names() -> dict[str, str]:
    """Every place by its code; read on first use."""
    entries = _LISTED.replace("\n", "").split("|")
    found = {code: name for code, _, name in (each.partition(" ") for each in entries)}
    return found | {"EEA": "the EEA", "EU": "the European Union", "US-*": "a State not known yet", "@place": "that place"}


def place_name(code: str) -> str:
    """The name of a place as it stands in a sentence (`in the United States`); the code where there is none."""
    return place_names().get(code, code)
