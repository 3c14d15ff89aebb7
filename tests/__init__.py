"""Tests of what is promised: unit, contract, dialogue, words, end to end, browser, house."""
