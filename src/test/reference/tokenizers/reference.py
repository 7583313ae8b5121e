"""Small models and what Transformers makes of 2,000 texts with them, as fixtures for dev.fewtune.text.

Never part of the build. Made with transformers 5.18, tokenizers 0.23, sentencepiece 0.2.2:
    python reference.py ../../resources/dev/fewtune/text

T5 and BERT: the classes of Transformers, as they read spiece.model and vocab.txt. Llama: Transformers' LlamaConverter
in its legacy form (the form of Llama's own tokenizer.json), with merges in the order of the scores. Transformers 5 by
itself orders merges by number and drops one leading space, and so departs from sentencepiece on Llama's own model.
"""
import gzip
import importlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from transformers import BertTokenizerFast, PreTrainedTokenizerFast, T5TokenizerFast

from sentences import HERE, sentences

converters = importlib.import_module("transformers.convert_slow_tokenizer")

PAIRS = range(300, 340)
DECODED = 350
BERT_TEXTS = 350
VARIANT_TEXTS = 220
SPECIAL = ["<s>", "</s>", "<unk>", "<pad>", "<sep>", "<ctrl>", "<extra_id_"]
# sentencepiece takes a mark in a text for a space; the tokenizers library normalizes \r\n as one character.
READ_OTHERWISE = ["▁", "\r\n"]
COMMON = {"input": str(HERE / "corpus.txt"), "num_threads": 1, "hard_vocab_limit": False, "minloglevel": 2}
COMMON |= {"user_defined_symbols": ["<sep>"], "control_symbols": ["<ctrl>"]}


def write(path, data):
    path.write_bytes(gzip.compress(data, 9, mtime=0))
    print(path.name, path.stat().st_size, "bytes")


def write_json(path, value):
    write(path, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def without_paths(model):
    read = proto.ModelProto()
    read.ParseFromString(model.read_bytes())
    read.trainer_spec.ClearField("input")
    read.trainer_spec.ClearField("model_prefix")
    model.write_bytes(read.SerializeToString())
    return model


def train_t5(folder):
    sentencepiece.SentencePieceTrainer.train(
        model_prefix=str(folder / "spiece"), model_type="unigram", vocab_size=1000, character_coverage=.995,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **COMMON)
    return without_paths(folder / "spiece.model")


def train_llama(folder):
    sentencepiece.SentencePieceTrainer.train(
        model_prefix=str(folder / "tokenizer"), model_type="bpe", vocab_size=1200, character_coverage=.98,
        byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True, **COMMON)
    model = without_paths(folder / "tokenizer.model")
    late_double_space(model)
    return model


def late_double_space(model):
    """Gives two spaces the score that they have in Llama's own model, so that scores and numbers differ in order."""
    read = proto.ModelProto()
    read.ParseFromString(model.read_bytes())
    for piece in read.pieces:
        if piece.piece == "▁▁":
            piece.score = -1e9
    model.write_bytes(read.SerializeToString())


def llama(model):
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    scores = [(pieces.id_to_piece(i), pieces.get_score(i)) for i in range(pieces.vocab_size())]
    vocab = {piece: i for i, (piece, _) in enumerate(scores)}

    class ByScore:
        def __init__(self, _):
            pass

        def extract(self, _):
            return vocab, converters.generate_merges(vocab, scores)

    class Legacy(converters.SLOW_TO_FAST_CONVERTERS["LlamaTokenizer"]):
        SpmExtractor = ByScore

    old = SimpleNamespace(
        vocab_file=str(model), convert_ids_to_tokens=pieces.id_to_piece, add_prefix_space=True, legacy=True)
    return PreTrainedTokenizerFast(
        tokenizer_object=Legacy(old).converted(), bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        add_bos_token=True)


def bert_vocabulary(folder):
    """Not learnt, so that it is the same each time: frequent characters, words and endings."""
    words = Counter(re.findall(r"\w+|[^\w\s]", (HERE / "corpus.txt").read_text(encoding="utf-8")))
    words += Counter({word.lower(): count for word, count in words.items()})
    characters, endings = Counter(), Counter()
    for word, count in words.items():
        for at, character in enumerate(word):
            characters[character if at == 0 else "##" + character] += count
            if at > 0:
                endings["##" + word[at:]] += count

    def frequent(counted, most):
        return [token for token, _ in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:most]]

    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens += frequent(characters, 500) + frequent(words, 300) + frequent(endings, 150)
    path = folder / "vocab.txt"
    path.write_text("".join(token + "\n" for token in dict.fromkeys(tokens)), encoding="utf-8")
    return path


def expected(tokenizer, texts):
    ids = [tokenizer(text).input_ids for text in texts]
    pairs = [tokenizer(texts[i], texts[i + 1], return_token_type_ids=True) for i in PAIRS]

    def decoded(skip):
        return [tokenizer.decode(row, skip_special_tokens=skip, clean_up_tokenization_spaces=False)
                for row in ids[:DECODED]]

    return {
        "vocabulary": len(tokenizer),
        "ids": ids,
        "pairs": [{"first": i, "ids": pair.input_ids, "types": pair.token_type_ids} for i, pair in zip(PAIRS, pairs)],
        "decoded": decoded(False),
        "decoded_without_special": decoded(True),
    }


def variants(model, texts, ids):
    """What sentencepiece itself says when the switches of a model's normalizer are turned.

    Left out: texts with special tokens, which sentencepiece reads as text, and those whose ids by Transformers differ
    from sentencepiece's already for the model as it is (few: both apply precompiled_charsmap, to different stretches).
    """
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    control = {i for i in range(pieces.vocab_size()) if pieces.is_control(i)}
    chosen = [
        i for i, text in enumerate(texts)
        if not any(s in text for s in SPECIAL + READ_OTHERWISE) and [t for t in ids[i] if t not in control] == pieces.encode(text)]
    chosen = chosen[:VARIANT_TEXTS]
    found = []
    for dummy_prefix in (True, False):
        for remove in (True, False):
            turned = proto.ModelProto()
            turned.ParseFromString(model.read_bytes())
            turned.normalizer_spec.add_dummy_prefix = dummy_prefix
            turned.normalizer_spec.remove_extra_whitespaces = remove
            pieces = sentencepiece.SentencePieceProcessor(model_proto=turned.SerializeToString())
            found.append({
                "dummy_prefix": dummy_prefix, "remove_extra_spaces": remove,
                "ids": {i: pieces.encode(texts[i]) for i in chosen}})
    return found


def berts(vocab, texts):
    settings = [{}, {"do_lower_case": False},
                {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False}]
    return [{"settings": chosen, **expected(BertTokenizerFast(str(vocab), **chosen), texts[:BERT_TEXTS])}
            for chosen in settings]


def main(out):
    texts = sentences()
    write_json(out / "texts.json.gz", texts)
    with TemporaryDirectory() as name:
        folders = [Path(name) / kind for kind in ("t5", "llama", "bert")]
        for folder in folders:
            folder.mkdir()
        t5_model, llama_model, vocab = train_t5(folders[0]), train_llama(folders[1]), bert_vocabulary(folders[2])
        write(out / "spiece.model.gz", t5_model.read_bytes())
        write(out / "tokenizer.model.gz", llama_model.read_bytes())
        write(out / "vocab.txt.gz", vocab.read_bytes())
        t5_expected = expected(T5TokenizerFast.from_pretrained(t5_model.parent), texts)
        llama_expected = expected(llama(llama_model), texts)
        write_json(out / "t5.json.gz", t5_expected)
        write_json(out / "llama.json.gz", llama_expected)
        write_json(out / "bert.json.gz", berts(vocab, texts))
        write_json(out / "llama-variants.json.gz", variants(llama_model, texts, llama_expected["ids"]))
        write_json(out / "t5-variants.json.gz", variants(t5_model, texts, t5_expected["ids"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
