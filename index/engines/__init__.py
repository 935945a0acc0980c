"""Engines that hold documents: one interface (`base`), one adapter a file.

An engine's own classes stay inside its adapter.
"""
