"""Signing in: a password and a one-time code, or an account elsewhere; invitations.

sessions.py    who is signed in, and until when
passwords.py   what a password must be
codes.py       one-time codes and how a phone learns to make them
signing_in.py  the pages of signing in and out
invitations.py the page where an invitation becomes an account
elsewhere.py   OpenID Connect
"""
