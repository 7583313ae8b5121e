"""The same trainings in PyTorch and Transformers, on the same token rows, for side-by-side figures.

Never part of the build. Usage:
    python twin.py ROWS WEIGHTS --train 2000 --test 2000 --seeds 1 2 3
ROWS holds train.jsonl and test.jsonl as `tokenize` writes them; WEIGHTS is the safetensors file in Fewtune's cache.
"""
import argparse
import json
import math
import time

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import BertConfig, BertModel

RATES = {"head-only": 1e-2, "prompt-tuning": 3e-2, "bitfit": 1e-2, "lora": 5e-3, "houlsby": 6e-3, "full": 5e-4}
SITES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attention_output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "intermediate": "intermediate.dense",
    "output": "output.dense",
    "output_norm": "output.LayerNorm",
}
ONCE = {
    "encoder.tokens.weight": "embeddings.word_embeddings.weight",
    "encoder.positions.weight": "embeddings.position_embeddings.weight",
    "encoder.types.weight": "embeddings.token_type_embeddings.weight",
    "encoder.embedding_norm.scale": "embeddings.LayerNorm.weight",
    "encoder.embedding_norm.bias": "embeddings.LayerNorm.bias",
}


def pretrained(path):
    """Fewtune keeps weights as [in, out] under its own names."""
    state = {}
    for name, tensor in load_file(path).items():
        if name in ONCE:
            state[ONCE[name]] = tensor
            continue
        _, layer, site, kind = name.split(".")
        turned = tensor.T.contiguous() if kind == "weight" else tensor
        state[f"encoder.layer.{layer}.{SITES[site]}.{'weight' if kind == 'scale' else kind}"] = turned
    return state


def rows(path, limit):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][: limit or None]


class Lora(nn.Module):
    def __init__(self, base, rank=8, alpha=16):
        super().__init__()
        self.base, self.scale = base, alpha / rank
        self.a = nn.Parameter(torch.empty(rank, base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.a.T @ self.b.T)


class Bottleneck(nn.Module):
    def __init__(self, output, width=48):
        super().__init__()
        self.dense, self.dropout, self.LayerNorm = output.dense, output.dropout, output.LayerNorm
        d = output.dense.out_features
        self.down, self.up = nn.Linear(d, width), nn.Linear(width, d)
        for layer in (self.down, self.up):
            nn.init.trunc_normal_(layer.weight, std=1e-3, a=-2e-3, b=2e-3)
            nn.init.zeros_(layer.bias)

    def forward(self, hidden, residual):
        x = self.dropout(self.dense(hidden))
        x = x + self.up(nn.functional.gelu(self.down(x)))
        return self.LayerNorm(x + residual)


class Classifier(nn.Module):
    def __init__(self, weights, method, classes):
        super().__init__()
        config = BertConfig(
            hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, vocab_size=30522
        )
        self.bert = BertModel(config, add_pooling_layer=False)
        missing, _ = self.bert.load_state_dict(pretrained(weights), strict=False)
        assert not [name for name in missing if "position_ids" not in name], missing
        self.method, self.drop, self.head = method, nn.Dropout(0.1), nn.Linear(384, classes)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        for name, parameter in self.bert.named_parameters():
            parameter.requires_grad = method == "full" or (method == "bitfit" and name.endswith("bias"))
        self.prompt = None
        if method == "prompt-tuning":
            table = self.bert.embeddings.word_embeddings.weight
            self.prompt = nn.Parameter(table[torch.randperm(5000)[:20]].detach().clone())
        for layer in self.bert.encoder.layer:
            if method == "lora":
                attention = layer.attention.self
                attention.query, attention.value = Lora(attention.query), Lora(attention.value)
            if method == "houlsby":
                layer.attention.output = Bottleneck(layer.attention.output)
                layer.output = Bottleneck(layer.output)
                for norm in (layer.attention.output.LayerNorm, layer.output.LayerNorm):
                    norm.requires_grad_(True)

    def forward(self, ids, mask):
        words, length = self.bert.embeddings.word_embeddings(ids), 0
        whole = mask
        if self.prompt is not None:
            length = self.prompt.shape[0]
            words = torch.cat([self.prompt.expand(len(ids), -1, -1), words], 1)
            whole = torch.cat([torch.ones(len(ids), length, dtype=mask.dtype), mask], 1)
        states = self.bert(inputs_embeds=words, attention_mask=whole).last_hidden_state[:, length:]
        weights = mask.unsqueeze(-1).float()
        return self.head(self.drop((states * weights).sum(1) / weights.sum(1)))


def batch(picked):
    longest = (max(len(row["ids"]) for row in picked) + 7) // 8 * 8
    ids = torch.zeros(len(picked), longest, dtype=torch.long)
    mask = torch.zeros(len(picked), longest, dtype=torch.long)
    for i, row in enumerate(picked):
        ids[i, : len(row["ids"])] = torch.tensor(row["ids"])
        mask[i, : len(row["ids"])] = 1
    return ids, mask, torch.tensor([int(row["target"]) for row in picked])


def run(train, test, weights, method, seed, rate, epochs, size=32):
    torch.manual_seed(seed)
    classes = 1 + max(int(row["target"]) for row in train + test)
    model = Classifier(weights, method, classes)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decays = [p for p in trained if p.dim() > 1]
    plain = [p for p in trained if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decays, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate
    )
    steps = epochs * math.ceil(len(train) / size)
    warm = max(1, round(0.1 * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / max(1, steps - warm)))
    )
    start = time.time()
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(train)).tolist()
        window = size * 50
        order = [
            i
            for at in range(0, len(order), window)
            for i in sorted(order[at : at + window], key=lambda i: len(train[i]["ids"]))
        ]
        batches = [order[at : at + size] for at in range(0, len(order), size)]
        for position in torch.randperm(len(batches)).tolist():
            ids, mask, targets = batch([train[i] for i in batches[position]])
            loss = nn.functional.cross_entropy(model(ids, mask), targets)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
    seconds = time.time() - start
    model.eval()
    right = 0
    with torch.no_grad():
        for at in range(0, len(test), 64):
            ids, mask, targets = batch(test[at : at + 64])
            right += (model(ids, mask).argmax(-1) == targets).sum().item()
    return right / len(test), seconds, sum(p.numel() for p in trained)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("weights")
    parser.add_argument("--methods", nargs="*", default=list(RATES))
    parser.add_argument("--train", type=int, default=0)
    parser.add_argument("--test", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--rate", type=float)
    given = parser.parse_args()
    torch.set_num_threads(2)
    train, test = rows(given.rows + "/train.jsonl", given.train), rows(given.rows + "/test.jsonl", given.test)
    for method in given.methods:
        for seed in given.seeds:
            rate = given.rate or RATES[method]
            score, seconds, count = run(train, test, given.weights, method, seed, rate, given.epochs)
            print(f"{method:14s} seed {seed} lr {rate:g}: {score:.4f}  {seconds:6.1f} s  {count:,} trained", flush=True)


main()
