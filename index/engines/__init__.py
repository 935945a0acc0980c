"""Engines that hold documents: one interface (`api`), one adapter a folder.

An engine's own classes stay inside its adapter.
"""
