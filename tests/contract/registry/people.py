"""The demonstration people the suite asks about, by what they are there for."""

FATIMA = "2111111116"  # index below both limits
MOHAMED = "2222222228"  # AMO-Tadamon suspended
KHADIJA = "2444444448"  # index exactly at the ASD limit
YOUSSEF = "2666666667"  # pre-registered in the RNP
SALMA = "2777777776"  # no household
AICHA = "2888888886"  # data to update, old index
HASSAN = "2999999998"  # awaiting a visit; shares a phone with Zineb
ZINEB = "2345678906"  # registered, no index yet
RACHID = "3334445552"  # household pre-registered
LAHCEN = "4445556665"  # no phone on file
MALIKA = "5556667770"  # an IDCS that fails the check digit
NOBODY = "9999999999"

FATIMA_PHONE = "+212600000001"
SHARED_PHONE = "+212600000009"
