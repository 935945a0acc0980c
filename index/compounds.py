"""Compounds → the words they are made of."""

from collections.abc import Callable


def fewest_pieces(word: str, known: Callable[[str], bool]) -> list[str]:
    """The fewest known words that make up `word`, itself excluded; single characters always may.

    Fewest pieces, then fewest single characters: 中华/人民/共和国 and never 华人.
    """
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
    for end in range(1, len(word) + 1):
        options = []
        for start in range(end):
            piece = word[start:end]
            single = len(piece) == 1
            if single or (piece != word and known(piece)):
                pieces, singles, path = best[start]
                options.append((pieces + 1, singles + single, [*path, piece]))
        best.append(min(options, key=lambda option: option[:2]))
    return best[-1][2]
