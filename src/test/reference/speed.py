"""The same work in PyTorch, Transformers and PEFT as in StepSpeed, on the same shapes.

Never part of the build; StepSpeed calls it. Usage:
    python speed.py work T5 ROWS    reads the names of works, one a line, and answers each when it is done
    python speed.py peak T5         prompt tuning for three steps; answers with the largest resident set
T5 is the folder of a T5, ROWS a file of token rows. An answer is one line: ANSWER [[name, value, cpu seconds], ...].
"""
import json
import os
import re
import statistics
import sys
import tempfile
import time

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    T5ForConditionalGeneration,
    Trainer,
    TrainingArguments,
)

ROWS, SOURCE, PROMPT, TARGET, WRITTEN, STEPS, WARM = 16, 128, 100, 8, 64, 4, 3
TUNING_F32 = "prompt tuning, T5-small, f32: steps/s"
TUNING_BF16 = "prompt tuning, T5-small, bf16: steps/s"
WRITING = "greedy writing, T5-small: tokens/s"
LORA = "LoRA, MiniLM"
LORA_CALL = "LoRA, MiniLM, WordNet lengths, whole call: examples/s"
LORA_STEPS = "LoRA, MiniLM, WordNet lengths, as reported: examples/s"
# PEFT looks for a method that Transformers no longer has, and needs it only for generation.
T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = lambda self, *a, **k: {}


def texts():
    made = torch.Generator().manual_seed(1)
    source = torch.randint(2, 32_000, (ROWS, SOURCE), generator=made)
    return source, torch.ones_like(source), torch.randint(2, 32_000, (ROWS, TARGET), generator=made)


class PromptTuning:
    def __init__(self, folder, dtype):
        model = T5ForConditionalGeneration.from_pretrained(folder, dtype=dtype)
        config = PromptTuningConfig(task_type="SEQ_2_SEQ_LM", num_virtual_tokens=PROMPT, num_transformer_submodules=1)
        self.model = get_peft_model(model, config).train()
        self.optimizer = torch.optim.AdamW([p for p in self.model.parameters() if p.requires_grad], lr=0.3)
        self.texts = texts()

    def step(self):
        source, mask, labels = self.texts
        self.model(input_ids=source, attention_mask=mask, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()

    def figures(self, name, count):
        took = []
        cpu = time.process_time()
        for _ in range(count):
            began = time.perf_counter()
            self.step()
            took.append(time.perf_counter() - began)
        return [[name, 1 / statistics.median(took), (time.process_time() - cpu) / count]]


class Writing:
    def __init__(self, folder):
        self.model = T5ForConditionalGeneration.from_pretrained(folder).eval()
        source, _, _ = texts()
        made = torch.Generator().manual_seed(2)
        self.source = torch.cat([torch.randint(2, 32_000, (ROWS, PROMPT), generator=made), source], 1)

    def figures(self):
        mask = torch.ones_like(self.source)
        cpu = time.process_time()
        began = time.perf_counter()
        written = self.model.generate(
            input_ids=self.source, attention_mask=mask, max_new_tokens=WRITTEN, do_sample=False
        )
        seconds = time.perf_counter() - began
        ends = [(row[1:] == 1).nonzero() for row in written]
        tokens = sum(int(end[0]) + 1 if len(end) else written.shape[1] - 1 for end in ends)
        return [[WRITING, tokens / seconds, (time.process_time() - cpu) / tokens]]


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
    """As users run it: Trainer's defaults, dynamic padding. Not timed: making the model, and reading the rows."""
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
        cpu = time.process_time()
        began = time.perf_counter()
        trainer = Trainer(model=model, args=arguments, train_dataset=rows, data_collator=padded)
        said = trainer.train()
        seconds = time.perf_counter() - began
        return [
            [LORA_CALL, len(rows) / seconds, (time.process_time() - cpu) / len(rows)],
            [LORA_STEPS, said.metrics["train_samples_per_second"], 0],
        ]


class Works:
    def __init__(self, folder, rows):
        self.folder, self.rows, self.made = folder, rows, {}

    def kept(self, name, make):
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def figures(self, name, warm):
        if name in (TUNING_F32, TUNING_BF16):
            dtype = torch.float32 if name == TUNING_F32 else torch.bfloat16
            work = self.kept(name, lambda: PromptTuning(self.folder, dtype))
            return work.figures(name, WARM if warm else STEPS)
        if name == WRITING:
            return self.kept(name, lambda: Writing(self.folder)).figures()
        return [] if warm else lora(self.rows)


def answer(figures):
    print("ANSWER " + json.dumps(figures), flush=True)


def work(folder, rows):
    works = Works(folder, rows)
    for line in sys.stdin:
        name = line.strip()
        warm = name.startswith("warm up ")
        answer(works.figures(name.removeprefix("warm up "), warm))


def peak(folder):
    tuning = PromptTuning(folder, torch.float32)
    for _ in range(3):
        tuning.step()
    with open("/proc/self/status", encoding="ascii") as status:
        kilobytes = int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])
    answer([["peak", kilobytes * 1024, 0]])


torch.set_num_threads(os.cpu_count())
{"work": work, "peak": peak}[sys.argv[1]](*sys.argv[2:])
