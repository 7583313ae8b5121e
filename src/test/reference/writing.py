"""Makes writing.json beside the tiny models of models.py: what Transformers writes, scores and loses on them.

Run by hand with torch and transformers: python src/test/reference/writing.py src/test/resources/models
"""

import argparse
import json
import pathlib

import torch
from transformers import BertForMaskedLM, LlamaForCausalLM, T5ForConditionalGeneration

from models import ids, numbers

LONGEST = 10
BEAMS = 4
LENGTHS = [9, 1, 6, 4, 12, 7]
WORDS = [[5], [7, 3], [9, 4, 6]]
TARGETS = [[11, 12, 13], [14], [15, 16], [17, 18, 19, 20], [21], [22, 23]]


def sources(low, high, seed):
    return [ids(1, length, low, high, seed + i)[0].tolist() for i, length in enumerate(LENGTHS)]


def ignoring(labels):
    longest = max(len(row) for row in labels)
    return torch.tensor([row + [-100] * (longest - len(row)) for row in labels])


def padded(rows, pad):
    longest = max(len(row) for row in rows)
    tokens = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return tokens, mask


def generated(model, source, begin, pad, end):
    """Greedy ids, and the ids and scores of all beams, without what was given and without padding behind the end."""
    # The cache of Transformers fails where a decoder has more layers than its encoder.
    common = {
        "max_new_tokens": LONGEST,
        "do_sample": False,
        "use_cache": False,
        "pad_token_id": pad,
        "eos_token_id": end,
    }
    given = torch.tensor([source])
    greedy = model.generate(given, **common)[0]
    beams = model.generate(
        given,
        num_beams=BEAMS,
        num_return_sequences=BEAMS,
        return_dict_in_generate=True,
        output_scores=True,
        **common,
    )

    def written(row):
        row = row.tolist()[begin(source) :]
        return row[: row.index(end) + 1] if end in row else row

    # Rows without an end may have padding too, where another beam is longer; a finished beam ends at the longest.
    for row in beams.sequences:
        assert end in row.tolist()[begin(source) :] or len(written(row)) == LONGEST, row
    return {
        "source": source,
        "end": end,
        "greedy": written(greedy),
        "beams": [written(row) for row in beams.sequences],
        "scores": beams.sequences_scores,
    }


def written_with(model, texts, begin, pad, end):
    """With the end that the model has, and with a token as the end that it writes often."""
    cases = [generated(model, text, begin, pad, model.config.eos_token_id) for text in texts]
    early = [generated(model, text, begin, pad, end) for text in texts]
    lengths = {len(beam) for case in early for beam in case["beams"]}
    assert min(lengths) < LONGEST <= max(lengths), lengths
    return cases + early


def likelihood(logits, labels):
    """Sum of the log-probabilities of the labels, [rows]."""
    chosen = torch.log_softmax(logits, -1).gather(2, labels.clamp(min=0)[:, :, None])[:, :, 0]
    return (chosen * (labels >= 0)).sum(1)


def t5(folder, often):
    model = T5ForConditionalGeneration.from_pretrained(folder).eval()
    texts = sources(2, 37, 100)
    end = model.config.eos_token_id
    cases = written_with(model, texts, lambda source: 1, model.config.pad_token_id, often)
    tokens, mask = padded(texts, 0)
    labels = ignoring([target + [end] for target in TARGETS])
    loss = model(input_ids=tokens, attention_mask=mask, labels=labels).loss
    words = []
    for word in WORDS:
        label = torch.tensor([word + [end]] * len(texts))
        words.append(likelihood(model(input_ids=tokens, attention_mask=mask, labels=label).logits, label))
    return {"cases": cases, "targets": TARGETS, "loss": loss, "words": WORDS, "scores": torch.stack(words, 1)}


def llama(folder):
    model = LlamaForCausalLM.from_pretrained(folder).eval()
    texts = sources(3, 45, 200)
    end = model.config.eos_token_id
    cases = written_with(model, texts, len, 0, 22)

    def joined(targets):
        tokens, mask = padded([text + target + [end] for text, target in zip(texts, targets)], 0)
        labels = ignoring([[-100] * len(text) + target + [end] for text, target in zip(texts, targets)])
        return model(input_ids=tokens, attention_mask=mask, labels=labels), labels

    loss = joined(TARGETS)[0].loss
    words = []
    for word in WORDS:
        out, labels = joined([word] * len(texts))
        words.append(likelihood(out.logits[:, :-1], labels[:, 1:]))
    return {"cases": cases, "targets": TARGETS, "loss": loss, "words": WORDS, "scores": torch.stack(words, 1)}


def bert(folder):
    """The scores of three words at a mask, token 4."""
    model = BertForMaskedLM.from_pretrained(folder).eval()
    texts = [ids(1, length, 5, 41, 300 + i)[0].tolist() for i, length in enumerate([9, 2, 6])]
    for text, place in zip(texts, [3, 1, 5]):
        text[place] = 4
    tokens, mask = padded(texts, 0)
    logits = model(input_ids=tokens, attention_mask=mask).logits
    rows = torch.stack([logits[i, place] for i, place in enumerate([3, 1, 5])])
    words = [7, 21, 33]
    classes = torch.tensor([2, 0, 1])
    scores = rows[:, words]
    loss = torch.nn.functional.cross_entropy(scores, classes)
    return {"sources": texts, "mask": 4, "words": words, "classes": classes, "scores": scores, "loss": loss}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", type=pathlib.Path)
    models = parser.parse_args().models
    with torch.no_grad():
        made = {"t5-v1_0": t5(models / "t5-v1_0", 19), "t5-v1_1": t5(models / "t5-v1_1", 4)}
        made |= {"llama": llama(models / "llama"), "bert": bert(models / "bert")}
    for name, expected in made.items():
        (models / name / "writing.json").write_text(json.dumps(numbers(expected)) + "\n")


if __name__ == "__main__":
    main()
