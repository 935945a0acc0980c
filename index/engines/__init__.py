"""Engines that store documents and answer queries: one interface (`api`), one folder per adapter.

An engine's own classes do not leave its adapter.
"""
