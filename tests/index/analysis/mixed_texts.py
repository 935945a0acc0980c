"""Random texts that are hard to segment."""

from hypothesis import strategies as st

FORMS = ["v神", "DC/EP", "Uniswap V3", "維塔利克·布特林", "元宇宙", "BUSDT", "e-CNY", "銀行卡"]
ODD = [
    "々〇",
    "\u3400",
    "\U00020000",
    "\ud800",
    "\n",
    "\r\n",
    "\u3000",
    "１２，３４５％",
    "c++",
    "_",
    "'",
]
MIXED = st.lists(
    st.sampled_from([*FORMS, *ODD])
    | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=6)
    | st.text("aB9.,-_/%+# 　", max_size=6)
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=4)
).map("".join)

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
