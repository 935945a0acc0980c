"""What is not the article's own."""


def own_text(text: str) -> str:
    return text
