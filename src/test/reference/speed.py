"""The same work in PyTorch, Transformers and PEFT as in StepSpeed, on the same shapes.

Never part of the build; StepSpeed calls it. Usage:
    python speed.py T5 ROWS OUT
T5 is the folder of a T5, ROWS a file of token rows, OUT the JSON file that is written.
"""
import json
import statistics
import sys
import tempfile
import time

import torch
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    T5ForConditionalGeneration,
    Trainer,
    TrainingArguments,
)

ROWS, SOURCE, PROMPT, TARGET, WRITTEN, STEPS = 16, 128, 100, 8, 64, 8
T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = lambda self, *a, **k: {}


def texts():
    made = torch.Generator().manual_seed(1)
    source = torch.randint(2, 32_000, (ROWS, SOURCE), generator=made)
    return source, torch.ones_like(source), torch.randint(2, 32_000, (ROWS, TARGET), generator=made)


def prompt_tuning(folder, dtype):
    model = T5ForConditionalGeneration.from_pretrained(folder, dtype=dtype)
    config = PromptTuningConfig(task_type="SEQ_2_SEQ_LM", num_virtual_tokens=PROMPT, num_transformer_submodules=1)
    model = get_peft_model(model, config).train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.3)
    source, mask, labels = texts()
    took = []
    for step in range(3 + STEPS):
        began = time.perf_counter()
        model(input_ids=source, attention_mask=mask, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        took.append(time.perf_counter() - began)
    return 1 / statistics.median(took[3:])


def writing(folder):
    model = T5ForConditionalGeneration.from_pretrained(folder).eval()
    source, _, _ = texts()
    source = torch.cat([torch.randint(2, 32_000, (ROWS, PROMPT)), source], 1)
    mask = torch.ones_like(source)

    def write():
        return model.generate(input_ids=source, attention_mask=mask, max_new_tokens=WRITTEN, do_sample=False)

    write()
    began = time.perf_counter()
    written = write()
    ends = [(row[1:] == 1).nonzero() for row in written]
    tokens = sum(int(end[0]) + 1 if len(end) else written.shape[1] - 1 for end in ends)
    return tokens / (time.perf_counter() - began)


class Rows(torch.utils.data.Dataset):
    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            self.rows = [json.loads(line) for line in lines]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


def padded(rows):
    longest = max(len(row["ids"]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row["ids"])] = torch.tensor(row["ids"])
    return {
        "input_ids": ids,
        "attention_mask": (ids > 0).long(),
        "labels": torch.tensor([row["target"] for row in rows]),
    }


def lora(path):
    """As users run it: Trainer's defaults, dynamic padding."""
    config = BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, num_labels=24
    )
    model = BertForSequenceClassification(config)
    model = get_peft_model(
        model, LoraConfig(task_type="SEQ_CLS", r=8, lora_alpha=16, target_modules=["query", "value"])
    )
    rows = Rows(path)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=1,
            per_device_train_batch_size=32,
            learning_rate=5e-3,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            remove_unused_columns=False,
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=rows, data_collator=padded)
        began = time.perf_counter()
        trainer.train()
        return len(rows) / (time.perf_counter() - began)


def main():
    t5, rows, out = sys.argv[1:]
    torch.set_num_threads(2)
    figures = {
        "prompt tuning, T5-small, f32: steps/s": prompt_tuning(t5, torch.float32),
        "prompt tuning, T5-small, bf16: steps/s": prompt_tuning(t5, torch.bfloat16),
        "greedy writing, T5-small: tokens/s": writing(t5),
        "LoRA epoch, MiniLM, WordNet lengths: examples/s": lora(rows),
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(figures, file)


main()
