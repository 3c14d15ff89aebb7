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

# Those who applied, complain and are paid.
NADIA = "3222222227"  # applications received and in review
OMAR = "3333333336"  # documents are missing
TUDA = "3444444447"  # refused, and may appeal
DRISS = "3555555557"  # refused, and too late
SAMIRA = "3666666666"  # appealed
MUSTAPHA = "3777777775"  # payments of every kind; complaints
HANANE = "3888888885"  # a cover that ended, another that is active
APPLICANTS = (FATIMA, NADIA, OMAR, TUDA, DRISS, SAMIRA, HANANE)
