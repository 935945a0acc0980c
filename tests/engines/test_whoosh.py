"""Our codec, read by Whoosh's own reader and queries, and damaged files."""

import pickle
import pickletools
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from whoosh import index as whoosh_index
from whoosh import query as stock
from whoosh.fields import KEYWORD, STORED, Schema
from whoosh.reading import IndexReader, TermNotFound

from index.engines.api import KEYWORD_FIELDS, TOKEN_FIELDS, Engine
from index.engines.embedded.generations import CURRENT, MANIFEST
from index.engines.queries import All, And, Not, Or, Query, Substring, Term
from index.engines.scoring import idf
from index.engines.whoosh.codec import PackedCodec, SegmentFiles
from index.engines.whoosh.corpus import Corpus
from index.engines.whoosh.evaluator import Evaluator
from index.engines.whoosh.fields import schema
from index.engines.whoosh.pack import BATCH_LIMIT, common_characters, pack
from index.engines.whoosh.text_files import Blobs, BlobWriter, compress, expand, pack_values
from index.errors import IndexDamaged, IndexOutdated, IndexProblem
from index.lexicon.model import Lexicon
from tests.conftest import whoosh_engine
from tests.install.older import rewrite_manifest
from tests.support.documents import TOKENS, build, one_segment, plain, random_documents
from tests.support.naive_snapshot import tokens_of

leaves_files_open = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Whoosh does not close a table of contents that it cannot read."""

FIELDS = (*TOKEN_FIELDS, *KEYWORD_FIELDS)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Forty random articles, of which an update replaced one and removed two."""
    made = whoosh_engine(tmp_path / "index")
    one_segment(made)
    fresh = random_documents(9, ["a05", "b00"])
    build(made, [fresh], base=made.current(), removed=["a05", "a06", "a07"])
    return made


def folder_of(engine: Engine) -> Path:
    root: Path = engine.store.root  # type: ignore[attr-defined]
    return root / "generations" / engine.current()


def open_reader(engine: Engine) -> IndexReader:
    return whoosh_index.open_dir(str(folder_of(engine))).reader()


def stock_index(folder: Path) -> whoosh_index.Index:
    """The same articles written by Whoosh itself, with its slow public API: the oracle of our
    codec.

    Not in its RamStorage: all processes of a machine write that one's temporary files into one
    folder, and delete it.
    """
    schema = Schema(
        stored_id=STORED, **{name: KEYWORD(commas=True, scorable=True) for name in FIELDS}
    )
    handle = whoosh_index.create_in(str(folder), schema)
    first = random_documents(1, [f"a{number:02}" for number in range(40)])
    kept = [document for document in first if document.id not in ("a05", "a06", "a07")]
    writer = handle.writer()
    for document in [*kept, *random_documents(9, ["a05", "b00"])]:
        values = {name: ",".join(tokens_of(document, name)) for name in FIELDS}
        writer.add_document(stored_id=document.id, **values)
    writer.commit()
    return handle


def found(handle: whoosh_index.Index, query: stock.Query) -> list[str]:
    with handle.searcher() as searcher:
        return sorted(hit["stored_id"] for hit in searcher.search(query, limit=None))


QUERIES = [
    pytest.param(stock.Every(), id="every"),
    *(pytest.param(stock.Term("text_words", token), id=token) for token in TOKENS[:5]),
    pytest.param(stock.Term("source", "财经日报"), id="keyword"),
    pytest.param(stock.Prefix("title_words", "数"), id="prefix"),
    pytest.param(
        stock.And([stock.Term("text_words", "银行"), stock.Term("text_fine", "nft")]), id="and"
    ),
    pytest.param(
        stock.Or([stock.Term("title_words", "v3"), stock.Term("text_words", "数据")]), id="or"
    ),
    pytest.param(
        stock.AndNot(stock.Every(), stock.Term("text_words", "银行")),
        id="not",
    ),
    pytest.param(stock.TermRange("text_words", "nft", "v3"), id="range of terms"),
]


@pytest.mark.parametrize("query", QUERIES)
def test_stock_queries(engine: Engine, query: stock.Query, tmp_path: Path) -> None:
    """Whoosh's own queries over our files find what they find over Whoosh's own."""
    handle = whoosh_index.open_dir(str(folder_of(engine)))
    expected = found(stock_index(tmp_path), query)
    assert found(handle, query) == expected
    assert expected


def test_terms_match_stock_whoosh(engine: Engine) -> None:
    """Our evaluator and Whoosh find the same articles for a term."""
    handle = whoosh_index.open_dir(str(folder_of(engine)))
    snapshot = engine.open()
    for field in TOKEN_FIELDS:
        for token in TOKENS:
            ours = [match.id for match in snapshot.match(Term(field, token), limit=99).matches]
            assert sorted(ours) == found(handle, stock.Term(field, token))


def test_the_term_dictionary(engine: Engine) -> None:
    """Terms are in byte order, field by field, and can be read from any term on."""
    reader = open_reader(engine)
    terms = list(reader.all_terms())
    assert terms == sorted(terms)
    assert {name for name, _ in terms} >= {*TOKEN_FIELDS, "source", "characters", "pairs"}
    for name in TOKEN_FIELDS:
        lexicon = list(reader.lexicon(name))
        assert sorted(lexicon) == sorted(token.encode() for token in TOKENS)
        middle = lexicon[4]
        assert next(iter(reader.expand_prefix(name, middle))) == middle
        assert next(iter(reader.terms_from(name, middle))) == (name, middle)
    assert ("text_words", "银行") in reader
    assert ("text_words", "没有") not in reader
    reader.close()


def test_frequencies(engine: Engine) -> None:
    """Without deletions, frequencies equal those of the stock index."""
    documents = random_documents(1, [f"a{number:02}" for number in range(40)])
    build(engine, [documents])
    reader = open_reader(engine)
    for field in TOKEN_FIELDS:
        for token in TOKENS:
            counts = [tokens_of(document, field).count(token) for document in documents]
            assert reader.frequency(field, token) == sum(counts)
            assert reader.doc_frequency(field, token) == sum(map(bool, counts))
            info = reader.term_info(field, token)
            assert (info.max_weight(), info.min_id()) == (
                max(counts),
                next(number for number, count in enumerate(counts) if count),
            )
    with pytest.raises(TermNotFound):
        reader.postings("text_words", "没有")
    reader.close()


def test_deleted_articles(engine: Engine) -> None:
    """Articles removed by an update are marked deleted in their segment, and not listed."""
    reader = open_reader(engine)
    assert (reader.doc_count_all(), reader.doc_count()) == (42, 39)
    deleted = [number for number in range(42) if reader.is_deleted(number)]
    assert deleted == [5, 6, 7]
    reader.close()
    handle = whoosh_index.open_dir(str(folder_of(engine)))
    assert {"a06", "a07"}.isdisjoint(found(handle, stock.Every()))


def test_the_table_of_contents_holds_no_files(engine: Engine, tmp_path: Path) -> None:
    """The codec is pickled into it while its files are open, and unpickled without them."""
    codec = PackedCodec()
    codec.files = object.__new__(SegmentFiles)
    assert pickle.loads(pickle.dumps(codec)).files is None
    (toc,) = folder_of(engine).glob("*.toc")
    assert b"SegmentFiles" not in toc.read_bytes()
    assert b"BufferedWriter" not in toc.read_bytes()


def test_a_generation_can_be_moved(engine: Engine, tmp_path: Path) -> None:
    """No file contains a path, so a copied index gives the same results."""
    expected = [match.id for match in engine.open().match(All(), limit=99).matches]
    root = folder_of(engine).parents[1]
    shutil.copytree(root, tmp_path / "elsewhere")
    shutil.rmtree(root)
    moved = whoosh_engine(tmp_path / "elsewhere")
    assert [match.id for match in moved.open().match(All(), limit=99).matches] == expected


@leaves_files_open
def test_damage_is_named(engine: Engine) -> None:
    """A missing, empty or truncated file is IndexDamaged or harmless;
    and `verify` finds it."""
    folder, name = folder_of(engine), engine.current()
    refused = set()
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if not content or path.name == MANIFEST:
            continue
        for broken in (None, b"", content[: len(content) // 2], content[:-1]):
            path.unlink(missing_ok=True)
            if broken is not None:
                path.write_bytes(broken)
            assert engine.verify(name)
            try:
                engine.open().close()
            except IndexDamaged:
                refused.add(path.suffix)
        path.write_bytes(content)
    assert refused >= {".pack", ".folded", ".texts", ".bodies", ".toc", ".json", ".col"}
    assert engine.verify(name) == []


@leaves_files_open
def test_flipped_bytes(engine: Engine) -> None:
    """`verify` finds a flipped byte anywhere; opening raises no errors but ours."""
    random = Random(5)
    folder, name = folder_of(engine), engine.current()
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if path.name == MANIFEST or not content:
            continue
        for _ in range(5):
            at = random.randrange(len(content))
            flipped = bytes([content[at] ^ (1 << random.randrange(8))])
            path.unlink(missing_ok=True)
            path.write_bytes(content[:at] + flipped + content[at + 1 :])
            assert engine.verify(name) == [f"文件 {path.name} 的校验和不符。"]
            with suppress(IndexProblem):
                engine.open().close()
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("changes", "do"),
    [
        pytest.param({"engine": "tantivy"}, "index copy", id="engine"),
        pytest.param({"format": 99}, "较新的", id="format"),
        pytest.param({"analyzer": "another"}, "index rebuild", id="analyzer"),
    ],
)
def test_foreign_generations(engine: Engine, changes: dict[str, object], do: str) -> None:
    """An index of another engine, format or segmenter is refused before it is read."""
    rewrite_manifest(folder_of(engine), **changes)
    for file in folder_of(engine).glob("*.pack"):
        file.unlink()
    with pytest.raises(IndexOutdated, match=do):
        engine.open()


def test_a_published_name_without_its_folder(engine: Engine) -> None:
    """If CURRENT names a deleted folder, the error says so."""
    (folder_of(engine).parents[1] / CURRENT).write_text("20000101T000000000000Z", "utf-8")
    with pytest.raises(IndexProblem, match="20000101T000000000000Z"):
        engine.open()


def test_a_batch_has_a_limit() -> None:
    """Ten bits number the articles of a batch."""
    with pytest.raises(ValueError, match=str(BATCH_LIMIT)):
        pack([plain("a")] * (BATCH_LIMIT + 1))


@pytest.mark.slow
def test_more_articles_than_two_bytes_number(tmp_path: Path) -> None:
    """Beyond 65,535 articles a segment numbers them in four bytes."""
    made = whoosh_engine(tmp_path)
    writer = made.build(Lexicon(), base=None, sources=())
    batch = pack([plain(str(number)) for number in range(1_000)])
    for start in range(0, 66_000, 1_000):
        names = [str(start + number) for number in range(1_000)]
        counted = {**batch.fields, "id": replace(batch.fields["id"], terms=names)}
        stored = [pack_values({"stored_id": name}) for name in names]
        writer.add(replace(batch, fields=counted, stored=stored))
    generation = writer.commit()
    assert generation.articles == 66_000
    snapshot = made.open(generation.name)
    assert snapshot.doc_freq("text_words", "银行") == 66_000
    assert [match.id for match in snapshot.match(Term("id", "65999"), limit=9).matches] == ["65999"]


def test_common_characters() -> None:
    """There are as many as ten bits can number, less one for all others; each occurs once."""
    characters = common_characters()
    assert characters == "".join(sorted(set(characters)))
    assert 100 < len(characters) < BATCH_LIMIT - 1
    assert "\n" not in characters


@pytest.mark.parametrize(("n", "n_t", "value"), [(3, 2, 0.4700), (1, 1, 0.2877), (100, 0, 5.3083)])
def test_idf(n: int, n_t: int, value: float) -> None:
    """Lucene's idf is never negative."""
    assert idf(n, n_t) == pytest.approx(value, abs=1e-4)


def test_offsets_that_were_overwritten(tmp_path: Path) -> None:
    """Overwritten offsets are detected, because they must ascend."""
    file, offsets = tmp_path / "texts", tmp_path / "offsets"
    writer = BlobWriter(file.open("wb"), offsets.open("wb"))
    writer.extend([b"one", b"two", b"three"])
    writer.close()
    assert Blobs(file, offsets)[1] == b"two"
    kept = offsets.read_bytes()
    for broken in (b"\xff" * 8, b"\0" * 7 + b"\x7f"):
        offsets.write_bytes(kept[:8] + broken + kept[16:])
        with pytest.raises(IndexDamaged, match="texts"):
            Blobs(file, offsets)


def test_a_text_that_was_overwritten() -> None:
    """An overwritten text is IndexDamaged."""
    assert expand(compress("元宇宙")) == "元宇宙"
    with pytest.raises(IndexDamaged, match="已损坏"):
        expand(b"\0" * 20)


PICKLED = (
    ("index.engines.whoosh.fields", "Packed"),
    ("index.engines.whoosh.fields", "BulkField"),
    ("index.engines.whoosh.codec", "PackedCodec"),
)
"""Our classes that the table of contents of some index on disk names, with their modules."""


@pytest.mark.parametrize(("module", "name"), PICKLED, ids=[name for _, name in PICKLED])
def test_classes_that_indexes_on_disk_name_are_there(module: str, name: str) -> None:
    """Old indexes name pickled classes: a renamed class keeps its old name as well."""
    assert isinstance(pickle.loads(f"c{module}\n{name}\n.".encode()), type)


def test_no_other_class_of_ours_is_pickled() -> None:
    """The list above has every class that a new index names, so that renames are noticed."""
    pickled = pickle.dumps((schema(), PackedCodec()), 2)
    named = {value for op, value, _ in pickletools.genops(pickled) if op.name == "GLOBAL"}
    ours = {value for value in named if value.startswith("index.")}
    assert ours <= {f"{module} {name}" for module, name in PICKLED}
    assert ours


@pytest.mark.parametrize(
    "query",
    [
        Or((Term("text_words", "银行"), Term("title_words", "数据"))),
        And((All(), Not(Term("text_words", "银行")))),
        Substring("没有"),
    ],
    ids=["scores", "no scores", "none"],
)
def test_what_a_query_gave_is_kept_whole(engine: Engine, query: Query) -> None:
    evaluator = Evaluator(Corpus(folder_of(engine)))
    first, again = evaluator.run(query), evaluator.run(query)

    assert again.articles.tolist() == first.articles.tolist()
    assert again.articles.dtype == first.articles.dtype
    assert (again.scores is None) == (first.scores is None)
    if first.scores is not None:
        assert again.scores is not None
        assert again.scores.tolist() == first.scores.tolist()
