"""The console: where staff read conversations, help, correct, and account for it.

app.py          everything wired, errors made pages
settings.py     what the process needs
permissions.py  what each role may do
page.py         language, direction and words of a page
conversations/  the list, the search, one of them, and what is revealed of it
handovers/      requests for a person: the queue, answering, handing back, kept replies
rights/         what citizens ask for about their data, due on a day, carried out
teaching/       correcting what was understood, agreeing, exporting it to be learnt
dashboard/      figures: pictures, each with its table and its CSV
audit/          the audit as the auditor sees it, and what each night forgot
api/            reading by programs, and their tokens
exports/        files of a time, made by the worker
webhooks/       who listens to what happens, and what reached them
auth/           signing in: password, second factor, OpenID Connect, invitations
words/          the texts staff read, in English; the catalogs are in locales/
templates/      pages and their pieces
static/         styles, fonts and scripts, all from here: nothing is fetched from elsewhere
"""
