"""What the embedded engines share: generations in folders on the local disk.

Does not know how an engine lays out the files of a generation.
"""
