"""When was an article published that gives no date? Its address or its text may state it.

Does not read given dates; `index/text/dates.py` does.
"""
