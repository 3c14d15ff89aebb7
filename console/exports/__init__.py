"""Exports: asked for here, made by the worker, taken while their time lasts."""
