"""The twelve regions by their codes, and communes by a key: where a household is known to live.

Codes are those of ISO 3166-2:MA. No official list of communes ships with this service, so a commune
is known by the folded words of its name, and only together with its region.
"""

from __future__ import annotations

from typing import Final

from core.places import fold_place

REGIONS: Final[dict[str, str]] = {
    "MA-01": "Tanger-Tétouan-Al Hoceïma",
    "MA-02": "L'Oriental",
    "MA-03": "Fès-Meknès",
    "MA-04": "Rabat-Salé-Kénitra",
    "MA-05": "Béni Mellal-Khénifra",
    "MA-06": "Casablanca-Settat",
    "MA-07": "Marrakech-Safi",
    "MA-08": "Drâa-Tafilalet",
    "MA-09": "Souss-Massa",
    "MA-10": "Guelmim-Oued Noun",
    "MA-11": "Laâyoune-Sakia El Hamra",
    "MA-12": "Dakhla-Oued Ed-Dahab",
}
# No official Amazigh list was read: in Amazigh the French names stand.
_IN_ARABIC: Final[dict[str, str]] = {
    "MA-01": "طنجة - تطوان - الحسيمة",
    "MA-02": "الشرق",
    "MA-03": "فاس - مكناس",
    "MA-04": "الرباط - سلا - القنيطرة",
    "MA-05": "بني ملال - خنيفرة",
    "MA-06": "الدار البيضاء - سطات",
    "MA-07": "مراكش - آسفي",
    "MA-08": "درعة - تافيلالت",
    "MA-09": "سوس - ماسة",
    "MA-10": "كلميم - واد نون",
    "MA-11": "العيون - الساقية الحمراء",
    "MA-12": "الداخلة - وادي الذهب",
}
_ARABIC: Final = ("ar", "ary")
_BY_NAME: Final = {fold_place(name): code for code, name in REGIONS.items()}
_LONGEST_KEY: Final = 64


def read_region(name: str) -> str | None:
    """The code of a region written as its code or by its whole French name, or None."""
    return name if name in REGIONS else _BY_NAME.get(fold_place(name))


def region_name(code: str, language: str) -> str:
    """A region's name as a language writes it; empty for a code that is none."""
    return (_IN_ARABIC if language in _ARABIC else REGIONS).get(code, "")


def commune_key(name: str) -> str:
    """The key of a commune: the words of its name, folded and in order; empty for no words."""
    return "-".join(sorted(fold_place(name)))[:_LONGEST_KEY]
