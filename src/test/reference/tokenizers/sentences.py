"""2,000 texts that are hard on tokenizers: the written ones below, then seeded mixtures of corpus.txt with noise."""
import random
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
COUNT = 2000

WRITTEN = [
    "", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n\n", " \n ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u2028", "\u0085", "\x0b\x0c",
    "a", " a", "a ", " a ", "  a", "a  ", "  a  b  ", "a\tb", "a\nb", "a \n b", "\ta", "a\t", "\na\n", "a\r\nb", "a\r\n\r\nb",
    "a" + " " * 2 + "b", "a" + " " * 3 + "b", "a" + " " * 4 + "b", "a" + " " * 5 + "b", "a" + " " * 7 + "b", "a" + " " * 8 + "b",
    "a" + " " * 9 + "b", "a" + " " * 15 + "b", "a" + " " * 16 + "b", "a" + " " * 17 + "b", "a" + " " * 33 + "b", " " * 50, "x" + " " * 50,
    "a\u00a0b", "a\u2003b", "a\u200bb", "a\u200db", "\ufeffa", "a\ufeffb", "a\u2028b", "a\u0085b", "a\u00adb", "a\u0007b", "a\u001fb", "a\u007fb",
    "▁", "▁a", "a▁b", " ▁ ", "▁▁▁", "a ▁b", "_", "__init__",
    "</s>", "<s>", "<unk>", "<pad>", "a</s>b", "a </s> b", "<s> hello </s>", "<unk>a", "<pad> <pad>", "< s >", "<S>", "</S>",
    "<extra_id_0>", "<extra_id_99>", "<extra_id_100>", "one <extra_id_0> three <extra_id_1>.", "one<extra_id_0>three", "<extra_id_0><extra_id_1>", "<extra_id_",
    "[CLS]", "[MASK]", "the capital of france is [MASK] .", "a[SEP]b", "[UNK]", "[PAD]", "<mask>",
    "<sep>", "a <sep> b", "a<sep>b", "<sep><sep>", " <sep>", "<sep> ", "<ctrl>", "a <ctrl> b",
    "<0x0A>", "<0x41>", "<0xFF>", "a<0xe2>b", "0x41",
    "Hello, world!", "HELLO, WORLD!", "hello,world", "don't", "don’t", "it's O'Brien's", "e.g. 3.14, 1,000,000 and 10^6", "...", "…", "--", "—", "!?!?", "«»„“”‚‘’",
    "1234567890", "0.000001", "1e-3", "٣٤٥", "१२३", "Ⅷ", "①②③", "½ ¾", "10²", "H₂O", "№ 5", "™ ® ©", "€5 £6 ¥7 ₹8",
    "ﬁne ﬂow oﬀer", "Ｆｕｌｌ　ｗｉｄｔｈ", "ｶﾀｶﾅ", "ǅ", "ß ẞ", "İstanbul ıI", "Å Å Å", "é é", "ñ ñ", "ﷺ", "㍿", "㌔", "Ω Ω", "K K", "ſ", "ŉ",
    "crème brûlée", "crème brûlée", "Zürich, Łódź, Kraków, Århus, Šibenik", "naïve façade", "Tiếng Việt", "Tiếng Việt", "Z̷͓̈a̸͎͑l̶̰̕g̴̱͝o̵͓͊",
    "日本語", "中文字符", "한국어", "한국어", "日本 語", "漢字kanji漢字", "価格は1,000円です。", "我爱北京天安门！", "𠮷野家", "𡈽", "鬱龘", "ㄅㄆㄇ", "〇一二三",
    "😀", "😀😀", "a😀b", " 😀 ", "😀 a", "👍🏽", "👨‍👩‍👧‍👦", "🇫🇷🇩🇪", "❤️", "❤", "🏳️‍🌈", "1️⃣", "🫠🫡", "☃", "♥♦♣♠", "𝓗𝓮𝓵𝓵𝓸", "𝟘𝟙", "🀄", "𐍈", "𝄞",
    "مرحبا بالعالم", "שלום עולם", "שָׁלוֹם", "สวัสดีครับ", "नमस्ते दुनिया", "வணக்கம்", "გამარჯობა", "Բարև", "ሰላም", "ᐃᓄᒃᑎᑐᑦ", "ᚠᚢᚦ", "ꙮ", "\U000e0041", "\ue000", "\ufffd", "\ufffe",
    "a" * 300, "ab" * 200, "supercalifragilisticexpialidocious", "w" * 101 + " short", "the " * 60, ". " * 40, "=" * 80, "aaa aa aaaa aaaaa",
    "https://example.org/a?b=c&d=e#top", "ada@example.org", "C:\\temp\\new", "/usr/bin/env", "<b>bold</b>", "&amp;", "{\"a\": [1, 2]}", "x_1 = y**2", "a\\nb", "$x$", "#tag @name", "\"quoted\" 'single'", "`code`",
    "A.B.C.", "U.S.A", "Mr. & Mrs.", "semi-colon; co-op", "3-4", "3–4", "a/b", "50%", "(a)", "[b]", "~", "^", "|", "\\",
    "mnli hypothesis: A man eats. premise: A person is eating.", "sst2 sentence: it 's a charming and often affecting journey .", "translate English to German: That is good.",
    "\u0301", "a\u0301\u0302\u0303", "\u200f\u200e", "\u202eabc\u202c", "e\u0301 \u0301", "\u1100\u1161\u11a8", "\u0e33", "\u0958",
]

NOISE = ["  ", "   ", "      ", "\t", "\n", "\n\n", " \n", "😀", "🎉", "👋🏽", "❤️", "日本", "語", "한", "é", "é", "…", "\u00a0", "\u3000", "ﬁ", "½", "１２", "▁", "</s>", "<sep>", "<extra_id_7>",
         "Ж", "ω", "ß", "ŧ", "𝒜", "\u200b", "!", "?!", ",", "42", "1999", "q", "zx", "Qw", "'", "\"", "#"]


def sentences():
    rng = random.Random(20)
    lines = (HERE / "corpus.txt").read_text(encoding="utf-8").splitlines()
    texts = list(dict.fromkeys(WRITTEN))
    while len(texts) < COUNT:
        texts.append(mixture(rng, lines))
    return texts


def mixture(rng, lines):
    words = []
    for _ in range(rng.choice([1, 1, 2])):
        line = rng.choice(lines).split(" ")
        start = rng.randrange(len(line))
        words += line[start:start + rng.randint(1, 7)]
    if rng.random() < .35:
        rng.shuffle(words)
    joined = ""
    for word in words:
        joined += spelled(rng, word) + (rng.choice(NOISE) if rng.random() < .12 else " ")
    if rng.random() < .8:
        joined = joined.strip(" ")
    form = rng.choice([None, None, None, "NFD", "NFC", "NFKC"])
    return unicodedata.normalize(form, joined) if form else joined


def spelled(rng, word):
    chance = rng.random()
    if chance < .06:
        return word.upper()
    if chance < .10:
        return word + rng.choice(NOISE)
    if chance < .13:
        return "".join(rng.sample(word, len(word)))
    if chance < .16:
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyzäöü") for _ in range(rng.randint(1, 12)))
    if chance < .18:
        return chr(rng.choice([rng.randrange(0xC0, 0x2000), rng.randrange(0x4E00, 0x9FA5), rng.randrange(0x1F300, 0x1FAFF)]))
    return word
